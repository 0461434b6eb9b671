import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from evaluations.importers import SetFields, uploads
from evaluations.models import ImportJob, Prompt, PromptSet
from tests.importers import vicuna_folder
from tests.importers.imports import OWN_SET

pytestmark = pytest.mark.django_db

CSV = b"id,prompt\na,Name a tree.\nb,Name a bush.\n"


def received(
    content: bytes = CSV,
    *,
    name: str = "own.csv",
    format: str = "csv",
    fields: SetFields = OWN_SET,
) -> ImportJob:
    upload = SimpleUploadedFile(name, content)
    return uploads.receive(upload=upload, format=format, fields=fields, by=None)


def ran(job: ImportJob) -> ImportJob:
    uploads.run(job_id=job.pk)
    job.refresh_from_db()
    return job


def place(job: ImportJob) -> Path:
    return Path(settings.ARENA_VAR) / "uploads" / job.folder


def test_an_upload_is_tried_first_and_nothing_is_written() -> None:
    job = ran(received())

    assert job.state == "tried"
    prompts = {"kind": "prompts", "added": 2, "changed": 0, "already_there": 0}
    assert prompts in job.counts
    assert not PromptSet.objects.exists()
    assert place(job).is_dir()
    assert place(job).stat().st_mode & 0o777 == 0o700


def test_a_confirmed_upload_is_written_and_its_file_removed() -> None:
    job = ran(received())

    assert uploads.confirm(job=job)
    assert ran(job).state == "done"

    assert Prompt.objects.count() == 2
    assert not place(job).exists()


def test_what_was_not_tried_cannot_be_confirmed() -> None:
    job = received()

    assert not uploads.confirm(job=job)
    assert ran(ran(job)).state == "tried"


def test_a_broken_file_is_refused_with_its_lines_and_removed() -> None:
    job = ran(received(b"id,prompt\na,\nb,Name a bush.\na,Name a tree.\n"))

    assert job.state == "refused"
    assert job.problems == [
        "own.csv:2: neither a prompt nor turns stand here.",
        "own.csv:4: question a is listed twice.",
    ]
    assert not place(job).exists()


def test_a_folder_comes_as_an_archive(tmp_path: Path) -> None:
    vicuna_folder.write(tmp_path, vicuna_folder.files())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for path in tmp_path.rglob("*.jsonl"):
            file.write(path, Path("vicuna") / path.relative_to(tmp_path))

    job = received(packed.getvalue(), name="v.zip", format="vicuna", fields=SetFields())

    assert sum(count["added"] for count in ran(job).counts) == 14
    assert [path.name for path in place(job).iterdir()] == ["v.zip"]


def test_what_is_said_of_a_file_does_not_tell_where_it_lies() -> None:
    job = ran(received(format="llmfao", fields=SetFields()))

    assert job.problems == ["own.csv is not a folder."]


def test_a_name_cannot_lead_elsewhere() -> None:
    job = received(name="..\\..\\ä b.csv")

    assert job.file_name == "_.._b.csv"
    assert [path.name for path in place(job).iterdir()] == ["_.._b.csv"]


def test_a_file_that_is_gone_is_asked_for_again() -> None:
    job = received()
    (place(job) / "own.csv").unlink()

    assert ran(job).problems == ["own.csv is not kept any more; upload it again."]


def test_only_one_worker_is_at_a_job() -> None:
    job = received()
    ImportJob.objects.update(state="trying", heartbeat_at=timezone.now())
    assert ran(job).state == "trying"

    silent = timezone.now() - timedelta(minutes=3)
    ImportJob.objects.update(heartbeat_at=silent)
    assert ran(job).state == "tried"


def test_a_discarded_upload_is_forgotten() -> None:
    job = ran(received())

    assert uploads.discard(job=job)

    assert not place(job).exists()
    assert not uploads.confirm(job=job)


def test_an_upload_that_nobody_came_back_to_is_swept() -> None:
    old, new = ran(received()), ran(received())
    ImportJob.objects.filter(pk=old.pk).update(
        requested_at=timezone.now() - timedelta(hours=25)
    )

    uploads.sweep()

    old.refresh_from_db()
    assert (old.state, place(old).exists()) == ("discarded", False)
    assert place(new).is_dir()
