"""How near a published table is to the truth."""

from dataclasses import asdict, dataclass
from math import log
from typing import Final

from scipy.stats import kendalltau

from evaluations.rating.tallies import Booleans, Floats, Integers

ELO_PER_LOGIT: Final = 400 / log(10)


@dataclass(frozen=True, slots=True)
class Published:
    """One group of a table, a column each; (n,) all.

    truth: logits; rating, low, high, error: Elo points; rank_low, rank_high: ranks;
    anchors: whose mean the table is centred on; newcomers: who joined late; battles:
    in how many each has been
    """

    truth: Floats
    rating: Floats
    low: Floats
    high: Floats
    error: Floats
    rank_low: Integers
    rank_high: Integers
    anchors: Booleans
    newcomers: Booleans
    battles: Integers


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a table of so many votes is worth.

    tau: Kendall's, of ratings against the truth; coverage: share of 95 % intervals that
    hold the truth; rank_width: ranks in the mean range; exposure: least battles of a
    contestant over the mean, newcomers aside; newcomers_error: the mean standard error,
    in Elo, of the newcomers rated, None where none is
    """

    votes: int
    rated: int
    tau: float
    coverage: float
    rank_width: float
    exposure: float
    newcomers_error: float | None

    def as_row(self) -> dict[str, float | int | None]:
        row: dict[str, float | int | None] = asdict(self)
        return row


def measure(published: Published, *, votes: int) -> Checkpoint:
    """Compare a table with the truth, which is shifted to the table's own centre."""
    truth = (
        published.truth - _mean(published.truth, published.anchors)
    ) * ELO_PER_LOGIT
    centre = _mean(published.rating, published.anchors)
    held = (published.low - centre <= truth) & (truth <= published.high - centre)
    widths = published.rank_high - published.rank_low + 1
    late = published.newcomers
    seen = published.battles[~late]
    return Checkpoint(
        votes=votes,
        rated=len(truth),
        tau=float(kendalltau(published.rating, truth).statistic),
        coverage=float(held.mean()),
        rank_width=float(widths.mean()),
        exposure=float(seen.min() / seen.mean()) if seen.any() else 0.0,
        newcomers_error=_mean(published.error, late) if late.any() else None,
    )


def _mean(values: Floats, of: Booleans) -> float:
    return float(values[of].mean())


def votes_until(checkpoints: list[Checkpoint], *, tau: float) -> int | None:
    """After how many votes tau has been reached for good; None where it never is."""
    reached = None
    for checkpoint in reversed(checkpoints):
        if checkpoint.tau < tau:
            break
        reached = checkpoint.votes
    return reached
