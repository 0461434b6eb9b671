"""What the interface says of judge models."""

from datetime import datetime
from typing import Any, Self

from django.http import HttpRequest
from ninja import Router, Schema

from evaluations.api.public import readable
from evaluations.studies.judge_report import JudgeReport, Results, reports

router = Router()


class Estimate(Schema):
    """A value with its 95 % interval, and the battles it rests on."""

    value: float
    low: float
    high: float
    battles: int

    @classmethod
    def of(cls, figure: Results | None) -> Self | None:
        return cls(**figure) if figure else None


class JudgeModel(Schema):
    """One judge; everything is null before its first verdicts were gone through.

    agreement: share of votes that chose the same of three; kappa: Cohen's; people: the
    same shares of two people on one pair. first_place: share for the answer shown
    first, of verdicts for one; first_place_log_odds: strengths held equal. worth: votes
    of people that its verdicts on further battles stand for; ceiling: at most.
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

    @classmethod
    def of(cls, report: JudgeReport) -> Self:
        judge, results = report.judge, report.results
        figures = _figures(report, results) if results else {}
        return cls(slug=judge.slug, name=judge.name, maker=judge.maker, **figures)


def _figures(report: JudgeReport, results: Results) -> dict[str, Any]:
    found, combined = report.agreement or {}, report.combined or {}
    votes, people = found.get("votes") or {}, found.get("people") or {}
    return {
        "made_at": report.made_at,
        "battles": results["judged"]["battles"],
        "shared_battles": results["judged"]["shared"],
        "agreement": Estimate.of(votes.get("share")),
        "kappa": Estimate.of(votes.get("kappa")),
        "people": Estimate.of(people.get("share")),
        "people_kappa": Estimate.of(people.get("kappa")),
        "first_place": Estimate.of(results["position"]["share"]),
        "first_place_log_odds": Estimate.of(results["position"]["log_odds"]),
        "worth": combined.get("worth"),
        "ceiling": combined.get("ceiling"),
    }


@readable(router, "/judges", response=list[JudgeModel], summary="Judge models")
def list_judges(request: HttpRequest) -> list[JudgeModel]:
    """How far each agrees with people, what it leans to, and what it is worth."""
    return [JudgeModel.of(each) for each in reports()]
