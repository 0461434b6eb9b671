"""Results that other code left behind are not read: pages wait for new ones."""

import hashlib
from typing import Any

import pytest
from django.test import Client

from evaluations.models import Battle, Study
from evaluations.models.studies import SHAPES
from evaluations.studies import SOURCES, make_study
from tests.crowds import make_models
from tests.factories import make_battle, make_prompt
from tests.judged_sets import judge_prompts, make_prompts
from tests.verdicts import judge_of, say, say_of_all
from tests.yardsticks import publish_order, score_all

pytestmark = pytest.mark.django_db(transaction=True)

READERS = {
    "judge:alder": ("/judges", "/judges/alder", "/api/v1/judges", "/agreement"),
    "agreement": ("/agreement", "/api/v1/agreement", "/about"),
    "beyond:koala": ("/prompts/koala/beyond",),
    "volunteers": ("/prompts", "/prompts/koala", "/api/v1/prompts", "/leaderboard"),
}


def leave_behind(name: str) -> Study:
    """A study as former code has made it, without what pages read now."""
    return Study.objects.create(
        name=name,
        digest="0" * 64,
        code_version="former",
        results={"former": {}},
        started_at="2031-01-01T00:00Z",
    )


@pytest.mark.parametrize("name", READERS)
def test_pages_take_a_study_of_former_code_as_not_made(
    client: Client, name: str
) -> None:
    make_prompt(set="koala")
    judge_of(slug="alder")
    before = [client.get(address) for address in READERS[name]]

    leave_behind(name)

    after = [client.get(address) for address in READERS[name]]
    assert [each.status_code for each in after] == [200] * len(after)
    assert [each.content for each in after] == [each.content for each in before]


def paths(value: Any, path: str = "") -> set[str]:
    """Where there are figures in results, as agreement.votes.share.value."""
    if isinstance(value, dict):
        parts = [paths(each, f"{path}.{key}") for key, each in value.items()]
    elif isinstance(value, list):
        parts = [paths(each, f"{path}[]") for each in value]
    else:
        return {path}
    return set().union(*parts)


# The number, and what the places of all figures come to.
KNOWN = {
    "agreement": (1, "6cbc7deb"),
    "beyond": (1, "3b5d1e25"),
    "judge": (2, "ab9d183e"),
    "volunteers": (1, "21ba4837"),
}


def fill_all() -> None:
    """Something of everything: people on set and pool, a judge, its points, scores."""
    models = make_models(6)
    judge_prompts(models, make_prompts(5, "koala"), voters=3)
    judge_prompts(models, make_prompts(4, "pool"), voters=2)
    publish_order(models)
    judge, strengths = (
        judge_of(slug="alder"),
        {m.pk: 1.0 / n for n, m in enumerate(models, 1)},
    )
    say_of_all(judge, Battle.objects.order_by("pk"), strengths=strengths)
    say(judge, make_battle(), "a", score_a=7, score_b=5)
    score_all(judge, {m: [5, 6, 7, 8, 9 - n] for n, m in enumerate(models)})


def test_results_of_another_shape_have_another_number() -> None:
    """Whoever changes the keys of results raises the number of that kind, then here."""
    fill_all()

    shapes = {}
    for source in SOURCES:
        for name in source.names():
            assert make_study(source, name)
            found = Study.objects.newest_of(name)
            assert found is not None
            keys = "\n".join(sorted(paths(found.results)))
            kind = name.partition(":")[0]
            shapes[kind] = SHAPES[kind], hashlib.sha256(keys.encode()).hexdigest()[:8]

    assert shapes == KNOWN
