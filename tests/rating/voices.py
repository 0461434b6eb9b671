"""Opinions for tests: real ones, and drawn ones whose truth is known."""

import csv

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, cohen_kappa_score

from evaluations.rating import bradley_terry
from evaluations.rating.opinions import Opinions
from evaluations.rating.tallies import Floats, Integers, Pairs
from tests.rating.known import DATA

CHOICES = {"left": 0, "tie": 1, "right": 2}
PEOPLE, GPT_4, GPT_3 = (
    f"{name}crowd-comparisons.csv" for name in ("", "gpt4-", "gpt3-")
)


def real_rows(name: str) -> list[dict[str, str]]:
    """Lines of a file of dustalov/llmfao (CC BY 4.0), or skip the test."""
    path = DATA / "llmfao" / name
    if not path.exists():
        pytest.skip(f"no llmfao comparisons in {DATA}: set ARENA_DATA_DIR")
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def counted_agreement(name: str) -> tuple[float, float, float]:
    """Raw share, share where neither saw a tie, and kappa, as scikit-learn has them.

    Straight from the files.
    """
    verdicts = {row["id"]: row["winner"] for row in real_rows(name)}
    rows = real_rows(PEOPLE)
    people = np.array([row["winner"] for row in rows])
    judge = np.array([verdicts[row["id"]] for row in rows])
    firm = (people != "tie") & (judge != "tie")
    return (
        accuracy_score(people, judge),
        accuracy_score(people[firm], judge[firm]),
        cohen_kappa_score(people, judge),
    )


def real_opinions(name: str) -> Opinions:
    """The left one is x, and was shown first."""
    rows = real_rows(name)
    battle, x, y = (
        np.array([int(row[column]) for row in rows])
        for column in ("id", "model_x", "model_y")
    )
    choice = np.array([CHOICES[row["winner"]] for row in rows])
    first, weight = np.ones(len(rows), dtype=np.int64), np.ones(len(rows))
    return Opinions(int(max(x.max(), y.max())) + 1, battle, x, y, first, choice, weight)


def opinions(
    *rows: tuple[int, int, int, int, int], n: int = 4, weight: float = 1.0
) -> Opinions:
    """Rows of (battle, x, y, first, choice)."""
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return Opinions(n, *columns, np.full(columns.shape[1], weight))


def chosen(random: np.random.Generator, lead: Floats, ties: float = 1.4) -> Integers:
    """Choices whose expected score is the logistic of the lead of x."""
    score = 1 / (1 + np.exp(-lead))
    tied = ties * score * (1 - score)
    chance = random.random(len(lead))
    choice = np.where(chance < score - tied / 2, 0, 2)
    choice[np.abs(chance - score) < tied / 2] = 1
    return choice


def of_all_battles(strengths: Floats, spread: float) -> Floats:
    """What endless battles would rate these, when each moves the lead by N(0, spread).

    The score of a pair is the mean over its battles; the strengths are fitted to it.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    i, j = np.triu_indices(len(strengths), 1)
    leads = (strengths[i] - strengths[j])[:, None] + spread * nodes
    score = (weights / weights.sum() / (1 + np.exp(-leads))).sum(axis=1)
    return bradley_terry.fit(Pairs(len(strengths), i, j, score, 0 * score, 1 - score))
