"""How the interface writes down what is known of a judge model."""

from datetime import datetime
from typing import Any, Self

from ninja import Schema

from evaluations.studies.judge_report import (
    JudgeReport,
    ModelLine,
    Paired,
    Rated,
    Results,
    Scored,
)


class Estimate(Schema):
    """A value with its 95 % interval, and the battles it rests on."""

    value: float
    low: float
    high: float
    battles: int

    @classmethod
    def of(cls, figure: Results | None) -> Self | None:
        return cls(**figure) if figure else None


def _agreement(found: Results) -> dict[str, Any]:
    votes, people = found.get("votes") or {}, found.get("people") or {}
    return {
        "agreement": Estimate.of(votes.get("share")),
        "kappa": Estimate.of(votes.get("kappa")),
        "people": Estimate.of(people.get("share")),
        "people_kappa": Estimate.of(people.get("kappa")),
    }


class KindOfPairs(Schema):
    """Agreement on some pairs alone; category, distance or one_mind says on which.

    category: of the prompt; apart_from, apart_to: Elo points between the two models in
    people's table, without an upper end where that is null; one_mind: whether all of
    several people chose the same.
    """

    category: str | None = None
    apart_from: float | None = None
    apart_to: float | None = None
    one_mind: bool | None = None
    agreement: Estimate | None
    kappa: Estimate | None
    people: Estimate | None
    people_kappa: Estimate | None

    @classmethod
    def all_of(cls, results: Results) -> list[Self]:
        kinds: list[tuple[dict[str, Any], Results]] = [
            *(({"category": each["name"]}, each) for each in results["categories"]),
            *(
                ({"apart_from": each["low"], "apart_to": each["high"]}, each)
                for each in results["closeness"]
            ),
            *(({"one_mind": each["all_agree"]}, each) for each in results["unanimity"]),
        ]
        return [cls(**kind, **_agreement(found)) for kind, found in kinds]


class Rating(Schema):
    """Elo points with a 95 % interval."""

    rating: float
    low: float
    high: float

    @classmethod
    def of(cls, rated: Rated | None) -> Self | None:
        if rated is None:
            return None
        ends = {"low": rated.rating - rated.reach, "high": rated.rating + rated.reach}
        return cls(rating=rated.rating, **ends)


class JudgedModel(Schema):
    """A model in the judge's table, whose ratings have the mean of people's.

    people: by their votes; people_alone, combined: the same method without its
    verdicts and with them.
    """

    slug: str
    is_own: bool
    verdicts: float
    judge: Rating | None
    people: Rating | None
    people_alone: Rating | None
    combined: Rating | None

    @classmethod
    def of(cls, line: ModelLine) -> Self:
        return cls(
            slug=line.contestant.slug,
            is_own=line.is_own,
            verdicts=line.votes,
            judge=Rating.of(line.judge),
            people=Rating.of(line.people),
            people_alone=Rating.of(line.alone),
            combined=Rating.of(line.together),
        )


class ScoredModel(Schema):
    """Mean score of a model's answers, each scored alone, of 10.

    Over questions, with the 95 % interval that so many of them leave.
    """

    slug: str
    is_own: bool
    value: float
    low: float | None
    high: float | None
    questions: int
    answers: int

    @classmethod
    def of(cls, scored: Scored) -> Self:
        found = scored.figures
        names = ("is_own", "value", "low", "high", "questions")
        return cls(
            slug=scored.contestant.slug,
            answers=found["values"],
            **{name: found[name] for name in names},
        )


class PairOfModels(Schema):
    """Points that two models got beside each other, summed over their battles."""

    x: str
    y: str
    battles: int
    points_x: float
    points_y: float

    @classmethod
    def of(cls, pair: Paired) -> Self:
        return cls(**pair.figures)


class JudgeModel(Schema):
    """One judge; everything is null before its first verdicts were gone through.

    agreement: share of votes that chose the same of three; kappa: Cohen's; people: the
    same shares of two people on one pair. first_place: share for the answer shown
    first, of verdicts for one; first_place_log_odds: strengths held equal. worth: votes
    of people that its verdicts on further battles stand for; ceiling: at most. models,
    scores and pairs are empty unless that judge alone was asked for.
    """

    slug: str
    name: str
    maker: str
    made_at: datetime | None = None
    battles: int | None = None
    shared_battles: int | None = None
    agreement: Estimate | None = None
    kappa: Estimate | None = None
    people: Estimate | None = None
    people_kappa: Estimate | None = None
    first_place: Estimate | None = None
    first_place_log_odds: Estimate | None = None
    worth: float | None = None
    ceiling: float | None = None
    kinds: list[KindOfPairs] = []
    models: list[JudgedModel] = []
    scores: list[ScoredModel] = []
    pairs: list[PairOfModels] = []

    @classmethod
    def of(cls, report: JudgeReport) -> Self:
        judge, results = report.judge, report.results
        figures = _figures(report, results) if results else {}
        return cls(
            slug=judge.slug,
            name=judge.name,
            maker=judge.maker,
            models=[JudgedModel.of(each) for each in report.models],
            scores=[ScoredModel.of(each) for each in report.scored],
            pairs=[PairOfModels.of(each) for each in report.pairs],
            **figures,
        )


def _figures(report: JudgeReport, results: Results) -> dict[str, Any]:
    combined = report.combined or {}
    return {
        "made_at": report.made_at,
        "battles": results["judged"]["battles"],
        "shared_battles": results["judged"]["shared"],
        **_agreement(report.agreement or {}),
        "first_place": Estimate.of(results["position"]["share"]),
        "first_place_log_odds": Estimate.of(results["position"]["log_odds"]),
        "worth": combined.get("worth"),
        "ceiling": combined.get("ceiling"),
        "kinds": KindOfPairs.all_of(results),
    }
