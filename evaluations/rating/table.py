"""The rating table: from tallies to ratings, intervals and rank ranges."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Final, TypeAlias

import numpy as np
from scipy.special import ndtri

from evaluations.rating.comparison import quasi_errors
from evaluations.rating.estimate import QUORUM, YOUNG_PRIOR
from evaluations.rating.groups import EQUAL_VOTES, Group, estimate_groups
from evaluations.rating.needed import votes_to_median_error, votes_to_separate
from evaluations.rating.ranks import (
    DRAWS,
    careful_bound,
    critical_value,
    rank_ranges,
)
from evaluations.rating.tallies import (
    Booleans,
    ContestantKey,
    Floats,
    Tallies,
)

METHOD: Final = "bradley-terry"
CENTRE: Final = 1000.0
ELO_PER_LOGIT: Final = 400 / log(10)
LEVEL: Final = 0.95
REACH: Final = float(ndtri((1 + LEVEL) / 2))
DECIMALS_OF_ORDER: Final = 6
# More votes than this are no outlook.
MOST_NEEDED: Final = 1_000_000
ESTABLISHED_VOTES: Final = 100
FEW_VOTES: Final = 50
# Beyond so many, quasi-variances take as long as all the rest together.
MOST_COMPARED: Final = 300
# Ways to the bound of the rank ranges.
MAX_T, BONFERRONI = "max-t step-down", "bonferroni"

Parameters: TypeAlias = dict[str, float | int | str | list[float] | list[int]]


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One contestant. Ratings, bounds and se in Elo points; the bounds hold 95 %.

    The true ranks of a whole group lie within rank_low (best) to rank_high (worst),
    together, 95 % of the time. ties leaves both_bad out; win_rate is the share of
    decided battles won, None where none was decided; usable_share is the share of
    battles that did not end both_bad. How many more votes it needs until its standard
    error is the group's median one, and until it is surely apart from the next better
    contestant (the best one from the second); None where that is out of reach.
    tie_strength is its strength, in logits, in the model that tells ties from wins. The
    squares of two comparison_errors, in Elo points, add up to the variance of the
    difference. design_effect: of the votes of same volunteers, None where unknown.
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
    comparison_error: float
    design_effect: float | None


@dataclass(frozen=True, slots=True)
class RatingGroup:
    """Contestants that votes connect, best first; never to be ranked against others.

    anchor: whose mean is 1000, `established` or `all`; dispersion and prior_variance
    (logit^2): of the prior for the provisional rows, None where there is none;
    tie_threshold: logits, with the rows' tie_strength for the chances of an outcome;
    rank_bound: standard errors by which two must differ to be ranked
    """

    rows: tuple[RatingRow, ...]
    votes: int
    rank_bound: float
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
    tallies: Tallies,
    *,
    established_votes: int = ESTABLISHED_VOTES,
    few_votes: int = FEW_VOTES,
) -> RatingTable:
    """Rate all contestants that have a vote.

    The mean of those with established_votes is 1000, or of all while fewer than three
    have them. A row is provisional below few_votes, without a decided battle, or where
    wins and losses do not connect it both ways; so are all rows of a group in which
    fewer than three would be left.
    """
    groups = estimate_groups(
        tallies, established_votes=established_votes, few_votes=few_votes
    )
    thresholds = {"established_votes": established_votes, "few_votes": few_votes}
    table = table_of(groups)
    return replace(table, parameters=table.parameters | thresholds)


def table_of(
    groups: Sequence[Group],
    *,
    among: Collection[ContestantKey] | None = None,
    bounds: Sequence[float] | None = None,
    ranks: str = MAX_T,
) -> RatingTable:
    """Make the table of estimated groups, or of some contestants among them.

    Ranks hold within a group, and within the chosen. bounds: of an earlier table of the
    same groups, by the way that `ranks` names; without them they are made here.
    """
    chosen = [_members(group, among) for group in groups]
    made = [
        _rating_group(group, members, ranks, None if bounds is None else bounds[number])
        for number, (group, members) in enumerate(zip(groups, chosen, strict=True))
    ]
    parameters = _parameters() | {
        "rank_ranges": ranks,
        "rank_bounds": [group.rank_bound for group in made],
        "group_sizes": sizes_of(groups, among),
    }
    return RatingTable(METHOD, parameters, tuple(group for group in made if group.rows))


def sizes_of(
    groups: Sequence[Group], among: Collection[ContestantKey] | None = None
) -> list[int]:
    """How many contestants each group has, or how many of the chosen."""
    return [int(_members(group, among).sum()) for group in groups]


def _members(group: Group, among: Collection[ContestantKey] | None) -> Booleans:
    if among is None:
        return np.ones(len(group.names), dtype=bool)
    return group.mask(frozenset(among))


def _parameters() -> Parameters:
    return {
        "tie_score": 0.5,
        "both_bad": "tie",
        "centre": CENTRE,
        "elo_per_logit": ELO_PER_LOGIT,
        "level": LEVEL,
        "rank_draws": DRAWS,
        "predictions": "rao-kupper",
        "equal_votes": EQUAL_VOTES,
        "intervals": "sandwich",
        "provisional": "empirical-bayes",
        "established_votes": ESTABLISHED_VOTES,
        "few_votes": FEW_VOTES,
        "quorum": QUORUM,
        "young_prior_variance": YOUNG_PRIOR.variance,
    }


def _rating_group(
    group: Group, members: Booleans, ranks: str, bound: float | None
) -> RatingGroup:
    strengths = group.estimate.strengths[members]
    covariance = group.estimate.covariance[np.ix_(members, members)]
    if bound is None:
        bound = _bound(ranks, strengths, covariance)
    rows = _rows(group, members, strengths, covariance, bound)
    rows.sort(key=lambda row: (-round(row.rating, DECIMALS_OF_ORDER), row.key))
    prior = group.estimate.prior
    return RatingGroup(
        rows=tuple(rows),
        votes=int(group.pairs.battles.sum()),
        rank_bound=bound,
        anchor=group.estimate.anchor,
        dispersion=None if prior is None else prior.dispersion,
        prior_variance=None if prior is None else prior.variance,
        tie_threshold=group.predicting.threshold,
    )


def _bound(ranks: str, strengths: Floats, covariance: Floats) -> float:
    if len(strengths) < 2:
        return 0.0
    if ranks == BONFERRONI:
        return critical_value(len(strengths), level=LEVEL)
    return careful_bound(strengths, covariance, level=LEVEL)


def _rows(
    group: Group,
    members: Booleans,
    strengths: Floats,
    covariance: Floats,
    bound: float,
) -> list[RatingRow]:
    """Rows of the (n,) members, of whom strengths (m,) and covariance (m, m) are."""
    if not members.any():
        return []
    ratings, errors = in_elo(strengths), standard_errors(covariance)
    low, high = rank_ranges(strengths, covariance, bound=bound)
    votes = group.votes[members]
    figures = (
        ratings,
        errors,
        low,
        high,
        group.estimate.provisional[members],
        group.records[members],
        votes_to_median_error(votes, errors),
        votes_to_separate(votes, strengths, covariance, bound=bound),
        group.predicting.strengths[members],
        ELO_PER_LOGIT * _comparison_errors(covariance),
        np.full(len(votes), None) if group.effects is None else group.effects[members],
    )
    names = [name for name, kept in zip(group.names, members, strict=True) if kept]
    columns = (column.tolist() for column in figures)
    return [_row(*each) for each in zip(names, *columns, strict=True)]


def _comparison_errors(covariance: Floats) -> Floats:
    """(n,) logits; of a large table the plain errors, which are as good there."""
    if len(covariance) > MOST_COMPARED:
        variance: Floats = np.diag(covariance).clip(min=0)
        return np.sqrt(variance)
    return quasi_errors(covariance)


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
    comparison_error: float,
    design_effect: float | None,
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
        comparison_error=comparison_error,
        design_effect=design_effect,
    )


def in_elo(strengths: Floats) -> Floats:
    """Turn (n,) strengths in logits about their anchor into ratings about 1000."""
    return CENTRE + ELO_PER_LOGIT * strengths


def standard_errors(covariance: Floats) -> Floats:
    """Standard errors in Elo points, (n,), from a covariance in logit^2, (n, n)."""
    variance = np.diag(covariance).clip(min=0)
    errors: Floats = ELO_PER_LOGIT * np.sqrt(variance)
    return errors
