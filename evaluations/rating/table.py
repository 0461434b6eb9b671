"""The rating table: from tallies to ratings, intervals and rank ranges."""

from dataclasses import dataclass
from math import log
from typing import Final, TypeAlias

import numpy as np
from scipy.special import ndtri

from evaluations.rating import graph, rao_kupper
from evaluations.rating.estimate import (
    QUORUM,
    YOUNG_PRIOR,
    Estimate,
    estimate,
    prior_matrix,
)
from evaluations.rating.needed import votes_to_median_error, votes_to_separate
from evaluations.rating.ranks import DRAWS, rank_ranges
from evaluations.rating.rao_kupper import TieModel
from evaluations.rating.tallies import (
    A_WINS,
    B_WINS,
    BOTH_BAD,
    OUTCOMES,
    TIE,
    ContestantKey,
    Floats,
    Integers,
    Pairs,
    Tallies,
    fold,
)

METHOD: Final = "bradley-terry"
CENTRE: Final = 1000.0
ELO_PER_LOGIT: Final = 400 / log(10)
LEVEL: Final = 0.95
REACH: Final = float(ndtri((1 + LEVEL) / 2))
DECIMALS_OF_ORDER: Final = 6
# More votes than this are no outlook.
MOST_NEEDED: Final = 1_000_000
# Wins, ties and losses between equals that predictions suppose beside the real votes.
EQUAL_VOTES: Final = 1

Parameters: TypeAlias = dict[str, float | int | str]


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One contestant. Ratings, bounds and se in Elo points; the bounds hold 95 %.

    The true ranks of a whole group lie within rank_low (best) to rank_high (worst),
    together, 95 % of the time. ties leaves both_bad out; win_rate is the share of
    decided battles won, None where none was decided; usable_share is the share of
    battles that did not end both_bad. How many more votes it needs until its standard
    error is the group's median one, and until it is surely apart from the next better
    contestant (the best one from the second); None where that is out of reach.
    tie_strength is its strength, in logits, in the model that tells ties from wins.
    """

    key: ContestantKey
    rating: float
    rating_low: float
    rating_high: float
    se: float
    rank_low: int
    rank_high: int
    votes: int
    wins: int
    ties: int
    both_bad: int
    losses: int
    win_rate: float | None
    usable_share: float
    provisional: bool
    votes_to_median: int
    votes_to_separate: int | None
    tie_strength: float


@dataclass(frozen=True, slots=True)
class RatingGroup:
    """Contestants that votes connect, best first; never to be ranked against others.

    anchor: whose mean is 1000, `established` or `all`; dispersion and prior_variance
    (logit^2): of the prior for the provisional rows, None where there is none;
    tie_threshold: logits, with the rows' tie_strength for the chances of an outcome
    """

    rows: tuple[RatingRow, ...]
    votes: int
    anchor: str
    dispersion: float | None
    prior_variance: float | None
    tie_threshold: float


@dataclass(frozen=True, slots=True)
class RatingTable:
    """Groups, largest first, with what it takes to compute them again."""

    method: str
    parameters: Parameters
    groups: tuple[RatingGroup, ...]


def rate(
    tallies: Tallies, *, established_votes: int = 100, few_votes: int = 50
) -> RatingTable:
    """Rate all contestants that have a vote.

    The mean of those with established_votes is 1000, or of all while fewer than three
    have them. A row is provisional below few_votes, without a decided battle, or where
    wins and losses do not connect it both ways; so are all rows of a group in which
    fewer than three would be left.
    """
    pairs = fold(tallies)
    records = _records(tallies)
    groups = []
    for members in graph.components(pairs):
        group = pairs.among(members)
        estimated = estimate(
            group, established_votes=established_votes, few_votes=few_votes
        )
        names = [tallies.names[member] for member in members]
        groups.append(_group(group, estimated, names, records[members]))
    parameters = _parameters(established_votes, few_votes)
    return RatingTable(METHOD, parameters, tuple(groups))


def _parameters(established_votes: int, few_votes: int) -> Parameters:
    return {
        "tie_score": 0.5,
        "both_bad": "tie",
        "centre": CENTRE,
        "elo_per_logit": ELO_PER_LOGIT,
        "level": LEVEL,
        "rank_ranges": "max-t step-down",
        "rank_draws": DRAWS,
        "predictions": "rao-kupper",
        "equal_votes": EQUAL_VOTES,
        "intervals": "sandwich",
        "provisional": "empirical-bayes",
        "established_votes": established_votes,
        "few_votes": few_votes,
        "quorum": QUORUM,
        "young_prior_variance": YOUNG_PRIOR.variance,
    }


def _records(tallies: Tallies) -> Integers:
    """Count each contestant's wins, ties, both_bad and losses; (n, 4) votes."""
    kinds = len(OUTCOMES)
    turned = np.array([B_WINS, TIE, BOTH_BAD, A_WINS])[tallies.outcome]
    first = tallies.first * kinds + tallies.outcome
    second = tallies.second * kinds + turned
    cells, counts = np.append(first, second), np.tile(tallies.count, 2)
    sums = np.bincount(cells, counts, len(tallies.names) * kinds)
    return sums.astype(np.int64).reshape(-1, kinds)


def _group(
    pairs: Pairs,
    estimated: Estimate,
    names: list[ContestantKey],
    records: Integers,
) -> RatingGroup:
    predicting = _tie_model(pairs, estimated)
    rows = _rows(estimated, predicting.strengths, names, records)
    rows.sort(key=lambda row: (-round(row.rating, DECIMALS_OF_ORDER), row.key))
    prior = estimated.prior
    return RatingGroup(
        rows=tuple(rows),
        votes=int(pairs.battles.sum()),
        anchor=estimated.anchor,
        dispersion=None if prior is None else prior.dispersion,
        prior_variance=None if prior is None else prior.variance,
        tie_threshold=predicting.threshold,
    )


def _tie_model(pairs: Pairs, estimated: Estimate) -> TieModel:
    """Predict with the provisional drawn to the others, as in the ratings."""
    prior = None
    if estimated.prior is not None:
        prior = prior_matrix(~estimated.provisional, estimated.prior)
    return rao_kupper.fit(pairs, prior=prior, equal_votes=EQUAL_VOTES)


def _rows(
    estimated: Estimate,
    tie_strengths: Floats,
    names: list[ContestantKey],
    records: Integers,
) -> list[RatingRow]:
    ratings = in_elo(estimated.strengths)
    errors = standard_errors(estimated.covariance)
    low, high = rank_ranges(estimated.strengths, estimated.covariance, level=LEVEL)
    votes = records.sum(axis=1).astype(np.float64)
    to_median = votes_to_median_error(votes, errors)
    to_separate = votes_to_separate(votes, estimated.strengths, estimated.covariance)
    columns = (ratings, errors, low, high, estimated.provisional, records)
    needed = (to_median, to_separate)
    figures = (column.tolist() for column in (*columns, *needed, tie_strengths))
    return [_row(*each) for each in zip(names, *figures, strict=True)]


def _row(
    key: ContestantKey,
    rating: float,
    error: float,
    rank_low: int,
    rank_high: int,
    provisional: bool,
    record: list[int],
    to_median: float,
    to_separate: float,
    tie_strength: float,
) -> RatingRow:
    wins, ties, both_bad, losses = record
    votes = sum(record)
    return RatingRow(
        key=key,
        rating=rating,
        rating_low=rating - REACH * error,
        rating_high=rating + REACH * error,
        se=error,
        rank_low=rank_low,
        rank_high=rank_high,
        votes=votes,
        wins=wins,
        ties=ties,
        both_bad=both_bad,
        losses=losses,
        win_rate=wins / (wins + losses) if wins + losses else None,
        usable_share=1 - both_bad / votes,
        provisional=provisional,
        votes_to_median=int(to_median),
        votes_to_separate=int(to_separate) if to_separate <= MOST_NEEDED else None,
        tie_strength=tie_strength,
    )


def in_elo(strengths: Floats) -> Floats:
    """Turn (n,) strengths in logits about their anchor into ratings about 1000."""
    return CENTRE + ELO_PER_LOGIT * strengths


def standard_errors(covariance: Floats) -> Floats:
    """Standard errors in Elo points, (n,), from a covariance in logit^2, (n, n)."""
    variance = np.diag(covariance).clip(min=0)
    errors: Floats = ELO_PER_LOGIT * np.sqrt(variance)
    return errors
