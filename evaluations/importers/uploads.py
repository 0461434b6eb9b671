"""Files that admins upload: kept from the dry run to the word of an admin."""

import logging
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Protocol, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from evaluations import enqueue
from evaluations.importers.formats import import_data
from evaluations.importers.reading import BadInput
from evaluations.importers.records import SetFields
from evaluations.importers.report import Report
from evaluations.importers.unpacking import unpack
from evaluations.models import ImportJob

logger = logging.getLogger(__name__)

State = ImportJob.State
ARCHIVE = ".zip"
# What an upload may grow to when it is unpacked.
UNPACKED_TIMES = 4
KEPT = timedelta(hours=24)
SECONDS_BETWEEN_BEATS = 1.0
# What cannot go wrong in a file's name, nor in a sentence that quotes it.
UNSAFE = re.compile(r"[^\w.-]+", re.ASCII)


class Upload(Protocol):
    name: str

    def chunks(self) -> Iterable[bytes]: ...


def receive(
    *, upload: Upload, format: str, fields: SetFields, by: User | None
) -> ImportJob:
    """Keep an uploaded file and have a worker try what it would bring."""
    folder = secrets.token_hex(16)
    name = UNSAFE.sub("_", Path(upload.name).name).lstrip(".")[-100:] or "upload"
    _keep(upload, _place(folder), name)
    with transaction.atomic():
        job = ImportJob.objects.create(
            format=format,
            described=asdict(fields),
            file_name=name,
            folder=folder,
            requested_by=by,
        )
        enqueue.on_commit("run_import", job.pk)
    return job


def _keep(upload: Upload, place: Path, name: str) -> None:
    place.mkdir(parents=True, mode=0o700)
    with (place / name).open("xb") as file:
        for piece in upload.chunks():
            file.write(piece)


def _place(folder: str) -> Path:
    return Path(settings.ARENA_VAR) / "uploads" / folder


def confirm(*, job: ImportJob) -> bool:
    """Have a worker write what the dry run found; say whether it was there to be."""
    with transaction.atomic():
        tried = ImportJob.objects.filter(pk=job.pk, state=State.TRIED)
        accepted = tried.update(state=State.ACCEPTED, step="", done=0, total=0)
        if accepted:
            enqueue.on_commit("run_import", job.pk)
    return bool(accepted)


def discard(*, job: ImportJob) -> bool:
    """Forget an upload that nobody is at work on, and its file."""
    idle = ImportJob.objects.filter(pk=job.pk, state__in=[State.QUEUED, State.TRIED])
    if not idle.update(state=State.DISCARDED, finished_at=Now()):
        return False
    _remove(job.folder)
    return True


def _remove(folder: str) -> None:
    shutil.rmtree(_place(folder), ignore_errors=True)


class _Claim:
    """One worker's hold on a job: it says how far it is, at most once a second."""

    def __init__(self, job: ImportJob) -> None:
        self.job = job
        self._beaten = 0.0

    @classmethod
    def take(cls, job_id: int) -> Self | None:
        """Claim a waiting job, or one whose worker has fallen silent."""
        taken = ImportJob.objects.claimable().filter(pk=job_id)
        at_work = Case(
            When(state__in=[State.QUEUED, State.TRYING], then=Value(State.TRYING)),
            default=Value(State.WRITING),
            output_field=CharField(),
        )
        if not taken.update(state=at_work, started_at=Now(), heartbeat_at=Now()):
            return None
        return cls(ImportJob.objects.get(pk=job_id))

    @property
    def is_dry(self) -> bool:
        return self.job.state == State.TRYING

    def _own(self) -> QuerySet[ImportJob]:
        return ImportJob.objects.at_work().filter(
            pk=self.job.pk, started_at=self.job.started_at
        )

    def progress(self, label: str, done: int, total: int) -> None:
        if time.monotonic() - self._beaten >= SECONDS_BETWEEN_BEATS:
            self._beaten = time.monotonic()
            self._own().update(
                step=label, done=min(done, total), total=total, heartbeat_at=Now()
            )

    def end(self, state: str, **outcome: object) -> None:
        """Write the outcome down, unless another worker took the job over."""
        ended = self._own().update(
            state=state, done=F("total"), finished_at=Now(), **outcome
        )
        if ended and state != State.TRIED:
            _remove(self.job.folder)


def run(*, job_id: int) -> None:
    """Try a job or write it; one that another worker is at is left."""
    claim = _Claim.take(job_id)
    if claim is None:
        return
    try:
        report = _import(claim)
    except BadInput as bad:
        claim.end(State.REFUSED, problems=_in_words(bad, claim.job))
    except BaseException:
        # The page must not wait for ever; the log has the reason.
        try:
            claim.end(State.FAILED, problems=["It stopped by a fault of the arena."])
        except DatabaseError:
            logger.warning("import %s could not be marked as failed", job_id)
        raise
    else:
        claim.end(
            State.TRIED if claim.is_dry else State.DONE,
            counts=[asdict(count) for count in report.counts],
            notes=list(report.notes),
            problems=[],
        )


def _import(claim: _Claim) -> Report:
    job = claim.job
    path = _place(job.folder) / job.file_name
    if not path.is_file():
        raise BadInput([f"{job.file_name} is not kept any more; upload it again."])
    with tempfile.TemporaryDirectory(dir=path.parent) as emptied:
        if path.suffix.lower() == ARCHIVE:
            most = UNPACKED_TIMES * settings.ARENA_IMPORT_MEGABYTES * 1024**2
            path = unpack(archive=path, into=Path(emptied), most_bytes=most)
        return import_data(
            format=job.format,
            path=path,
            dry_run=claim.is_dry,
            progress=claim.progress,
            fields=SetFields(**job.described),
        )


def _in_words(bad: BadInput, job: ImportJob) -> list[str]:
    """The problems, without the folder that nobody shall know."""
    hidden = re.compile(rf"\S*{job.folder}\S*?(?=[.,]?(?:\s|$))")
    return [hidden.sub(job.file_name, problem) for problem in bad.problems]


def sweep() -> None:
    """Send waiting jobs once more, and forget uploads that nobody came back to."""
    late = timezone.now() - KEPT
    for job in ImportJob.objects.open().filter(requested_at__lt=late):
        discard(job=job)
    for pk in ImportJob.objects.claimable().values_list("pk", flat=True):
        enqueue.now("run_import", pk)
    _remove_orphans(late.timestamp())


def _remove_orphans(late: float) -> None:
    """Folders of jobs that ended, or that never came to be."""
    kept = set(ImportJob.objects.open().values_list("folder", flat=True))
    uploads = Path(settings.ARENA_VAR) / "uploads"
    for place in uploads.iterdir() if uploads.is_dir() else ():
        if place.name not in kept and place.stat().st_mtime < late:
            _remove(place.name)
