"""What the vote reveals: who wrote what, how they stand, what others said."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from evaluations.models import Battle, Contestant, Leaderboard, Rating, Vote
from evaluations.models.ledger import LEAK, count_agreement


class Check(StrEnum):
    """What a battle was, beside a battle: it counts in no rating."""

    NONE = ""
    SAME_MODEL = "same_model"
    REPEAT = "repeat"
    # A repeat that was opened for somebody else, judged by whoever has its address.
    OF_ANOTHER = "of_another"


@dataclass(frozen=True)
class Revealed:
    """One side's contestant, shown after the vote."""

    slug: str
    name: str
    maker: str
    licence: str
    open_weights: bool
    parameters_b: Decimal | None
    size_class: str
    house_program: bool
    rating: float | None
    rating_low: float | None
    rating_high: float | None
    provisional: bool


@dataclass(frozen=True)
class Reveal:
    battle_id: UUID
    verdict: str
    state: str
    a: Revealed
    b: Revealed
    others: int
    agreeing: int
    reasons: list[str]
    comment: str
    undo_seconds: float
    names_its_model: bool
    live: bool
    check: Check
    # Of a repeat: whether the choice is that of the first time; None: it is not known.
    same_choice: bool | None


def reveal(*, vote: Vote) -> Reveal:
    """Who wrote what, how the models stand, and what others said of the pair."""
    battle = vote.battle
    ratings = _ratings(battle)
    x = _revealed(battle.contestant_x, ratings.get(battle.contestant_x_id))
    y = _revealed(battle.contestant_y, ratings.get(battle.contestant_y_id))
    a, b = (x, y) if vote.left == Vote.Side.X else (y, x)
    others, agreeing = count_agreement(vote)
    return Reveal(
        battle_id=battle.public_id,
        verdict=vote.verdict,
        state=vote.state,
        a=a,
        b=b,
        others=others,
        agreeing=agreeing,
        reasons=vote.reasons,
        comment=vote.comment,
        undo_seconds=_undo_seconds(vote),
        names_its_model=_leaked(vote),
        live=battle.mode == Battle.Mode.LIVE,
        check=check_of(vote),
        same_choice=_same_choice(vote),
    )


def check_of(vote: Vote) -> Check:
    """What the judged battle was to check; the vote's battle must be at hand."""
    battle = vote.battle
    if battle.mode != Battle.Mode.CONTROL:
        return Check.NONE
    if battle.repeat_of_id is None:
        return Check.SAME_MODEL
    own = battle.only_for_id == vote.volunteer_id
    return Check.REPEAT if own else Check.OF_ANOTHER


def _same_choice(vote: Vote) -> bool | None:
    """Whether a repeat was judged as the pair was the first time; ties are alike."""
    if check_of(vote) != Check.REPEAT:
        return None
    own = Vote.objects.standing().filter(volunteer=vote.volunteer_id)
    first = own.filter(battle=vote.battle.repeat_of_id).first()
    return first.choice == vote.choice if first else None


def _ratings(battle: Battle) -> dict[int, Rating]:
    sides = (battle.contestant_x_id, battle.contestant_y_id)
    newest = Leaderboard.objects.of_slice().values("pk")[:1]
    ratings = Rating.objects.filter(leaderboard=newest, contestant__in=sides)
    return {rating.contestant_id: rating for rating in ratings.order_by()}


def _revealed(contestant: Contestant, rating: Rating | None) -> Revealed:
    return Revealed(
        slug=contestant.slug,
        name=contestant.name,
        maker=contestant.maker,
        licence=contestant.licence,
        open_weights=contestant.open_weights,
        parameters_b=contestant.parameters_b,
        size_class=contestant.size_class,
        house_program=contestant.is_house_program,
        rating=rating.rating if rating else None,
        rating_low=rating.rating_low if rating else None,
        rating_high=rating.rating_high if rating else None,
        provisional=rating.provisional if rating else True,
    )


def _leaked(vote: Vote) -> bool:
    return vote.state == Vote.State.FLAGGED and vote.rule == LEAK


def _undo_seconds(vote: Vote) -> float:
    """Seconds left of the undo window, to show; the database decides in the end."""
    undoable = vote.state == Vote.State.PENDING or _leaked(vote)
    if not undoable or vote.cast_at is None:
        return 0.0
    age = (timezone.now() - vote.cast_at).total_seconds()
    window = settings.ARENA_UNDO_SECONDS
    return float(min(window, max(0.0, window - age)))
