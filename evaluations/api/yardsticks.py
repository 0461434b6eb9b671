"""What the interface says of yardsticks and how far they agree."""

from datetime import datetime
from typing import Self

from ninja import Schema

from evaluations.simulated import simulation
from evaluations.studies.agreement_report import Agreement, Figure, Pair
from evaluations.studies.yardsticks import Yardstick


class RankCorrelation(Schema):
    """From -1 to 1, with a 95 % bootstrap interval over models where there is one."""

    value: float
    low: float | None
    high: float | None

    @classmethod
    def of(cls, figure: Figure | None) -> Self | None:
        return cls.from_orm(figure) if figure else None


class YardstickPair(Schema):
    """Two yardsticks by their keys; compared, too few, or level (all values equal)."""

    x: str
    y: str
    models: int
    outcome: str
    spearman: RankCorrelation | None
    kendall: RankCorrelation | None

    @classmethod
    def of(cls, pair: Pair) -> Self:
        return cls(
            x=pair.x.key,
            y=pair.y.key,
            models=pair.models,
            outcome=pair.outcome,
            spearman=RankCorrelation.of(pair.spearman),
            kendall=RankCorrelation.of(pair.kendall),
        )


class YardstickValue(Schema):
    """What it says of one model, with a 95 % interval where that is known."""

    slug: str
    value: float
    low: float | None
    high: float | None


class YardstickRow(Schema):
    """kind: people, set, judge or benchmark."""

    key: str
    kind: str
    name: str
    unit: str
    less_is_better: bool
    values: list[YardstickValue]

    @classmethod
    def of(cls, yardstick: Yardstick) -> Self:
        return cls(
            key=yardstick.key,
            kind=yardstick.kind,
            name=yardstick.name,
            unit=yardstick.unit,
            less_is_better=yardstick.turned,
            values=[
                YardstickValue(slug=slug, value=m.value, low=m.low, high=m.high)
                for slug, m in sorted(yardstick.measures.items())
            ],
        )


class PeopleBesideOthers(Schema):
    """People against each judge and benchmark: the median rank correlations."""

    yardsticks: int
    spearman: float
    kendall: float


class YardstickTable(Schema):
    """Yardsticks that share enough models with another one, and each pair of them."""

    simulated: bool = False
    made_at: datetime | None = None
    least_models: int | None = None
    resamples: int | None = None
    people: PeopleBesideOthers | None = None
    yardsticks: list[YardstickRow] = []
    pairs: list[YardstickPair] = []

    @classmethod
    def of(cls, agreement: Agreement | None) -> Self:
        made_up = simulation() is not None
        if agreement is None:
            return cls(simulated=made_up)
        beside = agreement.overall
        return cls(
            simulated=made_up,
            made_at=agreement.made_at,
            least_models=agreement.least_models,
            resamples=agreement.resamples,
            people=PeopleBesideOthers.from_orm(beside) if beside else None,
            yardsticks=[
                YardstickRow.of(each) for each in agreement.yardsticks.values()
            ],
            pairs=[YardstickPair.of(each) for each in agreement.pairs],
        )
