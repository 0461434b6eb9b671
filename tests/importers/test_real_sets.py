"""The public sets whole: what comes in is what their files hold."""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.db.models import Sum

from evaluations.models import (
    Answer,
    Battle,
    Contestant,
    Judge,
    JudgeVerdict,
    Prompt,
    PromptSet,
)
from evaluations.studies import judges, make_study
from evaluations.studies.judge_report import report
from tests import real_data
from tests.importers.imports import run

pytestmark = pytest.mark.django_db

TOTALS = {
    "alpaca-13b": (583, 704),
    "bard": (664, 655.5),
    "gpt-3.5-turbo": (693, 638),
    "llama-13b": (513, 694),
}


def test_vicunas_questions_answers_and_reviews_come_in_whole() -> None:
    folder = real_data.folder("vicuna")

    run("vicuna", folder)

    assert Prompt.objects.filter(prompt_set__slug="vicuna").count() == 80
    answers = Answer.objects.ready()
    assert not answers.filter(html="", text__regex=r"\S").exists()
    names = answers.values_list("contestant__slug", flat=True)
    assert set(Counter(names).values()) == {80}
    assert Contestant.objects.filter(state="retired").count() == 5
    assert JudgeVerdict.objects.read().count() == Battle.objects.ready().count() == 320
    totals = _stored_totals()
    assert totals == TOTALS
    assert totals == {
        _model(path): _totals_of(path) for path in (folder / "reviews").iterdir()
    }
    assert _shown_totals() == totals
    second = run("vicuna", folder)
    assert (second.added, second.changed) == (0, 0)


def _stored_totals() -> dict[str, tuple[float, float]]:
    """The points of each model and of Vicuna beside it."""
    judge = Judge.objects.get(slug="gpt-4-vicuna")
    sums = (
        judge.verdicts.filter(left="x", battle__contestant_y__slug="vicuna-vicuna-13b")
        .values_list("battle__contestant_x__api_model")
        .annotate(Sum("score_a"), Sum("score_b"))
    )
    return {name: (a, b) for name, a, b in sums}


def _shown_totals() -> dict[str, tuple[float, float]]:
    """The same as the judge's page has them."""
    assert make_study(judges, "judge:gpt-4-vicuna")
    found = report("gpt-4-vicuna")
    assert found is not None
    return {
        pair.x.api_model: (pair.figures["points_x"], pair.figures["points_y"])
        for pair in found.pairs
        if pair.y.slug == "vicuna-vicuna-13b"
    }


def _totals_of(path: Path) -> tuple[float, float]:
    scores = [json.loads(line)["score"] for line in path.read_text().splitlines()]
    return sum(first for first, _ in scores), sum(second for _, second in scores)


def _model(path: Path) -> str:
    name = path.stem.removeprefix("review_").removesuffix("_vicuna-13b")
    return {"gpt35": "gpt-3.5-turbo"}.get(name, name)


def test_koalas_prompts_come_in_frozen() -> None:
    folder = real_data.folder("koala")

    run("koala", folder)

    koala = PromptSet.objects.get(slug="koala")
    assert (koala.licence, koala.prompts.approved().count()) == ("Apache 2.0", 180)
    assert koala.frozen_at is not None
    assert koala.prompts.filter(external_id="koala_179").exists()
    assert run("koala", folder).added == 0
