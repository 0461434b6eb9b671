"""The table that one voice alone gives: a judge's verdicts rated as votes are."""

from dataclasses import dataclass

from evaluations.rating import graph
from evaluations.rating.estimate import Estimate, estimate
from evaluations.rating.opinions import Opinions
from evaluations.rating.table import ESTABLISHED_VOTES, FEW_VOTES
from evaluations.rating.tallies import Floats, Integers


@dataclass(frozen=True, slots=True)
class OwnTable:
    """members: (m,) contestants, sorted, that opinions connect; votes: (m,) of each;
    estimate: of the members"""

    members: Integers
    votes: Floats
    estimate: Estimate


def own_tables(opinions: Opinions) -> list[OwnTable]:
    """Estimate each group of contestants that the opinions connect, the largest first.

    Two opinions of half a vote on one battle count as if they were of two battles, so
    that intervals are rather too wide where a judge contradicts itself.
    """
    pairs = opinions.pairs()
    tables = []
    for members in graph.components(pairs):
        among = pairs.among(members)
        if not len(among.i):
            continue
        estimated = estimate(
            among, established_votes=ESTABLISHED_VOTES, few_votes=FEW_VOTES
        )
        tables.append(OwnTable(members, among.votes, estimated))
    return tables
