"""Ten judgements at a time, and what they did."""

from collections import Counter
from dataclasses import dataclass

from django.conf import settings

from evaluations.leaderboard import latest
from evaluations.models import Battle, Contestant, Leaderboard, Rating, Vote
from evaluations.volunteers import Visitor
from evaluations.voting import vote_counts, votes_of

NAMED = 3


@dataclass(frozen=True)
class SessionProgress:
    """Where a visitor stands; `finished` right after the last pair of a session."""

    done: int
    length: int
    today: int
    finished: bool


@dataclass(frozen=True)
class SessionSummary:
    """The last session: models most preferred, intervals that became narrower.

    All its votes are counted; what they did is told of those that rate.
    """

    votes: int
    preferred: list[tuple[str, str, int]]
    narrowed: list[tuple[str, str, int]]


def session_progress(*, visitor: Visitor) -> SessionProgress:
    length = settings.ARENA_SESSION_LENGTH
    if visitor.volunteer is None:
        return SessionProgress(done=0, length=length, today=0, finished=False)
    votes, today = vote_counts(volunteer=visitor.volunteer)
    return SessionProgress(
        done=votes % length,
        length=length,
        today=today,
        finished=votes > 0 and votes % length == 0,
    )


def session_summary(*, visitor: Visitor) -> SessionSummary | None:
    """Sum up the visitor's last session; None before the first vote."""
    if visitor.volunteer is None:
        return None
    length = settings.ARENA_SESSION_LENGTH
    votes = list(votes_of(volunteer=visitor.volunteer).standing()[:length])
    if not votes:
        return None
    rating = [vote for vote in votes if vote.battle.mode != Battle.Mode.CONTROL]
    return SessionSummary(
        votes=len(votes), preferred=_preferred(rating), narrowed=_narrowed(rating)
    )


def _winner(vote: Vote) -> Contestant | None:
    if vote.verdict not in (Vote.Verdict.A, Vote.Verdict.B):
        return None
    left_won = vote.verdict == Vote.Verdict.A
    x_left = vote.left == Vote.Side.X
    battle = vote.battle
    return battle.contestant_x if left_won == x_left else battle.contestant_y


def _preferred(votes: list[Vote]) -> list[tuple[str, str, int]]:
    winners = Counter(
        (winner.name, winner.slug) for winner in map(_winner, votes) if winner
    )
    return [(name, slug, n) for (name, slug), n in winners.most_common(NAMED)]


def _narrowed(votes: list[Vote]) -> list[tuple[str, str, int]]:
    """Contestants whose interval shrank since before the session, in percent."""
    if not votes:
        return []
    earlier = (
        Leaderboard.objects.of_slice()
        .filter(published_at__lt=votes[-1].cast_at)
        .first()
    )
    newest = latest()
    if earlier is None or newest is None:
        return []
    judged = {c for vote in votes for c in _sides(vote)}
    before = {r.contestant_id: _width(r) for r in _ratings(earlier, judged)}
    shrunk = [
        (r.contestant.name, r.contestant.slug, _percent(before, r))
        for r in _ratings(newest, judged)
    ]
    best = sorted(shrunk, key=lambda line: (-line[2], line[0]))
    return [line for line in best if line[2] > 0][:NAMED]


def _sides(vote: Vote) -> tuple[int, int]:
    return vote.battle.contestant_x_id, vote.battle.contestant_y_id


def _ratings(leaderboard: Leaderboard, contestants: set[int]) -> list[Rating]:
    lines = leaderboard.ratings.filter(contestant__in=contestants)
    return list(lines.select_related("contestant"))


def _width(rating: Rating) -> float:
    return rating.rating_high - rating.rating_low


def _percent(before: dict[int, float], rating: Rating) -> int:
    width = before.get(rating.contestant_id)
    return round(100 * (1 - _width(rating) / width)) if width else 0
