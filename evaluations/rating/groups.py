"""From tallies to the estimates of all groups of contestants that votes connect."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from evaluations.rating import graph, rao_kupper
from evaluations.rating.clusters import DesignEffects, inflate
from evaluations.rating.estimate import Estimate, estimate, prior_matrix
from evaluations.rating.rao_kupper import TieModel
from evaluations.rating.tallies import (
    A_WINS,
    B_WINS,
    BOTH_BAD,
    OUTCOMES,
    TIE,
    Booleans,
    ContestantKey,
    Floats,
    Integers,
    Pairs,
    Tallies,
    fold,
)

# Wins, ties and losses between equals that predictions suppose beside the real votes.
EQUAL_VOTES: Final = 1


@dataclass(frozen=True, slots=True)
class Group:
    """What is known of n contestants that votes connect, in the order of their names.

    records: (n, 4) wins, ties, both_bad and losses; estimate: strengths with their
    covariance; predicting: their strengths in the model that tells ties from wins;
    effects: (n,) design effects that the covariance takes in, None where unknown
    """

    names: tuple[ContestantKey, ...]
    pairs: Pairs
    records: Integers
    estimate: Estimate
    predicting: TieModel
    effects: Floats | None = None

    @property
    def votes(self) -> Floats:
        """(n,) votes of each contestant."""
        votes: Floats = self.records.sum(axis=1).astype(np.float64)
        return votes

    def mask(self, among: frozenset[ContestantKey]) -> Booleans:
        """(n,) who of the group is among these."""
        return np.array([name in among for name in self.names], dtype=bool)


def estimate_groups(
    tallies: Tallies, *, established_votes: int, few_votes: int
) -> tuple[Group, ...]:
    """Estimate every group, the largest first."""
    pairs, records = fold(tallies), _records(tallies)
    groups = []
    for members in graph.components(pairs):
        among = pairs.among(members)
        estimated = estimate(
            among, established_votes=established_votes, few_votes=few_votes
        )
        groups.append(
            Group(
                names=tuple(tallies.names[member] for member in members),
                pairs=among,
                records=records[members],
                estimate=estimated,
                predicting=_tie_model(among, estimated),
            )
        )
    return tuple(groups)


def widened(group: Group, effects: DesignEffects | None) -> Group:
    """The group with the errors that votes of the same volunteers leave."""
    if effects is None:
        return group
    own, estimated = effects.among(group.names), group.estimate
    anchors = estimated.anchors / estimated.anchors.sum()
    covariance = inflate(estimated.covariance, own, anchors)
    wide = replace(estimated, covariance=covariance)
    return replace(group, estimate=wide, effects=own)


def _records(tallies: Tallies) -> Integers:
    """Count each contestant's wins, ties, both_bad and losses; (n, 4) votes."""
    kinds = len(OUTCOMES)
    turned = np.array([B_WINS, TIE, BOTH_BAD, A_WINS])[tallies.outcome]
    first = tallies.first * kinds + tallies.outcome
    second = tallies.second * kinds + turned
    cells, counts = np.append(first, second), np.tile(tallies.count, 2)
    sums = np.bincount(cells, counts, len(tallies.names) * kinds)
    return sums.astype(np.int64).reshape(-1, kinds)


def _tie_model(pairs: Pairs, estimated: Estimate) -> TieModel:
    """Predict with the provisional drawn to the others, as in the ratings."""
    prior = None
    if estimated.prior is not None:
        prior = prior_matrix(~estimated.provisional, estimated.prior)
    return rao_kupper.fit(pairs, prior=prior, equal_votes=EQUAL_VOTES)
