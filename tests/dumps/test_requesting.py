from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections, transaction
from django.utils import timezone

from evaluations.dumps import (
    DumpUnderWay,
    build_due_dump,
    build_dump,
    folder_of,
    publish_dump,
    request_dump,
    withdraw_dump,
)
from evaluations.models import Dump
from tests.dumps.reading import make_vote, published
from tests.factories import make_battle

pytestmark = pytest.mark.django_db


def test_versions_are_the_day_and_a_number() -> None:
    versions = []
    for _ in range(11):
        versions.append(request_dump(by=None).version)
        Dump.objects.update(state=Dump.State.FAILED)

    today = timezone.now().date().isoformat()
    assert versions == [f"{today}-{number}" for number in range(1, 12)]


def test_a_second_request_means_the_dump_under_way() -> None:
    anna = User.objects.create_user("anna")

    first = request_dump(by=anna)
    second = request_dump(by=None)

    assert second == first
    assert Dump.objects.get().requested_by == anna


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_moment_make_one_dump() -> None:
    def request(number: int) -> int:
        try:
            return request_dump(by=None).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        made = set(threads.map(request, range(8)))

    assert made == {Dump.objects.get().pk}


def test_the_database_itself_holds_one_dump_under_way() -> None:
    Dump.objects.create(version="first")

    with pytest.raises(Exception, match="dump_one_under_way"), transaction.atomic():
        Dump.objects.create(version="second", state=Dump.State.BUILDING)


def test_a_silent_build_gives_way_to_a_new_request() -> None:
    first = request_dump(by=None)
    silent = timezone.now() - timedelta(seconds=61)
    Dump.objects.update(state="building", started_at=silent, heartbeat_at=silent)

    second = request_dump(by=None)

    first.refresh_from_db()
    assert second != first
    assert (first.state, first.note) == ("failed", "Its worker fell silent.")


def test_a_build_that_beats_does_not_give_way() -> None:
    first = request_dump(by=None)
    lately = timezone.now() - timedelta(seconds=50)
    Dump.objects.update(state="building", started_at=lately, heartbeat_at=lately)

    assert request_dump(by=None) == first
    with pytest.raises(DumpUnderWay, match=first.version):
        publish_dump()


def test_the_first_dump_is_due_with_the_first_vote() -> None:
    assert build_due_dump() is None

    make_vote(make_battle())

    due = build_due_dump()
    assert due is not None
    assert due.state == Dump.State.QUEUED


@pytest.mark.parametrize(
    ("age_days", "new_vote", "due"),
    [(31, True, True), (31, False, False), (29, True, False)],
)
def test_the_next_is_due_after_a_month_with_new_votes(
    age_days: int, new_vote: bool, due: bool
) -> None:
    then = timezone.now() - timedelta(days=age_days)
    make_vote(make_battle(), cast_at=then - timedelta(days=1))
    make_vote(make_battle(opened_at=then - timedelta(days=1)), cast_at=None)
    published()
    Dump.objects.update(started_at=then, published_at=then)
    if new_vote:
        make_vote(make_battle())

    assert (build_due_dump() is not None) == due


def test_votes_whose_hold_has_ended_are_new(settings: Any) -> None:
    settings.ARENA_DUMP_HOLD_DAYS = 30
    then = timezone.now() - timedelta(days=31)
    published()
    Dump.objects.update(started_at=then, published_at=then)
    make_vote(make_battle(), cast_at=then - timedelta(days=31))
    assert build_due_dump() is None

    make_vote(make_battle(), cast_at=then - timedelta(days=10))
    assert build_due_dump() is not None


def test_imported_votes_without_a_time_are_new() -> None:
    then = timezone.now() - timedelta(days=31)
    published()
    Dump.objects.update(started_at=then, published_at=then)

    make_vote(make_battle(), cast_at=None)

    assert build_due_dump() is not None


def test_a_withdrawn_dump_is_gone_from_the_disk_and_stays_listed() -> None:
    make_vote(make_battle())
    folder = published()
    dump = Dump.objects.get()

    assert withdraw_dump(dump=dump, reason="A prompt held an address.")

    dump.refresh_from_db()
    assert (dump.state, dump.note) == ("withdrawn", "A prompt held an address.")
    assert not folder.exists()
    assert not Dump.objects.published().exists()
    assert not withdraw_dump(dump=dump, reason="Again.")
    assert Dump.objects.get().note == "A prompt held an address."


def test_withdrawing_one_version_leaves_the_other() -> None:
    first, second = published(), published()

    withdraw_dump(dump=Dump.objects.get(version=first.name), reason="Old.")

    assert not first.exists()
    assert second.exists()


def test_a_dump_under_way_cannot_be_withdrawn() -> None:
    dump = request_dump(by=None)

    assert not withdraw_dump(dump=dump, reason="No.")
    build_dump(dump_id=dump.pk)
    assert folder_of(dump.version).exists()
