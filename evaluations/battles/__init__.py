"""Battles: opened ahead of the volunteers, offered blind, revealed by the vote."""

from evaluations.battles.ballots import (
    Ballot,
    BallotTurn,
    ballot,
    offer,
    report,
    skip,
)
from evaluations.battles.noise import (
    NoiseFloor,
    Share,
    noise_floor,
    recent_noise_floor,
)
from evaluations.battles.queue import (
    QueueDepth,
    SetNotJudged,
    fill_queue,
    fill_set,
    judged_set,
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
    "NoiseFloor",
    "QueueDepth",
    "Reveal",
    "Revealed",
    "SessionProgress",
    "SessionSummary",
    "SetNotJudged",
    "Share",
    "ballot",
    "check_of",
    "fill_queue",
    "fill_set",
    "judged_set",
    "noise_floor",
    "offer",
    "open_battle",
    "queue_depth",
    "recent_noise_floor",
    "report",
    "reveal",
    "session_progress",
    "session_summary",
    "skip",
    "withdraw_battle",
]
