"""Question sets: frozen at a version, and how far they are asked and judged."""

from evaluations.question_sets.freezing import NothingToFreeze, freeze

__all__ = ["NothingToFreeze", "freeze"]
