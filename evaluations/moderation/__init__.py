"""Prompts of volunteers on their way into the pool: suggested, compared, decided on."""

from evaluations.moderation.deciding import (
    ChangedSince,
    NothingToUndo,
    Undone,
    approve,
    edit,
    last_decision,
    reject,
    undo,
)
from evaluations.moderation.grouping import group_prompts, likely_duplicates
from evaluations.moderation.queue import Waiting, waiting_at
from evaluations.moderation.shares import PoolShares, pool_shares
from evaluations.moderation.suggesting import (
    LICENCE,
    LONGEST,
    AlreadySuggested,
    SuggestionUnknown,
    TooLong,
    TooManySuggestions,
    offered_categories,
    suggest,
    suggestions_of,
    take_back,
)

__all__ = [
    "LICENCE",
    "LONGEST",
    "AlreadySuggested",
    "ChangedSince",
    "NothingToUndo",
    "PoolShares",
    "SuggestionUnknown",
    "TooLong",
    "TooManySuggestions",
    "Undone",
    "Waiting",
    "approve",
    "edit",
    "group_prompts",
    "last_decision",
    "likely_duplicates",
    "offered_categories",
    "pool_shares",
    "reject",
    "suggest",
    "suggestions_of",
    "take_back",
    "undo",
    "waiting_at",
]
