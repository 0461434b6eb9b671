from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from evaluations import auditing, leaderboard
from evaluations.views.choices import Choice, selects, switches
from evaluations.views.columns import Columns, columns_of
from evaluations.views.effects import effect_sentences
from evaluations.views.ordering import heads
from evaluations.views.plot_files import files_of
from evaluations.views.plots import Plot, by_rating, plots
from evaluations.views.rating_table import boards


@require_safe
@gzip_page
@conditional_page
def show(request: HttpRequest) -> HttpResponse:
    tables = leaderboard.tables()
    columns = columns_of(request.GET.getlist("columns"))
    choice = replace(_choice(request.GET.dict(), tables), columns=columns.slugs)
    if "was" in request.GET and not choice.notes:
        return HttpResponseRedirect(reverse("leaderboard") + choice.query)
    table = _table(choice, columns)
    newest, groups = table["leaderboard"], table["groups"]
    context = {
        **table,
        "selects": selects(choice, tables),
        "switches": switches(choice, tables),
        "columns": columns,
        "plots": plots(newest, groups, choice) if groups else [],
        "swap": auditing.leader_swap() if choice.is_of_all else None,
        "unrated": leaderboard.unrated(leaderboard=newest) if choice.is_of_all else [],
    }
    return render(request, "leaderboard.html", context)


@require_safe
@gzip_page
@conditional_page
def table(request: HttpRequest) -> HttpResponse:
    """Show the tables alone, for a page that has them open."""
    asked = request.GET.getlist("columns")
    # What else is offered stands in the form, which this is without.
    columns = columns_of(asked) if asked else Columns()
    choice = _choice(request.GET.dict(), leaderboard.tables())
    choice = replace(choice, columns=columns.slugs)
    return render(request, "partials/boards.html", _table(choice, columns))


def _choice(given: Mapping[str, str], tables: Collection[tuple[str, str]]) -> Choice:
    return Choice.asked(given, tables, leaderboard.set_titles())


def _table(choice: Choice, columns: Columns) -> dict[str, Any]:
    newest = leaderboard.latest(choice.slice, choice.adjustment)
    groups = leaderboard.groups(leaderboard=newest) if newest else []
    shown = boards(groups, choice, columns.shown)
    return {
        "choice": choice,
        "leaderboard": newest,
        "groups": groups,
        "models": sum(len(group.rows) + len(group.provisional) for group in groups),
        "shown": sum(len(board.lines) + len(board.provisional) for board in shown),
        "boards": shown,
        "heads": heads(choice.ordering),
        "score_columns": columns.shown,
        "effects": effect_sentences(newest.coefficients) if newest else [],
    }


def _plot(request: HttpRequest, key: str) -> Plot:
    choice = _choice(request.GET.dict(), leaderboard.tables())
    newest = leaderboard.latest(choice.slice, choice.adjustment)
    groups = leaderboard.groups(leaderboard=newest) if newest else []
    if newest and groups:
        made = [by_rating(groups, choice), *plots(newest, groups, choice)]
        for plot in made:
            if plot is not None and plot.key == key:
                return plot
    raise Http404


drawing, figures = files_of(_plot)
