import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations.dumps import (
    build_dump,
    cancel_dump,
    folder_of,
    request_dump,
    verify,
)
from evaluations.models import Dump
from tests.dumps.reading import make_vote, published
from tests.factories import make_battle

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting() -> Dump:
    for _ in range(3):
        make_vote(make_battle())
    return request_dump(by=None)


def test_a_built_dump_lists_its_files_with_sums_and_rows(waiting: Dump) -> None:
    build_dump(dump_id=waiting.pk)

    waiting.refresh_from_db()
    assert waiting.state == Dump.State.PUBLISHED
    assert (waiting.votes, waiting.conversations) == (3, 6)
    assert (waiting.done, waiting.total) == (9, 9)
    folder = folder_of(waiting.version)
    listed = {file["name"]: file for file in waiting.files}
    on_disk = {p.relative_to(folder).as_posix() for p in folder.rglob("*.*")}
    assert listed.keys() == on_disk | {"LICENSE"}
    for name, file in listed.items():
        assert file["bytes"] == (folder / name).stat().st_size
    assert listed["data/votes.parquet"]["rows"] == 3
    assert listed["csv/conversations.csv"]["rows"] == 6
    assert listed["README.md"]["rows"] is None
    assert verify(folder).files == len(listed) - 1


def test_an_empty_arena_gives_an_empty_dump() -> None:
    assert verify(published()).rows == {"votes": 0, "controls": 0, "conversations": 0}


def test_a_message_that_comes_twice_builds_once(waiting: Dump) -> None:
    build_dump(dump_id=waiting.pk)
    first = Dump.objects.values().get()

    build_dump(dump_id=waiting.pk)

    assert Dump.objects.values().get() == first


def test_a_dump_that_another_builds_is_left(waiting: Dump, dumps_home: Path) -> None:
    Dump.objects.update(
        state="building", started_at=timezone.now(), heartbeat_at=timezone.now()
    )

    build_dump(dump_id=waiting.pk)

    assert Dump.objects.get().state == Dump.State.BUILDING
    assert not dumps_home.exists()


def test_a_killed_build_is_taken_over_and_its_traces_go(
    waiting: Dump, dumps_home: Path
) -> None:
    long_ago = timezone.now() - timedelta(seconds=61)
    Dump.objects.update(state="building", started_at=long_ago, heartbeat_at=long_ago)
    left = dumps_home / f"{waiting.version}.0a1b2c3d.part" / "data"
    left.mkdir(parents=True)
    # Killed between the renaming and the word that it is published.
    half = dumps_home / waiting.version / "data"
    half.mkdir(parents=True)
    (half / "left.parquet").touch()

    build_dump(dump_id=waiting.pk)

    assert Dump.objects.get().state == Dump.State.PUBLISHED
    assert [path.name for path in dumps_home.iterdir()] == [waiting.version]
    verify(folder_of(waiting.version))


def test_a_cancelled_build_stops_within_a_second_and_leaves_nothing(
    waiting: Dump, dumps_home: Path
) -> None:
    told: list[int] = []

    def cancel(label: str, done: int, total: int) -> None:
        told.append(done)
        cancel_dump(dump=waiting)
        time.sleep(1.01)

    build_dump(dump_id=waiting.pk, progress=cancel)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.note) == ("failed", "It was cancelled.")
    assert told == [1]
    assert list(dumps_home.iterdir()) == []


def test_the_row_is_locked_while_the_folder_is_put_in_place(waiting: Dump) -> None:
    with CaptureQueriesContext(connection) as queries:
        build_dump(dump_id=waiting.pk)

    told = [q["sql"] for q in queries if "evaluations_dump" in q["sql"]]
    assert told[-2].endswith("FOR UPDATE")
    assert told[-1].startswith("UPDATE")


def test_a_builder_that_was_given_up_does_not_publish(
    waiting: Dump, dumps_home: Path
) -> None:
    def be_taken_over(label: str, done: int, total: int) -> None:
        Dump.objects.update(started_at=timezone.now())

    build_dump(dump_id=waiting.pk, progress=be_taken_over)

    assert Dump.objects.get().state == Dump.State.BUILDING
    assert list(dumps_home.iterdir()) == []


def test_a_failure_is_told_in_words(waiting: Dump, dumps_home: Path) -> None:
    dumps_home.parent.mkdir()
    dumps_home.write_text("a file where the folder should be")

    with pytest.raises(FileExistsError):
        build_dump(dump_id=waiting.pk)

    waiting.refresh_from_db()
    assert waiting.state == Dump.State.FAILED
    assert waiting.note == "The files could not be written: File exists."


@pytest.mark.parametrize(
    ("error", "note"),
    [
        (KeyboardInterrupt(), "The build was interrupted."),
        (ValueError("a text"), "An unexpected fault ended the build (ValueError)"),
    ],
)
def test_a_build_that_breaks_off_fails_and_leaves_nothing(
    waiting: Dump, dumps_home: Path, error: BaseException, note: str
) -> None:
    def break_off(label: str, done: int, total: int) -> None:
        raise error

    with pytest.raises(type(error)):
        build_dump(dump_id=waiting.pk, progress=break_off)

    waiting.refresh_from_db()
    assert waiting.state == Dump.State.FAILED
    assert waiting.note.startswith(note)
    assert "a text" not in waiting.note
    assert list(dumps_home.iterdir()) == []


def test_the_row_is_written_once_a_second_at_most(waiting: Dump) -> None:
    for _ in range(40):
        make_vote(make_battle())
    started = timezone.now()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        build_dump(dump_id=waiting.pk)

    seconds = (timezone.now() - started).total_seconds()
    writes = [q for q in queries if q["sql"].startswith('UPDATE "evaluations_dump"')]
    # Claimed, two beats around the tables, published; and one for each second.
    assert len(writes) <= 4 + seconds


def test_progress_is_told_for_each_row(waiting: Dump) -> None:
    told: list[tuple[int, int]] = []

    build_dump(
        dump_id=waiting.pk,
        progress=lambda label, done, total: told.append((done, total)),
    )

    assert told == [(done, 9) for done in range(1, 10)]
