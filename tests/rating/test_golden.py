"""Every column of the golden tables, on all three sets of votes.

Unclustered sandwich, mean of all models 1000, a tie half a win, no prior; the columns
davidson and raokupper are strengths in models that tell ties from wins.
"""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from evaluations.rating import bradley_terry, rao_kupper
from evaluations.rating.empirical_bayes import estimate_prior, posterior
from evaluations.rating.table import in_elo, standard_errors
from evaluations.rating.tallies import Pairs, Tallies, fold
from tests import real_data
from tests.rating.known import FOOD, SIMPLE, real_votes

SETS = ("llmfao", "simple", "food")


@dataclass(frozen=True)
class Golden:
    """`of` gives a column by contestant, in the order of the names."""

    figures: dict[str, Any]
    tallies: Tallies
    pairs: Pairs

    def of(self, column: str) -> list[float]:
        place = self.figures["columns"].index(column)
        by_name = {row[0]: row[place] for row in self.figures["rows"]}
        assert len(by_name) == len(self.tallies.names)
        return [by_name[str(name)] for name in self.tallies.names]


@pytest.fixture(params=SETS, scope="module")
def golden(request: pytest.FixtureRequest) -> Golden:
    text = real_data.golden(f"golden_{request.param}.json").read_text()
    rows = {"simple": SIMPLE, "food": FOOD}.get(request.param)
    tallies = Tallies.from_rows(rows) if rows else real_votes()
    return Golden(json.loads(text), tallies, fold(tallies))


def test_ratings_and_errors(golden: Golden) -> None:
    pairs = golden.pairs
    theta = bradley_terry.fit(pairs)

    covariance = bradley_terry.anchored(
        bradley_terry.sandwich_covariance(pairs, theta), np.full(pairs.n, 1 / pairs.n)
    )

    assert in_elo(theta) == pytest.approx(golden.of("bt"), abs=1e-6, rel=0)
    errors = standard_errors(covariance)
    assert errors == pytest.approx(golden.of("sandwich_se"), abs=1e-6, rel=0)


def test_votes(golden: Golden) -> None:
    assert golden.tallies.votes == golden.figures["votes"]
    assert golden.pairs.votes.tolist() == golden.of("votes")


def test_strengths_of_the_model_with_ties(golden: Golden) -> None:
    fitted = rao_kupper.fit(golden.pairs)

    assert fitted.threshold == pytest.approx(
        golden.figures["raokupper_delta"], rel=1e-5
    )
    found = in_elo(fitted.strengths)
    assert found == pytest.approx(golden.of("raokupper"), abs=2e-3, rel=0)


def test_shrunk_ratings(golden: Golden) -> None:
    pairs = golden.pairs

    prior, _ = estimate_prior(pairs, pairs.votes >= 50)
    theta, _ = posterior(pairs, prior)

    assert prior.dispersion == pytest.approx(golden.figures["phi"], rel=1e-7)
    assert prior.variance == pytest.approx(golden.figures["prior_var"], rel=1e-7)
    assert in_elo(theta) == pytest.approx(golden.of("eb"), abs=1e-5, rel=0)


def test_strengths_of_the_other_model_with_ties(golden: Golden) -> None:
    """Davidson's, which the arena does not use: the votes are read as they were."""
    strengths, log_nu = davidson(golden.pairs)

    assert log_nu == pytest.approx(golden.figures["davidson_log_nu"], abs=1e-6)
    assert in_elo(strengths) == pytest.approx(golden.of("davidson"), abs=1e-4, rel=0)


def davidson(pairs: Pairs) -> tuple[np.ndarray, float]:
    """(n,) strengths, mean zero, and log nu, by Newton; all of it in logits.

    R. R. Davidson, "On extending the Bradley-Terry model to accommodate ties" (1970):
    i wins, ties, loses in proportion to e^i, nu e^((i + j) / 2), e^j. That is
    log-linear, with a row of the design for each outcome.
    """
    m, places = len(pairs.i), np.arange(len(pairs.i))
    design = np.zeros((m, 3, pairs.n + 1))
    design[places, 0, pairs.i] = design[places, 2, pairs.j] = 1
    design[places, 1, pairs.i] = design[places, 1, pairs.j] = 0.5
    design[:, 1, -1] = 1
    votes = np.column_stack([pairs.wins, pairs.ties, pairs.losses])
    total = votes.sum(axis=1)
    # The likelihood does not see a common shift.
    shift = np.append(np.ones(pairs.n), 0) / pairs.n
    place = np.zeros(pairs.n + 1)
    for _ in range(50):
        weight = np.exp(design @ place)
        chance = weight / weight.sum(axis=1, keepdims=True)
        mean = np.einsum("mo,mok->mk", chance, design)
        slope = np.einsum("mo,mok->k", votes, design) - total @ mean
        squares = np.einsum(
            "mok,mol->kl",
            design * (total[:, None] * chance)[..., None],
            design,
            optimize=True,
        )
        curvature = squares - (mean * total[:, None]).T @ mean
        place += np.linalg.solve(curvature + np.outer(shift, shift), slope)
        if np.abs(slope).max() < 1e-9:
            break
    return place[:-1] - place[:-1].mean(), float(place[-1])
