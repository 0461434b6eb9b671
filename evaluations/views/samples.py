"""Some battles, to read: only what gives nothing away and may be public."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.text import Truncator

from evaluations.dumps.selection import publishable_votes
from evaluations.models import (
    Battle,
    BattleTurn,
    Contestant,
    Prompt,
    Report,
    Volunteer,
    Vote,
)

MOST, LOOKED_AT = 3, 300
PROMPT_LETTERS, ANSWER_LETTERS = 400, 500
# The verdict from the side of x, by the side that was shown left.
EXCHANGED = {"a": "b", "b": "a"}


@dataclass(frozen=True)
class Sample:
    """A battle's first turn, the beginnings of both answers, and what people said."""

    prompt: str
    language: str
    category: str
    further_turns: int
    own: Contestant
    opponent: Contestant
    own_answer: str
    other_answer: str
    won: int
    lost: int
    ties: int
    both_bad: int

    @property
    def votes(self) -> int:
        return self.won + self.lost + self.ties + self.both_bad


def samples(contestant: Contestant, volunteer: Volunteer | None) -> list[Sample]:
    """The newest few of a model, seen from its side."""
    own = Q(contestant_x=contestant) | Q(contestant_y=contestant)
    return _samples(own, volunteer, contestant)


def samples_on(prompt: Prompt, volunteer: Volunteer | None) -> list[Sample]:
    """The newest few on a prompt."""
    return _samples(Q(prompt=prompt), volunteer)


def _samples(
    among: Q, volunteer: Volunteer | None, contestant: Contestant | None = None
) -> list[Sample]:
    """The newest few that a dump would hold, if this volunteer may know the names.

    They may where nobody can judge the battle any more, nor any other with one of its
    answers; or where they have judged it. At most three queries.
    """
    known = _known_to(volunteer)
    votes = _public_votes()
    battles = (
        Battle.objects.filter(pk__in=_candidates(among, known).values("pk"))
        .filter(Exists(votes.filter(battle=OuterRef("pk"))))
        .filter(known | ~Q(Exists(_giving_away())))
        .select_related("prompt", "contestant_x", "contestant_y")
        .defer("contestant_x__key_token", "contestant_y__key_token")
        .order_by("-pk")[:MOST]
    )
    shown = {battle.pk: battle for battle in battles}
    if not shown:
        return []
    verdicts = _verdicts(votes.filter(battle__in=shown))
    turns = BattleTurn.objects.filter(battle__in=shown, number=1).select_related(
        "answer_x", "answer_y"
    )
    first = {turn.battle_id: turn for turn in turns}
    return [
        _sample(battle, first[key], contestant or battle.contestant_x, verdicts[key])
        for key, battle in shown.items()
    ]


def _candidates(among: Q, known: Q) -> QuerySet[Battle]:
    """The newest that take no vote any more or are known, and whose hold is over.

    What is dear to find out is then asked of these alone, however many there are.
    """
    full = Q(judgements__gte=F("judgements_wanted"))
    hold = timedelta(days=settings.ARENA_DUMP_HOLD_DAYS)
    old = Q(origin=Battle.Origin.IMPORT) | Q(opened_at__lte=Now() - hold)
    return (
        Battle.objects.ready()
        .filter(among)
        .filter(full | known, old)
        .exclude(mode=Battle.Mode.CONTROL)
        .order_by("-pk")[:LOOKED_AT]
    )


def _known_to(volunteer: Volunteer | None) -> Q:
    """Whether the volunteer has judged it, and so knows the names."""
    if volunteer is None:
        return Q(pk=None)
    own = Vote.objects.spent().filter(volunteer=volunteer)
    return Q(pk__in=own.values("battle"))


def _public_votes() -> QuerySet[Vote]:
    """Votes on battles of approved prompts, of which nobody has complained."""
    complaints = Report.objects.filter(battle=OuterRef("battle")).exclude(
        state=Report.State.DISMISSED
    )
    return publishable_votes().filter(
        ~Exists(complaints), battle__prompt__state=Prompt.State.APPROVED
    )


def _giving_away() -> QuerySet[BattleTurn]:
    """Turns of a battle with an answer that stands in one that takes votes."""
    sides = ("answer_x", "answer_y")
    shared = Q(pk=None)
    for own in sides:
        for other in sides:
            shared |= Q(**{own: OuterRef(other)})
    still_open = BattleTurn.objects.filter(
        shared,
        battle__state__in=(Battle.State.READY, Battle.State.WAITING),
        battle__withdrawn_at__isnull=True,
        battle__judgements__lt=F("battle__judgements_wanted"),
        # A repeat is for somebody who has seen the names.
        battle__only_for__isnull=True,
    )
    return BattleTurn.objects.filter(Exists(still_open), battle=OuterRef("pk"))


def _verdicts(votes: QuerySet[Vote]) -> dict[int, Counter[str]]:
    """By battle: how often a (that is x), b, tie and both_bad."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for battle, verdict, left in votes.values_list("battle", "verdict", "left"):
        is_mirrored = left == Vote.Side.Y
        found[battle][EXCHANGED.get(verdict, verdict) if is_mirrored else verdict] += 1
    return found


def _sample(
    battle: Battle, turn: BattleTurn, contestant: Contestant, said: Counter[str]
) -> Sample:
    """One battle as seen from the side of this contestant."""
    is_x = battle.contestant_x_id == contestant.pk
    own, other = turn.answer_x, turn.answer_y
    return Sample(
        prompt=_beginning(battle.prompt.turns[0], PROMPT_LETTERS),
        language=battle.prompt.language,
        category=battle.prompt.category,
        further_turns=len(battle.prompt.turns) - 1,
        own=battle.contestant_x if is_x else battle.contestant_y,
        opponent=battle.contestant_y if is_x else battle.contestant_x,
        own_answer=_beginning((own if is_x else other).text, ANSWER_LETTERS),
        other_answer=_beginning((other if is_x else own).text, ANSWER_LETTERS),
        won=said["a" if is_x else "b"],
        lost=said["b" if is_x else "a"],
        ties=said["tie"],
        both_bad=said["both_bad"],
    )


def _beginning(text: str, letters: int) -> str:
    without_gaps = re.sub(r"\n\s*\n", "\n", text.strip())
    return Truncator(without_gaps).chars(letters)
