"""What battles are drawn from, read once for many draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from time import monotonic

import numpy as np
from django.conf import settings
from django.db.models import Count, Q

from evaluations.matchmaking.guarantee import Guarantee
from evaluations.matchmaking.pairs import Chances, DrawnPair, draw_due_first
from evaluations.matchmaking.prompts import DrawnPrompt, PromptPool, PromptRow
from evaluations.matchmaking.standings import (
    Roots,
    Table,
    chances_of,
    family_sizes,
    newest_table,
    roots_of,
)
from evaluations.models import Answer, Battle, Contestant, Prompt, PromptSet
from evaluations.models.battles import BattleQuerySet
from evaluations.rating.tallies import Booleans

Pair = tuple[int, int]
RULE = "newcomer"
# The rule written down with the pair of a volunteer's own question.
AVAILABLE = "available"
# That of draws on prompts of a set that a volunteer chose.
CHOSEN_SET = "chosen_set"
# Weights stand on a table no older than this, or with no more new votes since.
STALE_SECONDS, NEW_VOTES = 60.0, 0.05
# So often a long row of draws looks whether there are more votes.
LOOK_SECONDS = 1.0


@dataclass
class Stock:
    """Contestants, their chances and what they are due, prompts, and past failures."""

    playing: Sequence[Contestant]
    chances: Chances
    guarantee: Guarantee
    prompts: PromptPool
    # Of contestants that failed on prompts: which ones.
    failed: dict[int, Booleans]
    table: Table
    read_at: float
    looked_at: float

    def draw_pair(self, random: Random) -> DrawnPair | None:
        return draw_due_first(self.chances, self.guarantee, random)

    def draw_pair_with(self, contestant: int, random: Random) -> DrawnPair | None:
        """A pair with this one, out of turn."""
        places = [n for n, one in enumerate(self.playing) if one.pk == contestant]
        drawn = None
        if places:
            drawn = self.chances.pair_with(np.array(places), random)
        if drawn:
            self.guarantee.record(drawn.i, drawn.j)
        return drawn

    def draw_prompt(self, pair: Pair, random: Random) -> DrawnPrompt:
        """An approved prompt that neither of the pair failed on."""
        return self.prompts.draw(random, closed=self._closed(pair), met=_met(pair))

    def _closed(self, pair: Pair) -> Booleans | None:
        closed = [self.failed[one] for one in pair if one in self.failed]
        return np.logical_or.reduce(closed) if closed else None

    def is_stale(self) -> bool:
        """Whether weights must be taken anew: after a minute, or 5 % new votes."""
        now = monotonic()
        if now - self.read_at >= STALE_SECONDS:
            return True
        if now - self.looked_at < LOOK_SECONDS:
            return False
        self.looked_at = now
        votes = self.table.votes
        return newest_table().votes > max(votes, 1) * (1 + NEW_VOTES)


def read_stock(*, rule: str = RULE, prompt_set: PromptSet | None = None) -> Stock:
    """What is there now; of the prompts those of one set alone where it is named."""
    playing = list(Contestant.objects.playing().order_by("pk"))
    table, now = newest_table(), monotonic()
    prompts = PromptPool(
        _prompt_rows(prompt_set),
        categories=settings.ARENA_CATEGORY_SHARES,
        languages=settings.ARENA_LANGUAGE_SHARES,
    )
    failed = _failed(prompts)
    # The chances of pairs without a prompt fall to the others.
    roots = roots_of((one.pk, one.variant_of_id) for one in playing)
    chances = chances_of(roots, rule=rule, table=table).where(
        _can_meet(playing, prompts, failed)
    )
    return Stock(
        playing=playing,
        chances=chances,
        guarantee=read_guarantee(roots, chances, mode=Battle.Mode.QUEUE),
        prompts=prompts,
        failed=failed,
        table=table,
        read_at=now,
        looked_at=now,
    )


def _prompt_rows(prompt_set: PromptSet | None) -> list[PromptRow]:
    """Approved prompts, but for those of sets that were taken out of the queue.

    A near duplicate has the wording of the first of its group.
    """
    drawn = Prompt.objects.queued(of=prompt_set)
    rows = drawn.order_by("pk").values_list(
        *("pk", "first_digest", "wording", "categories__0", "language", "drawn_at"),
        *("prompt_set__queue_weight", "near__wording"),
    )
    return [
        PromptRow(
            *(pk, digest, near or words, category or ""),
            *(language, drawn_at is None, weight),
        )
        for pk, digest, words, category, language, drawn_at, weight, near in rows
    ]


def _failed(prompts: PromptPool) -> dict[int, Booleans]:
    """Of active contestants: which prompts they failed on."""
    # An answer that names its model is as useless as none.
    useless = Q(state=Answer.State.FAILED) | ~Q(leak="")
    failures = Answer.objects.for_queue().filter(
        useless, contestant__state=Contestant.State.ACTIVE, replicate=0
    )
    digests: dict[int, set[str]] = {}
    for contestant, digest in failures.values_list("contestant", "messages_digest"):
        digests.setdefault(contestant, set()).add(digest)
    places = ((pk, prompts.places_of(found)) for pk, found in digests.items())
    return {pk: mask for pk, mask in places if mask.any()}


def _can_meet(
    playing: Sequence[Contestant], prompts: PromptPool, failed: dict[int, Booleans]
) -> Booleans:
    """(n, n) mask of the pairs that have a prompt which neither failed on."""
    open_ = np.ones((len(playing), len(prompts)), dtype=np.float32)
    for number, contestant in enumerate(playing):
        if contestant.pk in failed:
            open_[number, failed[contestant.pk]] = 0
    if not failed:
        # All alike.
        open_ = open_[:, :1]
    shared: Booleans = open_ @ open_.T > 0
    return shared


def read_guarantee(roots: Roots, chances: Chances, *, mode: Battle.Mode) -> Guarantee:
    """What everyone is due in this mode, after the draws written down so far."""
    guarantee = Guarantee(
        share=settings.ARENA_GUARANTEED_SHARE,
        family=family_sizes(roots),
        able=chances.able(),
    )
    place = {pk: number for number, pk in enumerate(roots)}
    past = queue_draws if mode == Battle.Mode.QUEUE else live_draws
    for pair in reversed(past(guarantee.horizon)):
        guarantee.record(*(place[one] for one in pair if one in place))
    return guarantee


def queue_draws(number: int) -> list[Pair]:
    """The last so many draws of the queue, the newest first."""
    drawn = Battle.objects.filter(origin=Battle.Origin.DRAW, mode=Battle.Mode.QUEUE)
    # Approved live questions were not drawn for the queue.
    return _newest(drawn.exclude(draw_rule=AVAILABLE), number)


def live_draws(number: int) -> list[Pair]:
    """The last so many draws for volunteers' own questions, the newest first."""
    drawn = Battle.objects.filter(origin=Battle.Origin.DRAW, mode=Battle.Mode.LIVE)
    return _newest(drawn, number)


def _newest(drawn: BattleQuerySet, number: int) -> list[Pair]:
    sides = drawn.order_by("-pk").values_list("contestant_x", "contestant_y")
    return list(sides[:number])


def _met(pair: Pair) -> dict[int, int]:
    """How often this pair has met on a prompt."""
    battles = Battle.objects.filter(contestant_x__in=pair, contestant_y__in=pair)
    # A model that met itself met nobody, and a repeat is no meeting anew.
    battles = battles.exclude(mode=Battle.Mode.CONTROL)
    return dict(battles.values_list("prompt").annotate(Count("pk")))
