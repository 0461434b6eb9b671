"""The admin panel: one module per kind of row."""

from evaluations.admin import (
    accounts,
    answers,
    battles,
    benchmarks,
    contestants,
    dumps,
    imports,
    judges,
    moderating,
    prompts,
    ratings,
    runs,
    votes,
)

__all__ = [
    "accounts",
    "answers",
    "battles",
    "benchmarks",
    "contestants",
    "dumps",
    "imports",
    "judges",
    "moderating",
    "prompts",
    "ratings",
    "runs",
    "votes",
]
