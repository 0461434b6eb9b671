"""Sets of prompts, and the prompts of one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from evaluations.api.public import Slug, readable
from evaluations.models import PromptSet
from evaluations.question_sets import reading
from evaluations.question_sets.reading import PromptLine, SetLine, Wanted

router = Router()


class Agreement(Schema):
    """Of volunteers, on pairs that several judged; intervals hold 95 %.

    Alpha is Krippendorff's; null where all ever chose the same.
    """

    units: int
    ratings: int
    raw: float
    raw_low: float | None
    raw_high: float | None
    alpha: float | None
    alpha_low: float | None
    alpha_high: float | None

    @classmethod
    def found(cls, figures: Mapping[str, Any] | None) -> Self | None:
        """None where no pair was judged by several."""
        if not figures or "units" not in figures:
            return None
        return cls(**{name: figures[name] for name in cls.model_fields})


class PromptSetRow(Schema):
    """A set; answered: first answers of active models there are, of those wanted."""

    slug: str
    title: str
    description: str
    licence: str
    source: str
    version: str
    frozen_at: datetime | None
    prompts: int
    languages: list[str]
    answered: int
    wanted: int
    votes: int
    agreement: Agreement | None

    @classmethod
    def of(cls, line: SetLine) -> Self:
        own = ("slug", "title", "description", "licence", "source", "version")
        return cls(
            **{name: getattr(line.prompt_set, name) for name in own},
            frozen_at=line.prompt_set.frozen_at,
            prompts=line.prompts,
            languages=line.languages,
            answered=line.answered,
            wanted=line.wanted,
            votes=line.votes,
            agreement=Agreement.found(line.agreement),
        )


class PromptRow(Schema):
    """A prompt; disagreement: share of two votes on one pair that chose differently."""

    id: UUID
    external_id: str | None
    turns: list[str]
    references: list[str]
    language: str
    categories: list[str]
    votes: int
    shared_pairs: int
    disagreement: float | None

    @classmethod
    def of(cls, line: PromptLine) -> Self:
        own = ("external_id", "turns", "references", "language", "categories")
        return cls(
            id=line.prompt.public_id,
            **{name: getattr(line.prompt, name) for name in own},
            votes=line.votes,
            shared_pairs=line.shared,
            disagreement=line.disagreement,
        )


class Prompts(Schema):
    """Sets, and of the one that was asked for a page of its prompts.

    Of `found` prompts on `pages` pages; categories: agreement in each of that set.
    """

    sets: list[PromptSetRow]
    categories: dict[str, Agreement | None] = {}
    found: int = 0
    page: int = 1
    pages: int = 1
    prompts: list[PromptRow] = []


@readable(router, "/prompts", response=Prompts, summary="Question sets and prompts")
def list_prompts(
    request: HttpRequest, set: Slug | None = None, page: int = 1
) -> Prompts:
    """All sets with licence, source and figures, those with most votes first.

    With `?set=` that one alone and its prompts, as many at once as `page` shows; only
    prompts that anybody may read.
    """
    if set is None:
        return Prompts(sets=[PromptSetRow.of(line) for line in reading.set_lines()])
    prompt_set = get_object_or_404(PromptSet, slug=set)
    line = reading.set_line(prompt_set)
    listed = reading.listed(prompt_set, Wanted(), number=min(max(page, 1), 10**6))
    by_category = line.agreement.get("categories", {})
    return Prompts(
        sets=[PromptSetRow.of(line)],
        categories={name: Agreement.found(each) for name, each in by_category.items()},
        found=listed.found,
        page=listed.number,
        pages=listed.pages,
        prompts=[PromptRow.of(each) for each in listed.lines],
    )
