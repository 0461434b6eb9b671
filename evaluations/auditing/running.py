"""When an audit is due, and that it is made once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from evaluations.auditing.figures import METHOD, Progress, figures, parameters
from evaluations.auditing.reading import read_votes
from evaluations.models import Audit, Leaderboard
from evaluations.models.ledger import current_horizon
from evaluations.rating.tallies import digest

# Any number that no other advisory lock of the arena uses.
AUDIT_LOCK: Final = 4_017_002
GROWTH: Final = 0.05
LONGEST_WAIT: Final = timedelta(days=1)


class AuditUnderWay(Exception):
    """Another process makes an audit at this moment."""


def latest() -> Audit | None:
    return Audit.objects.newest_first().first()


def run_due_audit() -> Audit | None:
    """Make an audit if votes have grown or shrunk enough, or if a day has passed.

    None where none is due, or while another process makes one.
    """
    with _alone() as alone:
        return _make(_nothing) if alone and _is_due() else None


def run_audit(*, progress: Progress | None = None) -> Audit:
    """Make an audit now; raises AuditUnderWay."""
    with _alone() as alone:
        if not alone:
            raise AuditUnderWay
        return _make(progress or _nothing)


def _nothing(label: str, done: int, total: int) -> None:
    pass


def _is_due() -> bool:
    """Compare with the newest table: it counts the same votes, and is there at once."""
    table, last = Leaderboard.objects.of_slice().first(), latest()
    if table is None or last is None:
        return table is not None
    if last.code_version != settings.ARENA_CODE_VERSION:
        return True
    if abs(table.votes - last.votes) >= max(GROWTH * last.votes, 1):
        return True
    changed = table.digest != last.digest
    return changed and last.finished_at < timezone.now() - LONGEST_WAIT


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the lock of the session: an audit takes too long for a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [AUDIT_LOCK])
        (alone,) = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [AUDIT_LOCK])


def _make(progress: Progress) -> Audit:
    started_at, watermark = timezone.now(), current_horizon()
    progress("Reading votes", 0, 1)
    votes = read_votes()
    progress("Reading votes", 1, 1)
    audited = figures(votes, progress)
    return Audit.objects.create(
        method=METHOD,
        parameters=parameters(),
        watermark=watermark,
        code_version=settings.ARENA_CODE_VERSION,
        digest=digest(audited.tallies),
        votes=len(votes),
        volunteers=len(set(votes.volunteer.tolist())),
        results=audited.results,
        turning_volunteer_id=audited.turning,
        started_at=started_at,
    )
