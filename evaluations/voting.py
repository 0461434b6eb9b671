"""The ledger of votes: cast, undo, withdraw, flag, settle."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest, Now

from evaluations.models import Battle, LiveBattle, Volunteer, Vote
from evaluations.models.ledger import (
    LEAK,
    count_standing,
    enter,
    record_tally_changes,
    settle_past_window,
)
from evaluations.models.votes import VoteQuerySet
from evaluations.volunteers import CONSENT_VERSION, Visitor, left_side

KEY_LENGTH = 80
COMMENT_LENGTH = 500
LONGEST_READING_MS = 24 * 3600 * 1000


class Refusal(Exception):
    """The arena says no: `sentence` is for the page, `status` for the response."""

    status = 400
    sentence = "This cannot be done."

    def __init__(self, sentence: str = "") -> None:
        self.sentence = sentence or self.sentence
        super().__init__(self.sentence)


class BadVote(Refusal):
    status = 400


class ConsentNeeded(Refusal):
    status = 403
    sentence = "Before your first vote, please agree to how votes are published."


class BattleUnknown(Refusal):
    status = 404
    sentence = "There is no such pair."


class VoteUnknown(Refusal):
    status = 404
    sentence = "There is no such vote of yours."


class BattleWithdrawn(Refusal):
    status = 410
    sentence = "This pair has been withdrawn and takes no votes any more."


class BattleNotReady(Refusal):
    status = 409
    sentence = "You can judge as soon as both answers are complete."


class BattleFailed(Refusal):
    status = 409
    sentence = "This pair could not be completed; please take the next one."


class AlreadyVoted(Refusal):
    status = 409
    sentence = "You have already judged this pair."


class KeyReused(Refusal):
    status = 409
    sentence = "This idempotency key belongs to another vote of yours."


class WrongSide(Refusal):
    status = 409
    sentence = "This page is out of date; load the pair again and vote then."


class UndoTooLate(Refusal):
    status = 409
    sentence = "The vote has been counted. You can withdraw it under “My votes”."


@dataclass(frozen=True)
class Cast:
    """A vote in the ledger; `repeated` when it had been there before."""

    vote: Vote
    repeated: bool


def find_battle(battle_id: UUID, *, visitor: Visitor) -> Battle:
    """Fetch a battle that still stands; raise BattleUnknown or BattleWithdrawn."""
    battle = Battle.objects.with_contestants().filter(public_id=battle_id).first()
    if battle is None or not _may_see(battle, visitor):
        raise BattleUnknown
    if battle.withdrawn_at is not None:
        raise BattleWithdrawn
    return battle


def _may_see(battle: Battle, visitor: Visitor) -> bool:
    """A live battle is for the eyes of the volunteer who asked, and of nobody else."""
    if battle.mode != Battle.Mode.LIVE:
        return True
    own = LiveBattle.objects.filter(battle=battle, volunteer=visitor.volunteer)
    return visitor.volunteer is not None and own.exists()


def cast_vote(
    *,
    visitor: Visitor,
    battle_id: UUID,
    verdict: str,
    left: str,
    idempotency_key: str,
    reading_ms: int | None = None,
) -> Cast:
    """Enter a verdict, given as shown (a is the left answer), into the ledger."""
    volunteer = consenting(visitor)
    _check_words(verdict, left, idempotency_key)
    vote = Vote(
        volunteer=volunteer,
        verdict=verdict,
        left=left,
        idempotency_key=idempotency_key,
        reading_ms=_plausible(reading_ms),
    )
    try:
        vote.battle = _votable(battle_id, visitor, left)
        if enter(vote):
            _end_live(vote.battle)
            return Cast(vote, repeated=False)
        # The battle may just have changed; else the volunteer has judged it before.
        _votable(battle_id, visitor, left)
        raise AlreadyVoted
    except Refusal:
        # The same click once more gets its first result, whatever came in between.
        earlier = _earlier(volunteer, idempotency_key, battle_id, verdict)
        if earlier is None:
            raise
        return Cast(earlier, repeated=True)


def _end_live(battle: Battle) -> None:
    """The vote reveals who answered, so nothing more is asked in this battle."""
    if battle.mode == Battle.Mode.LIVE:
        LiveBattle.objects.open().filter(battle=battle).update(
            ended_at=Now(), end=LiveBattle.End.VOTED
        )


def _votable(battle_id: UUID, visitor: Visitor, left: str) -> Battle:
    battle = find_battle(battle_id, visitor=visitor)
    if battle.state == Battle.State.FAILED:
        raise BattleFailed
    if battle.state != Battle.State.READY:
        raise BattleNotReady
    if left != left_side(token=visitor.token, battle_id=battle.public_id):
        raise WrongSide
    return battle


def consenting(visitor: Visitor) -> Volunteer:
    """The volunteer, who has agreed to the conditions; else raise ConsentNeeded."""
    volunteer = visitor.volunteer
    if volunteer is None or volunteer.consent_version != CONSENT_VERSION:
        raise ConsentNeeded
    return volunteer


def _check_words(verdict: str, left: str, key: str) -> None:
    if verdict not in Vote.Verdict.values:
        raise BadVote("The verdict must be one of a, b, tie and both_bad.")
    if left not in Vote.Side.values:
        raise BadVote("The field left must be x or y, as the page had it.")
    if not 1 <= len(key) <= KEY_LENGTH or not key.isprintable():
        raise BadVote(f"The idempotency key must have 1 to {KEY_LENGTH} characters.")


def _plausible(reading_ms: int | None) -> int | None:
    if reading_ms is None or not 0 <= reading_ms <= LONGEST_READING_MS:
        return None
    return reading_ms


def _earlier(
    volunteer: Volunteer, key: str, battle_id: UUID, verdict: str
) -> Vote | None:
    vote = (
        Vote.objects.select_related("battle__contestant_x", "battle__contestant_y")
        .filter(volunteer=volunteer, idempotency_key=key)
        .first()
    )
    if vote and (vote.battle.public_id, vote.verdict) != (battle_id, verdict):
        raise KeyReused
    return vote


def standing_vote(*, visitor: Visitor, battle_id: UUID) -> Vote | None:
    """The visitor's vote on a battle, unless it was taken back."""
    if visitor.volunteer is None:
        return None
    return (
        Vote.objects.standing()
        .select_related("battle__contestant_x", "battle__contestant_y")
        .filter(volunteer=visitor.volunteer, battle__public_id=battle_id)
        .first()
    )


def votes_of(*, volunteer: Volunteer) -> VoteQuerySet:
    return (
        Vote.objects.filter(volunteer=volunteer)
        .select_related(
            "battle__prompt", "battle__contestant_x", "battle__contestant_y"
        )
        .order_by("-id")
    )


def vote_counts(*, volunteer: Volunteer) -> tuple[int, int]:
    """How many votes of a volunteer stand: all of them, and today's (UTC)."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return count_standing(volunteer.pk, since=midnight)


def _own_vote(visitor: Visitor, battle_id: UUID) -> Vote:
    vote = standing_vote(visitor=visitor, battle_id=battle_id)
    if vote is None:
        raise VoteUnknown
    return vote


def undo_vote(*, visitor: Visitor, battle_id: UUID) -> Vote:
    """Take a vote back while its undo window is open."""
    vote = _own_vote(visitor, battle_id)
    open_since = Now() - timedelta(seconds=settings.ARENA_UNDO_SECONDS)
    in_window = Vote.objects.filter(pk=vote.pk, cast_at__gt=open_since).exists()
    # A vote that was set aside when it was cast can be undone like any other.
    here = Vote.State.FLAGGED if vote.rule == LEAK else Vote.State.PENDING
    if not in_window or not _take_back(vote, here, rule="undo"):
        raise UndoTooLate
    return vote


def withdraw_vote(*, visitor: Visitor, vote_id: UUID) -> Vote:
    """Take a vote back at any time; the tallies are corrected."""
    vote = Vote.objects.filter(
        volunteer=visitor.volunteer, volunteer__isnull=False, public_id=vote_id
    ).first()
    if vote is None:
        raise VoteUnknown
    # A settling sweep may come between the two tries, hence a second round.
    for state in (vote.state, *Vote.State.values):
        if state != Vote.State.WITHDRAWN and _take_back(vote, state, rule="withdrawn"):
            break
    return vote


def _take_back(vote: Vote, state: str, *, rule: str) -> bool:
    """Withdraw a vote that is in the given state; say whether it was."""
    with transaction.atomic():
        if not _move(vote, state, Vote.State.WITHDRAWN, rule=rule):
            return False
        Battle.objects.filter(pk=vote.battle_id).update(
            judgements=Greatest(F("judgements") - 1, Value(0))
        )
    return True


def _move(vote: Vote, here: str, to: str, *, rule: str, reason: str = "") -> bool:
    """Change a vote's state if it still is `here`, and correct the tallies.

    The conditional UPDATE settles races: of two that try, one finds the row. The
    battle's lock orders it with a withdrawal, which would count the vote once more.
    """
    with transaction.atomic():
        Battle.objects.select_for_update(no_key=True).get(pk=vote.battle_id)
        moved = Vote.objects.filter(pk=vote.pk, state=here).update(
            state=to, rule=rule, state_reason=reason
        )
        if not moved:
            return False
        if here == Vote.State.COUNTED:
            record_tally_changes([vote.pk], delta=-1)
        if to == Vote.State.COUNTED:
            record_tally_changes([vote.pk], delta=+1)
    vote.state, vote.rule, vote.state_reason = to, rule, reason
    return True


def flag_vote(*, vote: Vote, rule: str, reason: str) -> bool:
    """Leave a vote out of the count, visibly; say whether it was in."""
    return any(
        _move(vote, here, Vote.State.FLAGGED, rule=rule, reason=reason)
        # In this order: a vote may be settled between the two tries.
        for here in (Vote.State.PENDING, Vote.State.COUNTED)
    )


def unflag_vote(*, vote: Vote) -> bool:
    """Count a flagged vote again; say whether it was flagged."""
    return _move(vote, Vote.State.FLAGGED, Vote.State.COUNTED, rule="")


def set_reasons(
    *,
    visitor: Visitor,
    battle_id: UUID,
    reasons: list[str],
    comment: str | None = None,
) -> Vote:
    """Say why; reasons and comment may change as long as the vote stands."""
    vote = _own_vote(visitor, battle_id)
    if unknown := set(reasons) - set(Vote.Reason.values):
        raise BadVote(f"Unknown reason: {', '.join(sorted(unknown))[:80]}.")
    vote.reasons = sorted(set(reasons))
    if comment is not None:
        vote.comment = comment.replace("\0", "")[:COMMENT_LENGTH]
    vote.save(update_fields=["reasons", "comment"])
    return vote


def settle_votes() -> int:
    """Count the votes whose undo window is over; return how many."""
    window, settled = settings.ARENA_UNDO_SECONDS, 0
    while batch := settle_past_window(window):
        settled += batch
    return settled
