"""Question sets: frozen at a version, and how far they are asked and judged."""

from evaluations.question_sets.freezing import NothingToFreeze, freeze
from evaluations.question_sets.likeness import forget_likeness

__all__ = ["NothingToFreeze", "forget_likeness", "freeze"]
