"""The rating table and the list of dumps."""

from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router
from ninja.decorators import decorate_view

from evaluations import leaderboard
from evaluations.api.csv_table import csv_response
from evaluations.api.public import EVERY_METHOD, open_to_all, readable
from evaluations.api.schemas import (
    DumpFile,
    DumpVersion,
    ExposureRow,
    Noise,
    RatingRow,
    RatingTable,
    TableName,
)
from evaluations.api.yardsticks import YardstickTable
from evaluations.battles import recent_noise_floor
from evaluations.matchmaking import recent_exposure
from evaluations.models import Dump
from evaluations.models.tallies import ALL
from evaluations.simulated import simulation
from evaluations.studies import agreement_report

JSON, CSV = "application/json", "text/csv"
router = Router()


@readable(router, "/leaderboard", response=RatingTable, summary="The rating table")
def show_leaderboard(
    request: HttpRequest,
    format: Literal["json", "csv"] | None = None,
    slice: str = ALL,
    adjustment: str = "",
) -> RatingTable | HttpResponse:
    """Each contestant with rating, 95 % interval and rank range, best first.

    As CSV with `?format=csv` or `Accept: text/csv`, the rows alone. The slices and
    adjustments there are stand under `/leaderboards`.
    """
    newest = leaderboard.latest(slice, adjustment)
    if newest is None and (slice, adjustment) != (ALL, ""):
        raise Http404
    groups = leaderboard.groups(leaderboard=newest) if newest else []
    rows = [
        RatingRow.of(group, row)
        for group in groups
        for row in group.rows + group.provisional
    ]
    wanted = format or request.get_preferred_type([JSON, CSV])
    if wanted in ("csv", CSV):
        made_up = "simulated-" if simulation() else ""
        name = f"{made_up}leaderboard.csv"
        return csv_response(name, list(RatingRow.model_fields), rows)
    return RatingTable.of(newest, rows)


@readable(router, "/noise-floor", response=Noise, summary="The noise floor")
def show_noise_floor(request: HttpRequest) -> Noise:
    """How much of a judgement is chance or position, from pairs that check it."""
    return Noise.from_orm(recent_noise_floor())


@readable(
    router, "/exposure", response=list[ExposureRow], summary="Who is drawn how often"
)
def show_exposure(
    request: HttpRequest, format: Literal["json", "csv"] | None = None
) -> list[ExposureRow] | HttpResponse:
    """Battles, views, votes and shares of each contestant, those that play first.

    As CSV with `?format=csv` or `Accept: text/csv`.
    """
    exposure = recent_exposure()
    rows = [ExposureRow.of(line) for line in exposure.active + exposure.resting]
    wanted = format or request.get_preferred_type([JSON, CSV])
    if wanted in ("csv", CSV):
        return csv_response("exposure.csv", list(ExposureRow.model_fields), rows)
    return rows


@readable(
    router, "/leaderboards", response=list[TableName], summary="The tables there are"
)
def list_leaderboards(request: HttpRequest) -> list[TableName]:
    """Of all votes, of categories, languages, sets and sizes, plain and adjusted."""
    return [
        TableName(slice=name, adjustment=adjustment)
        for name, adjustment in leaderboard.tables()
    ]


@readable(
    router, "/agreement", response=YardstickTable, summary="How far yardsticks agree"
)
def show_agreement(request: HttpRequest) -> YardstickTable:
    """Rank correlations of people, judges, benchmarks and question sets, each pair.

    With the values that they rest on; empty before the first comparison.
    """
    return YardstickTable.of(agreement_report.report())


@readable(router, "/dumps", response=list[DumpVersion], summary="Published dumps")
def list_dumps(request: HttpRequest) -> list[DumpVersion]:
    """All published versions, the newest first, with their files."""
    published = Dump.objects.published().order_by("-published_at")
    return [DumpVersion.of(dump, _files(request, dump)) for dump in published]


def _files(request: HttpRequest, dump: Dump) -> list[DumpFile]:
    return [DumpFile(**file, url=_url(request, dump, file)) for file in dump.files]


def _url(request: HttpRequest, dump: Dump, file: dict[str, Any]) -> str:
    address = reverse("dump_file", args=[dump.version, file["name"]])
    return request.build_absolute_uri(address)


@router.api_operation(EVERY_METHOD, "/{path:rest}", include_in_schema=False)
@decorate_view(open_to_all)
def nothing_here(request: HttpRequest, rest: str) -> None:
    raise Http404
