"""What the interface says of judge models."""

from django.http import Http404, HttpRequest
from ninja import Router

from evaluations.api.judge_schemas import JudgeModel
from evaluations.api.public import Slug, readable
from evaluations.studies.judge_report import report, reports

router = Router()


@readable(router, "/judges", response=list[JudgeModel], summary="Judge models")
def list_judges(request: HttpRequest, judge: Slug | None = None) -> list[JudgeModel]:
    """How far each agrees with people, what it leans to, and what it is worth.

    With `?judge=` that one alone, with its ratings beside people's, and the scores and
    points it gave.
    """
    if judge is None:
        return [JudgeModel.of(each) for each in reports()]
    found = report(judge)
    if found is None:
        raise Http404
    return [JudgeModel.of(found)]
