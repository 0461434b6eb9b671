"""What the interface says of judge models."""

from typing import Annotated

from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import StringConstraints

from evaluations.api.judge_schemas import JudgeModel
from evaluations.api.public import readable
from evaluations.studies.judge_report import report, reports

router = Router()
Slug = Annotated[str, StringConstraints(pattern="^[-a-zA-Z0-9_]{1,80}$")]


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
