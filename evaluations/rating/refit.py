"""A fitted group of contestants, to be fitted again with other votes.

Who is provisional, and the prior that draws the provisional, are held as they are in
the published table: what changes is the votes alone.
"""

from dataclasses import dataclass, replace
from typing import Final

from evaluations.rating import bradley_terry
from evaluations.rating.empirical_bayes import towards_common_mean
from evaluations.rating.estimate import Estimate, prior_matrix
from evaluations.rating.tallies import Floats, Pairs

# Keeps a strength finite where the votes left are unanimous; moves no other one.
WEAK: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Fitted:
    """pairs of n contestants; strengths: (n,) logits; prior: (n, n), 1 / logit^2.

    anchors: (n,) weights of the mean about which the table prints the ratings
    """

    pairs: Pairs
    strengths: Floats
    prior: Floats
    anchors: Floats

    def inverse(self) -> Floats:
        """(H + prior)^-1, (n, n), logit^2; meant for differences."""
        return bradley_terry.posterior_covariance(
            self.pairs, self.strengths, prior=self.prior
        )

    def among(self, pairs: Pairs) -> "Fitted":
        """The same contestants fitted to these votes, from the strengths known."""
        strengths = bradley_terry.fit(pairs, prior=self.prior, start=self.strengths)
        return replace(self, pairs=pairs, strengths=strengths)


def fitted(pairs: Pairs, estimated: Estimate) -> Fitted:
    """Fit a group that votes connect as the table did, ready to be fitted again."""
    prior = towards_common_mean(pairs.n, WEAK)
    if estimated.prior is not None:
        prior = prior + prior_matrix(~estimated.provisional, estimated.prior)
    anchors = estimated.anchors / estimated.anchors.sum()
    return Fitted(pairs, estimated.strengths, prior, anchors).among(pairs)
