"""Which pair meets on which prompt, and with what probability it was drawn."""

from evaluations.matchmaking.drawing import (
    Draw,
    PairDraw,
    draw,
    draw_pair,
    draws,
    draws_of,
    draws_on,
)
from evaluations.matchmaking.exposure import (
    ContestantExposure,
    Exposure,
    recent_exposure,
)
from evaluations.matchmaking.rules import RULES, Standing
from evaluations.matchmaking.stock import read_stock

__all__ = [
    "RULES",
    "ContestantExposure",
    "Draw",
    "Exposure",
    "PairDraw",
    "Standing",
    "draw",
    "draw_pair",
    "draws",
    "draws_of",
    "draws_on",
    "read_stock",
    "recent_exposure",
]
