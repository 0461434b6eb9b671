"""Which studies are due, and that each is made once."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from django.conf import settings
from django.db import connection
from django.utils import timezone

from evaluations.models import Study
from evaluations.models.studies import marked
from evaluations.studies import agreement, beyond, judges, volunteers

logger = logging.getLogger(__name__)

# Any number that no other advisory lock of the arena uses.
STUDY_LOCK: Final = 4_017_005
# One that took so long rests for so many times as long: while votes come in, no study
# takes more than a twentieth of a worker's time.
LONG: Final = timedelta(seconds=1)
REST: Final = 20
# Of each name so many stay: a page shows the last one.
KEPT: Final = 3


class Source(Protocol):
    """One kind of study; a module is one."""

    def names(self) -> Iterable[str]:
        """What there is to study now, as judge:gpt-4."""

    def digest(self, name: str) -> str:
        """A cheap mark of all that goes in; an equal one means equal figures."""

    def figures(self, name: str) -> dict[str, Any]:
        """The results, as JSON holds them."""


# Agreement rests on what the studies of judges found.
SOURCES: Final[Sequence[Source]] = (beyond, judges, volunteers, agreement)


def make_due_studies(*, sources: Sequence[Source] = SOURCES) -> int:
    """Make the studies whose input or code changed; return how many.

    None while another process makes them: two never work out the same.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [STUDY_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            return sum(
                _made(source, name) for source in sources for name in source.names()
            )
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [STUDY_LOCK])


def _made(source: Source, name: str) -> bool:
    """Make one if it is due; one that breaks down keeps no other from being made."""
    try:
        return make_study(source, name)
    except Exception:
        logger.exception("study %s broke down", name)
        return False


def make_study(source: Source, name: str) -> bool:
    """Make one study if it is due; say whether it was."""
    digest, code = marked(name, source.digest(name)), settings.ARENA_CODE_VERSION
    last = Study.objects.newest_of(name)
    started_at = timezone.now()
    if last is not None and last.code_version != code:
        last = None
    if last and (last.digest == digest or _rests(last, started_at)):
        return False
    Study.objects.create(
        name=name,
        digest=digest,
        code_version=code,
        results=source.figures(name),
        started_at=started_at,
    )
    outdated = Study.objects.filter(name=name).order_by("-id")[KEPT:]
    Study.objects.filter(pk__in=list(outdated.values_list("pk", flat=True))).delete()
    logger.info("study %s made", name)
    return True


def _rests(last: Study, now: datetime) -> bool:
    took = last.finished_at - last.started_at
    return took >= LONG and now - last.finished_at < REST * took
