"""Sets of prompts, the prompts of one set, and one prompt."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe
from django.views.decorators.vary import vary_on_cookie

from evaluations import moderation
from evaluations.models import PromptSet
from evaluations.question_sets import reading
from evaluations.question_sets.reading import Wanted
from evaluations.templatetags.arena import category_name, language_name
from evaluations.views.choices import Option, Select
from evaluations.views.samples import samples_on
from evaluations.views.visitors import token_of
from evaluations.volunteers import visitor_with

MOST_WORDS = 100
JUDGED = {
    "": "All of them",
    "not": "Not judged yet",
    "once": "Judged",
    "several": "Judged by several",
}
ORDERS = {
    "": "As in the set",
    "votes": "Most judged first",
    "disagreement": "Most disagreement first",
}
# The fields of a choice by the names that addresses have for them.
FIELDS = {
    "category": "category",
    "language": "language",
    "q": "words",
    "judged": "judged",
    "sort": "order",
}


@require_safe
@gzip_page
@conditional_page
def show_sets(request: HttpRequest) -> HttpResponse:
    context = {
        "lines": reading.set_lines(),
        "agreement": reading.volunteers()["all"],
        "shares": moderation.pool_shares(),
    }
    return render(request, "prompts/sets.html", context)


@require_safe
@gzip_page
@conditional_page
def show_set(request: HttpRequest, slug: str) -> HttpResponse:
    prompt_set = get_object_or_404(PromptSet, slug=slug)
    line = reading.set_line(prompt_set)
    wanted = _wanted(request.GET.dict())
    context = {
        "line": line,
        "categories": _by_category(line.agreement),
        "wanted": wanted,
        "selects": _selects(prompt_set, wanted),
        "page": reading.listed(prompt_set, wanted, number=_number(request)),
    }
    return render(request, "prompts/set.html", context)


@require_safe
@conditional_page
@vary_on_cookie
def show_prompt(request: HttpRequest, slug: str, prompt_id: UUID) -> HttpResponse:
    shown = reading.shown().select_related("prompt_set")
    prompt = get_object_or_404(shown, prompt_set__slug=slug, public_id=prompt_id)
    token = token_of(request)
    volunteer = visitor_with(token=token).volunteer if token else None
    answered, playing = reading.answered_by(prompt)
    context = {
        "prompt": prompt,
        "line": reading.line_of(prompt),
        "answered": answered,
        "playing": playing,
        "samples": samples_on(prompt, volunteer),
    }
    return render(request, "prompts/prompt.html", context)


def _wanted(given: Mapping[str, str]) -> Wanted:
    """What a reader asked for; a value that there is not stands for all."""
    # No text of the database has a null character, and it refuses to look for one.
    chosen = {name: given.get(name, "").replace("\0", "").strip() for name in FIELDS}
    wanted = Wanted(
        **{field: chosen[name][:MOST_WORDS] for name, field in FIELDS.items()}
    )
    return replace(
        wanted,
        judged=wanted.judged if wanted.judged in JUDGED else "",
        order=wanted.order if wanted.order in ORDERS else "",
    )


def _number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def _selects(prompt_set: PromptSet, wanted: Wanted) -> list[Select]:
    """Those that leave something to choose."""
    categories, languages = reading.kinds(prompt_set)
    offered = (
        ("category", "Category", _named(categories, category_name, "All categories")),
        ("language", "Language", _named(languages, language_name, "All languages")),
        ("judged", "How often judged", JUDGED),
        ("sort", "Order", ORDERS),
    )
    values = asdict(wanted)
    made = []
    for name, label, labels in offered:
        chosen = values[FIELDS[name]]
        options = [Option(v, text, v == chosen) for v, text in labels.items()]
        if len(options) > 2:
            made.append(Select(name, label, options))
    return made


def _named(values: Sequence[str], name_of: Any, everything: str) -> dict[str, str]:
    return {"": everything, **{value: name_of(value) for value in values}}


def _by_category(agreement: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Of the categories in which several judged a pair; none where there is but one."""
    measured = [
        (category_name(name), found)
        for name, found in agreement.get("categories", {}).items()
        if found
    ]
    return sorted(measured, key=itemgetter(0)) if len(measured) > 1 else []
