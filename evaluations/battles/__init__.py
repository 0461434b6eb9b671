"""Battles: opened ahead of the volunteers, offered blind, revealed by the vote."""

from evaluations.battles.ballots import (
    Ballot,
    BallotTurn,
    ballot,
    offer,
    report,
    skip,
)
from evaluations.battles.queue import (
    QueueDepth,
    fill_queue,
    open_battle,
    queue_depth,
)
from evaluations.battles.reveals import Check, Reveal, Revealed, check_of, reveal
from evaluations.battles.sessions import (
    SessionProgress,
    SessionSummary,
    session_progress,
    session_summary,
)
from evaluations.battles.withdrawal import withdraw_battle

__all__ = [
    "Ballot",
    "BallotTurn",
    "Check",
    "QueueDepth",
    "Reveal",
    "Revealed",
    "SessionProgress",
    "SessionSummary",
    "ballot",
    "check_of",
    "fill_queue",
    "offer",
    "open_battle",
    "queue_depth",
    "report",
    "reveal",
    "session_progress",
    "session_summary",
    "skip",
    "withdraw_battle",
]
