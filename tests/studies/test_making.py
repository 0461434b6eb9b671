"""Studies are made where their input changed, and once."""

import threading
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from evaluations import studies
from evaluations.models import PromptSet, Study
from evaluations.studies.making import KEPT, STUDY_LOCK
from tests.races import in_thread

pytestmark = pytest.mark.django_db(transaction=True)


class Sets:
    """How many sets there are."""

    def names(self) -> Iterable[str]:
        return ["sets"]

    def digest(self, name: str) -> str:
        return str(PromptSet.objects.count())

    def figures(self, name: str) -> dict[str, Any]:
        return {"sets": PromptSet.objects.count()}


def add_set() -> None:
    PromptSet.objects.create(slug=f"s{PromptSet.objects.count()}", licence="CC0-1.0")


def test_a_study_is_made_anew_where_its_input_has_changed() -> None:
    assert studies.make_due_studies(sources=[Sets()]) == 1
    assert studies.make_due_studies(sources=[Sets()]) == 0

    add_set()

    assert studies.make_due_studies(sources=[Sets()]) == 1
    newest = Study.objects.newest_of("sets")
    assert newest is not None
    assert newest.results == {"sets": 1}


def test_a_study_that_takes_long_rests_before_it_is_made_anew() -> None:
    studies.make_due_studies(sources=[Sets()])
    made = Study.objects.newest_of("sets")
    assert made is not None
    made.started_at = made.finished_at - timedelta(seconds=10)
    made.save()
    add_set()

    assert studies.make_due_studies(sources=[Sets()]) == 0
    made.started_at -= timedelta(seconds=300)
    made.finished_at -= timedelta(seconds=300)
    made.save()

    assert studies.make_due_studies(sources=[Sets()]) == 1


def test_a_study_is_made_anew_with_other_code(settings: Any) -> None:
    studies.make_due_studies(sources=[Sets()])
    settings.ARENA_CODE_VERSION = "another"

    assert studies.make_due_studies(sources=[Sets()]) == 1


def test_former_results_are_not_kept_for_ever() -> None:
    for _ in range(KEPT + 2):
        add_set()
        studies.make_due_studies(sources=[Sets()])

    found = Study.objects.order_by("id").values_list("results__sets", flat=True)
    assert list(found) == [3, 4, 5]


def test_two_workers_make_no_study_twice() -> None:
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [STUDY_LOCK])
            locked.set()
            done.wait(10)
            cursor.execute("SELECT pg_advisory_unlock(%s)", [STUDY_LOCK])

    other = in_thread(hold)
    locked.wait(10)
    busy = studies.make_due_studies(sources=[Sets()])
    done.set()
    other.join()

    assert busy == 0
    assert studies.make_due_studies(sources=[Sets()]) == 1
