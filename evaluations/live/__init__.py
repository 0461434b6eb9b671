"""Live battles: a volunteer's own question, answered by two contestants at once."""

from evaluations.live.acting import leave, open_battle, retry, say, stop
from evaluations.live.announcing import RESYNC, asked_key, group_of
from evaluations.live.refusals import (
    ArenaFull,
    BattleClosed,
    ComeBackLater,
    NoContestants,
    NothingToRetry,
    OpenBattleExists,
    PromptRefused,
    TooManyMessages,
    TurnsUsedUp,
)
from evaluations.live.snapshots import (
    Snapshot,
    SnapshotSide,
    SnapshotTurn,
    open_battle_of,
    snapshot,
    told,
)
from evaluations.live.streaming import stream_turn
from evaluations.live.sweeping import sweep

__all__ = [
    "RESYNC",
    "ArenaFull",
    "BattleClosed",
    "ComeBackLater",
    "NoContestants",
    "NothingToRetry",
    "OpenBattleExists",
    "PromptRefused",
    "Snapshot",
    "SnapshotSide",
    "SnapshotTurn",
    "TooManyMessages",
    "TurnsUsedUp",
    "asked_key",
    "group_of",
    "leave",
    "open_battle",
    "open_battle_of",
    "retry",
    "say",
    "snapshot",
    "stop",
    "stream_turn",
    "sweep",
    "told",
]
