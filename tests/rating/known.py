"""Small vote tables with figures that others published or that were computed apart.

FOOD and SIMPLE are the example tables of evalica (github.com/dustalov/evalica,
Apache-2.0). Their ratings agree with evalica 0.4.2 to 1e-13; scale 1000 + 400 / ln 10
* theta, mean 1000, a tie half a win, no prior, sandwich standard errors.
WIKIPEDIA is the worked example of en.wikipedia.org/wiki/Bradley-Terry_model, with the
strengths to eight digits as arena-rank 0.1.1 (github.com/lmarena) tests them.
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluations.rating.tallies import Tallies, TallyRow
from evaluations.rating.votes import VoteRow, Votes

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
DESIGN = Path(os.environ.get("ARENA_DESIGN_DIR", SHARED / "design"))
DATA = Path(os.environ.get("ARENA_DATA_DIR", SHARED / "data"))

SIMPLE: list[TallyRow] = [
    ("0", "1", "tie", 1),
    ("0", "2", "b", 1),
    ("0", "2", "tie", 1),
    ("0", "4", "tie", 1),
    ("1", "0", "a", 1),
    ("1", "2", "tie", 2),
    ("1", "3", "tie", 1),
    ("2", "4", "tie", 1),
    ("3", "0", "a", 1),
    ("3", "1", "a", 1),
    ("3", "2", "a", 1),
    ("3", "4", "tie", 2),
    ("4", "0", "a", 1),
    ("4", "3", "a", 1),
]
SIMPLE_RATINGS = {
    "4": (1136.240748, 88.849535),
    "3": (1129.868734, 69.766915),
    "2": (966.689587, 59.611898),
    "1": (965.982400, 60.201321),
    "0": (801.218531, 83.016792),
}

FOOD: list[TallyRow] = [
    ("Burger", "Pasta", "b", 2),
    ("Burger", "Pizza", "a", 1),
    ("Burger", "Sushi", "b", 3),
    ("Burger", "Tacos", "a", 1),
    ("Pasta", "Pizza", "b", 1),
    ("Pasta", "Sushi", "b", 1),
    ("Pasta", "Tacos", "a", 1),
    ("Pasta", "Tacos", "b", 2),
    ("Pizza", "Burger", "b", 2),
    ("Pizza", "Pasta", "tie", 1),
    ("Pizza", "Sushi", "a", 2),
    ("Pizza", "Tacos", "b", 1),
    ("Sushi", "Burger", "a", 1),
    ("Sushi", "Burger", "b", 2),
    ("Sushi", "Pasta", "tie", 1),
    ("Sushi", "Tacos", "a", 1),
    ("Sushi", "Tacos", "b", 1),
    ("Tacos", "Burger", "a", 1),
    ("Tacos", "Pasta", "a", 2),
    ("Tacos", "Pizza", "a", 3),
]
FOOD_RATINGS = {
    "Tacos": (1159.802003, 91.432111),
    "Sushi": (1016.739558, 90.548836),
    "Burger": (972.767418, 84.367939),
    "Pasta": (947.782207, 81.152137),
    "Pizza": (902.908814, 83.482373),
}
FOOD_DISPERSION = 0.8967131606335746
FOOD_EMPIRICAL_BAYES = {
    "Tacos": 1124.273809,
    "Sushi": 1015.077446,
    "Burger": 979.714048,
    "Pasta": 955.945164,
    "Pizza": 924.989533,
}

WIKIPEDIA: list[TallyRow] = [
    ("A", "B", "a", 2),
    ("A", "B", "b", 3),
    ("A", "D", "a", 1),
    ("A", "D", "b", 4),
    ("B", "C", "a", 5),
    ("B", "C", "b", 3),
    ("C", "D", "a", 1),
    ("C", "D", "b", 3),
]
WIKIPEDIA_STRENGTHS = {"A": 0.63983482, "B": 1.0433144, "C": 0.6598102, "D": 2.27037663}


def many(rows: list[TallyRow], times: int) -> list[TallyRow]:
    """Cast every vote so many times."""
    return [(first, second, outcome, n * times) for first, second, outcome, n in rows]


def real_votes() -> Tallies:
    """Read the 8,931 real votes of dustalov/llmfao (CC BY 4.0), or skip the test."""
    return Tallies.from_rows((a, b, outcome, 1) for a, b, outcome, *_ in _real_rows())


def real_single_votes() -> Votes:
    """The same votes with their 124 volunteers and 13 prompts."""
    return Votes.from_rows(_real_rows())


def _real_rows() -> Iterator[VoteRow]:
    path = DATA / "llmfao" / "crowd-comparisons.csv"
    if not path.exists():
        pytest.skip(f"no llmfao votes in {DATA}: set ARENA_DATA_DIR")
    outcomes = {"left": "a", "right": "b", "tie": "tie"}
    with path.open(newline="", encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            sides, outcome = (line["left"], line["right"]), outcomes[line["winner"]]
            yield *sides, outcome, int(line["worker"]), 0, int(line["prompt"])
