"""What a visitor sees of a battle before the vote: nothing that names a contestant."""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q

from evaluations import enqueue
from evaluations.battles.controls import is_repeat_due, open_repeat
from evaluations.battles.queue import fill_set
from evaluations.models import Battle, LiveBattle, PromptSet, Report, Skip, Vote
from evaluations.models.battles import BattleQuerySet
from evaluations.reservations import held_by, pass_by, passed_by, release, reserve
from evaluations.volunteers import Visitor, left_side
from evaluations.voting import BadVote, BattleFailed, find_battle

# How many are looked at before the queue is called empty for somebody.
CANDIDATES = 40
COMMENT_LENGTH = 500


@dataclass(frozen=True)
class BallotTurn:
    prompt: str
    html_a: str
    html_b: str


@dataclass(frozen=True)
class Ballot:
    """All that a visitor may learn of a battle before the vote."""

    public_id: UUID
    left: str
    category: str
    language: str
    turns: tuple[BallotTurn, ...]
    ready: bool


def offer(
    *,
    visitor: Visitor,
    avoiding: Collection[UUID] = (),
    prompt_set: PromptSet | None = None,
    reserving: bool = True,
) -> Ballot | None:
    """Reserve the next battle for a visitor; None where nothing is left to judge.

    Of a set that the visitor chose, battles are opened where none is left. Without
    reserving one is only shown: a page that everybody opens must not use the queue up.
    """
    found = _next(visitor, avoiding, prompt_set, reserving=reserving)
    if found is None and prompt_set is not None and fill_set(prompt_set=prompt_set):
        found = _next(visitor, avoiding, prompt_set, reserving=reserving)
    if found is None:
        enqueue.on_commit("fill_queue")
        return None
    return ballot(visitor=visitor, battle_id=found)


def _next(
    visitor: Visitor,
    avoiding: Collection[UUID],
    prompt_set: PromptSet | None,
    *,
    reserving: bool,
) -> UUID | None:
    token, held = visitor.token, held_by(token=visitor.token)
    for battle_id in _in_order(visitor, avoiding, prompt_set, repeating=reserving):
        if not reserving:
            return battle_id
        if reserve(token=token, battle_id=battle_id):
            if battle_id != held:
                _count_view(battle_id)
            if prompt_set and held and held not in (battle_id, *avoiding):
                # Going from set to set must not use the queue up.
                release(token=token, battle_id=held)
            return battle_id
    return None


def _count_view(battle_id: UUID) -> None:
    Battle.objects.filter(public_id=battle_id).update(shown=F("shown") + 1)


def _in_order(
    visitor: Visitor,
    avoiding: Collection[UUID],
    prompt_set: PromptSet | None,
    *,
    repeating: bool,
) -> Iterator[UUID]:
    """The pair that the visitor has open, then by chance a repeat, then the queue.

    What is read does not depend on whether a repeat comes: nor does the time it takes.
    """
    seen = set(avoiding) | passed_by(token=visitor.token)
    offered = Battle.objects.offered().on_set(prompt_set)
    repeated = Battle.objects.repeated_for(visitor.volunteer).on_set(prompt_set)
    yield from _held(visitor, _open_to(visitor, offered | repeated, seen))
    candidates = _candidates(_open_to(visitor, offered, seen))
    first = next(candidates, None)
    if first is None:
        return
    # Only in the place of another pair: after an empty queue it would be told apart.
    if repeating and visitor.volunteer is not None and settings.ARENA_REPEAT_SHARE:
        yield from _repeats(visitor, _open_to(visitor, repeated, seen), prompt_set)
    yield first
    yield from candidates


def _repeats(
    visitor: Visitor, repeated: BattleQuerySet, prompt_set: PromptSet | None
) -> list[UUID]:
    """The repeat kept ready for the visitor, if chance will have it now.

    Opened ahead, and at a time that has nothing to do with when it is shown.
    """
    ready = _ids(repeated)
    if not ready:
        open_repeat(visitor=visitor, prompt_set=prompt_set)
    return ready if is_repeat_due() else []


def _open_to(
    visitor: Visitor, battles: BattleQuerySet, seen: Collection[UUID]
) -> BattleQuerySet:
    """Battles that the visitor has neither judged, nor passed by, nor asked for."""
    unseen = battles.exclude(public_id__in=seen)
    if visitor.volunteer is None:
        return unseen
    # Looked up for each of the few battles: somebody may have judged thousands.
    mine, this = Q(volunteer=visitor.volunteer), Q(battle=OuterRef("pk"))
    asked = LiveBattle.objects.filter(mine, battle__prompt=OuterRef("prompt"))
    return unseen.filter(
        ~Exists(Vote.objects.spent().filter(mine, this)),
        ~Exists(Skip.objects.filter(mine, this)),
        ~Exists(asked),
    )


def _held(visitor: Visitor, open_to: BattleQuerySet) -> list[UUID]:
    """The pair reserved last: who reloads the page must not use the queue up."""
    held = held_by(token=visitor.token)
    return _ids(open_to.filter(public_id=held)) if held else []


def _candidates(open_to: BattleQuerySet) -> Iterator[UUID]:
    """Battles in random order, by chance imported ones first or fresh ones."""
    origins = [Battle.Origin.DRAW, Battle.Origin.IMPORT]
    if random.random() < settings.ARENA_IMPORTED_SHARE:  # noqa: S311
        origins.reverse()
    for origin in origins:
        of_origin = open_to.filter(origin=origin)
        start = random.random()  # noqa: S311
        yield from _ids(of_origin.filter(shuffle__gte=start))
        yield from _ids(of_origin.filter(shuffle__lt=start))


def _ids(battles: BattleQuerySet) -> list[UUID]:
    ids = battles.order_by("shuffle").values_list("public_id", flat=True)
    return list(ids[:CANDIDATES])


def ballot(*, visitor: Visitor, battle_id: UUID) -> Ballot:
    """What the visitor sees of a battle; nothing in it hints at a contestant."""
    battle = find_battle(battle_id, visitor=visitor)
    if battle.state == Battle.State.FAILED:
        raise BattleFailed
    left = left_side(token=visitor.token, battle_id=battle.public_id)
    ready = battle.state == Battle.State.READY
    return Ballot(
        public_id=battle.public_id,
        left=left,
        category=battle.prompt.category,
        language=battle.prompt.language,
        turns=_ballot_turns(battle, left) if ready else (),
        ready=ready,
    )


def _ballot_turns(battle: Battle, left: str) -> tuple[BallotTurn, ...]:
    turns = battle.turns.select_related("answer_x", "answer_y")
    made = []
    for turn, prompt in zip(turns, battle.prompt.turns, strict=False):
        shown = [turn.answer_x.html, turn.answer_y.html]
        html_a, html_b = shown if left == Vote.Side.X else reversed(shown)
        made.append(BallotTurn(prompt=prompt, html_a=html_a, html_b=html_b))
    return tuple(made)


def skip(*, visitor: Visitor, battle_id: UUID, reason: str = "") -> None:
    """Pass a battle by; before consent only the visitor's own list remembers it."""
    if reason not in Skip.Reason.values:
        raise BadVote("Unknown reason for skipping.")
    battle = find_battle(battle_id, visitor=visitor)
    _leave(visitor, battle)
    if visitor.volunteer is not None:
        Skip.objects.get_or_create(
            battle=battle, volunteer=visitor.volunteer, defaults={"reason": reason}
        )


def _leave(visitor: Visitor, battle: Battle) -> None:
    pass_by(token=visitor.token, battle_id=battle.public_id)
    release(token=visitor.token, battle_id=battle.public_id)


def report(
    *, visitor: Visitor, battle_id: UUID, reason: str, comment: str = ""
) -> None:
    """Put a battle before the admins; the reporter does not see it again."""
    if reason not in Report.Reason.values:
        raise BadVote("Please choose one of the reasons.")
    battle = find_battle(battle_id, visitor=visitor)
    _leave(visitor, battle)
    Report.objects.create(
        battle=battle,
        volunteer=visitor.volunteer,
        reason=reason,
        comment=comment.replace("\0", "")[:COMMENT_LENGTH],
    )
