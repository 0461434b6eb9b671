"""Ask for a dump, publish one now, cancel it, withdraw it."""

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from evaluations import enqueue
from evaluations.dumps import folders
from evaluations.dumps.building import build_dump
from evaluations.dumps.claim import ProgressReport
from evaluations.dumps.selection import publishable_votes
from evaluations.models import Dump

DAYS_BETWEEN = 30
TRIES = 5


class DumpUnderWay(Exception):
    """Another dump is being built."""

    def __init__(self, dump: Dump) -> None:
        super().__init__(f"Dump {dump} is being built; only one is at a time.")


def request_dump(*, by: User | None) -> Dump:
    """Have a worker build a dump; while one is under way, that one is meant."""
    with transaction.atomic():
        dump, _ = _standing_or_new(by)
        # Its message may be lost; a second one finds the dump claimed and goes.
        enqueue.on_commit("build_dump", dump.pk)
    return dump


def publish_dump(
    *, by: User | None = None, progress: ProgressReport | None = None
) -> Dump:
    """Build a dump here and now; raise DumpUnderWay if somebody else does."""
    dump, new = _standing_or_new(by)
    if not new:
        raise DumpUnderWay(dump)
    build_dump(dump_id=dump.pk, progress=progress)
    dump.refresh_from_db()
    return dump


def build_due_dump() -> Dump | None:
    """Request a dump when the last is a month old and votes have come since."""
    last = Dump.objects.published().order_by("-published_at").first()
    votes = publishable_votes()
    if last is not None:
        if _is_recent(last):
            return None
        votes = votes.filter(_publishable_since(last))
    return request_dump(by=None) if votes.exists() else None


def _is_recent(dump: Dump) -> bool:
    month = timedelta(days=DAYS_BETWEEN)
    return bool(dump.published_at and dump.published_at > timezone.now() - month)


def _publishable_since(last: Dump) -> Q:
    """Votes whose hold ended, or that were imported, after that dump was built."""
    hold = timedelta(days=settings.ARENA_DUMP_HOLD_DAYS)
    built_at = last.started_at or last.requested_at
    imported = Q(cast_at__isnull=True, battle__opened_at__gt=built_at)
    return Q(cast_at__gt=built_at - hold) | imported


def cancel_dump(*, dump: Dump, reason: str = "It was cancelled.") -> bool:
    """End a dump that is not published yet; its builder stops within a second."""
    under_way = Dump.objects.under_way().filter(pk=dump.pk)
    return bool(under_way.update(state=Dump.State.FAILED, note=reason))


def withdraw_dump(*, dump: Dump, reason: str) -> bool:
    """Take a published dump from download; the version stays listed with the reason."""
    withdrawn = Dump.objects.published().filter(pk=dump.pk)
    if not withdrawn.update(state=Dump.State.WITHDRAWN, note=reason):
        return False
    folders.remove(dump.version)
    return True


def _standing_or_new(by: User | None) -> tuple[Dump, bool]:
    Dump.objects.stalled().update(
        state=Dump.State.FAILED, note="Its worker fell silent."
    )
    for _ in range(TRIES):
        # The constraint, not this look, decides between two that ask at once.
        standing = Dump.objects.under_way().first()
        if standing:
            return standing, False
        with suppress(IntegrityError), transaction.atomic():
            return Dump.objects.create(version=_next_version(), requested_by=by), True
    raise RuntimeError("no version of today could be taken")


def _next_version() -> str:
    today = timezone.now().date().isoformat()
    taken = Dump.objects.filter(version__startswith=f"{today}-")
    numbers = [
        int(v.removeprefix(f"{today}-"))
        for v in taken.values_list("version", flat=True)
    ]
    return f"{today}-{max(numbers, default=0) + 1}"
