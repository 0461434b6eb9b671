"""All that the arena keeps of what one browser did, to take away."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from evaluations.battles import check_of
from evaluations.live.own import Deed, battles_of, deed_of_battle, deed_of_vote
from evaluations.models import BattleTurn, LiveBattle, Report, Skip, Volunteer, Vote
from evaluations.voting import votes_of

Told = dict[str, Any]


def exported(*, volunteer: Volunteer) -> Told:
    """As JSON takes it; of an open battle nothing that names a contestant."""
    return {
        "exported_at": timezone.now().isoformat(),
        "consent": {
            "version": volunteer.consent_version,
            "given_at": _moment(volunteer.consented_at),
        },
        "votes": list(_votes(volunteer)),
        "live_battles": list(_live_battles(volunteer)),
        "skipped": list(_skips(volunteer)),
        "reported": list(_reports(volunteer)),
        "suggested": list(_suggestions(volunteer)),
    }


def _votes(volunteer: Volunteer) -> Iterator[Told]:
    # One that was undone tells no more than that there was one.
    for vote in votes_of(volunteer=volunteer).spent():
        yield {
            "id": str(vote.public_id),
            "battle": str(vote.battle.public_id),
            "live": vote.battle.mode == vote.battle.Mode.LIVE,
            "check": check_of(vote),
            "question": vote.battle.prompt.turns,
            **_names(deed_of_vote(vote)),
            "verdict": vote.verdict,
            "reasons": vote.reasons,
            "note": vote.comment,
            "cast_at": _moment(vote.cast_at),
            "reading_ms": vote.reading_ms,
            "state": vote.state,
            "why_left_out": vote.state_reason or vote.rule,
        }


def _names(deed: Deed) -> Told:
    return {
        f"model_{side}": {"name": of.name, "slug": of.slug} if of else None
        for side, of in (("a", deed.a), ("b", deed.b))
    }


def _live_battles(volunteer: Volunteer) -> Iterator[Told]:
    turns = "battle__turns"
    chosen = battles_of(volunteer=volunteer).prefetch_related(
        turns, *(f"{turns}__{part}" for part in ("live", "answer_x", "answer_y"))
    )
    for live in chosen:
        yield {
            "battle": str(live.battle.public_id),
            "started_at": _moment(live.started_at),
            "ended_at": _moment(live.ended_at),
            "ended": live.end or "open",
            "others_may_judge_it": live.publish,
            **_names(deed_of_battle(live)),
            "turns": list(_turns(live)),
        }


def _turns(live: LiveBattle) -> Iterator[Told]:
    """Questions and answers; what is still being written is not told."""
    turns = live.battle.turns.all()
    # Read in two steps: a question may come in between.
    for question, turn in zip(live.battle.prompt.turns, turns, strict=False):
        told = {"question": question, "answer_a": None, "answer_b": None}
        if turn.live.done_at is not None:
            told["answer_a"], told["answer_b"] = _texts(turn, live.left)
        yield told


def _texts(turn: BattleTurn, left: str) -> tuple[str, str]:
    x, y = turn.answer_x.text, turn.answer_y.text
    return (x, y) if left == Vote.Side.X else (y, x)


def _skips(volunteer: Volunteer) -> Iterator[Told]:
    skips = Skip.objects.filter(volunteer=volunteer).order_by("-skipped_at")
    for skip in skips.select_related("battle__prompt"):
        yield {
            "battle": str(skip.battle.public_id),
            "question": skip.battle.prompt.turns,
            "reason": skip.reason,
            "skipped_at": _moment(skip.skipped_at),
        }


def _reports(volunteer: Volunteer) -> Iterator[Told]:
    reports = Report.objects.filter(volunteer=volunteer)
    for report in reports.select_related("battle__prompt"):
        yield {
            "battle": str(report.battle.public_id),
            "question": report.battle.prompt.turns,
            "reason": report.reason,
            "note": report.comment,
            "reported_at": _moment(report.reported_at),
            "state": report.state,
        }


def _suggestions(volunteer: Volunteer) -> Iterator[Told]:
    for suggestion in volunteer.suggestions.select_related("prompt").order_by("-pk"):
        yield {
            "prompt": suggestion.prompt.turns,
            "language": suggestion.prompt.language,
            "categories": suggestion.prompt.categories,
            "suggested_at": _moment(suggestion.suggested_at),
            "state": suggestion.prompt.state,
        }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
