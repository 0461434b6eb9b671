"""Write tables down: new rows each time, never edited."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeGuard

from django.conf import settings

from evaluations.leaderboard.announcing import announce
from evaluations.leaderboard.estimating import Estimates
from evaluations.leaderboard.slices import Registered, registered
from evaluations.models import Audit, Leaderboard, Rating, Volunteer
from evaluations.models.tallies import ALL
from evaluations.rating.clusters import DesignEffects
from evaluations.rating.table import (
    BONFERRONI,
    MAX_T,
    RatingRow,
    RatingTable,
    sizes_of,
    table_of,
)

# The bound of the rank ranges hardly moves as votes come in: it is made anew when they
# have grown by so much, and no longer taken over when by so much.
GROWN, OUTGROWN = 1.05, 2.0
# Figures of a computed row by the names they are stored under; what follows from the
# counts is not.
STORED = {
    each.name: "standard_error" if each.name == "se" else each.name
    for each in fields(RatingRow)
    if each.name not in ("key", "win_rate", "usable_share")
}
# What a table says of how it was made, and those before this code did not.
SAID = {"audit", "group_sizes", "rank_bounds", "rank_bound_votes", "rank_ranges"}


@dataclass(frozen=True)
class Desk:
    """Tables as of one mark; `newest` are the last ones, by slice and adjustment.

    Where it is careful, rank ranges are made by step-down; else the last bound serves,
    or Bonferroni's.
    """

    watermark: int
    newest: Mapping[tuple[str, str], Leaderboard]
    contestants: Mapping[int, Registered]
    audit: Audit | None
    careful: bool

    @classmethod
    def at(cls, watermark: int, *, careful: bool = False) -> "Desk":
        newest = {(t.slice, t.adjustment): t for t in Leaderboard.objects.newest()}
        audit = Audit.objects.newest_first().first()
        return cls(watermark, newest, registered(), audit, careful)

    @property
    def effects(self) -> DesignEffects | None:
        """What repeated votes of the same volunteers do to variances."""
        return self.audit.design_effects if self.audit else None

    @property
    def _audit_id(self) -> int | None:
        return self.audit.pk if self.audit else None

    @property
    def slugs(self) -> dict[int, str]:
        return {number: each.slug for number, each in self.contestants.items()}

    def is_current(self, name: str) -> bool:
        """Whether nothing has happened since the table of that name."""
        last = self.newest.get((name, ""))
        return _is_of_this_code(last) and last.watermark == self.watermark

    def publish(
        self,
        name: str,
        estimates: Estimates,
        *,
        adjustment: str = "",
        among: Collection[str] | None = None,
    ) -> Leaderboard | None:
        """Write a table down, unless the last one says the same."""
        last = self.newest.get((name, adjustment))
        if self._says_the_same(last, estimates, among) and not (
            self._is_late(name, adjustment)
        ):
            return None
        sizes = sizes_of(estimates.groups, among)
        carried = None if self.careful else _carried(last, sizes, estimates.votes)
        table = table_of(
            estimates.groups,
            among=among,
            bounds=carried["rank_bounds"] if carried else None,
            ranks=MAX_T if carried or self.careful else BONFERRONI,
        )
        made_from = carried["rank_bound_votes"] if carried else estimates.votes
        return self._write(name, adjustment, estimates, table, made_from)

    def _says_the_same(
        self,
        last: Leaderboard | None,
        estimates: Estimates,
        among: Collection[str] | None,
    ) -> bool:
        if not _is_of_this_code(last) or last.digest != estimates.digest:
            return False
        if last.parameters["audit"] != self._audit_id:
            return False
        if last.parameters["group_sizes"] != sizes_of(estimates.groups, among):
            # A contestant's size was corrected.
            return False
        return not (self.careful and _is_due(last))

    def _is_late(self, name: str, adjustment: str) -> bool:
        """The table of all votes keeps up with the mark, even if votes undo votes."""
        return (name, adjustment) == (ALL, "") and not self.is_current(ALL)

    def _write(
        self,
        name: str,
        adjustment: str,
        estimates: Estimates,
        table: RatingTable,
        made_from: int,
    ) -> Leaderboard:
        leaderboard = Leaderboard.objects.create(
            slice=name,
            adjustment=adjustment,
            method=estimates.method,
            parameters=table.parameters
            | estimates.parameters
            | {"rank_bound_votes": made_from, "audit": self._audit_id},
            watermark=self.watermark,
            code_version=settings.ARENA_CODE_VERSION,
            digest=estimates.digest,
            votes=estimates.votes,
            volunteers=_volunteers(name),
            coefficients=estimates.coefficients,
        )
        numbers = {each.slug: each.pk for each in self.contestants.values()}
        Rating.objects.bulk_create(
            _rating(
                leaderboard, number, numbers[str(row.key)], row, group.tie_threshold
            )
            for number, group in enumerate(table.groups, start=1)
            for row in group.rows
        )
        announce(leaderboard)
        return leaderboard


def _is_of_this_code(last: Leaderboard | None) -> TypeGuard[Leaderboard]:
    return (
        last is not None
        and last.code_version == settings.ARENA_CODE_VERSION
        and is_complete(last)
    )


def is_complete(table: Leaderboard) -> bool:
    """Whether it says all that is needed to make it again.

    Without a repository all code has the same version: former tables lack something.
    """
    return SAID.issubset(table.parameters)


def _is_due(last: Leaderboard) -> bool:
    """Whether its rank ranges are to be made with care now."""
    made_from = last.parameters["rank_bound_votes"]
    return bool(
        last.parameters["rank_ranges"] != MAX_T or last.votes >= GROWN * made_from
    )


def _carried(
    last: Leaderboard | None, sizes: list[int], votes: int
) -> dict[str, Any] | None:
    """The parameters of the last table, where its bounds serve this one as well."""
    if not _is_of_this_code(last):
        return None
    before: dict[str, Any] = last.parameters
    serves = (
        before["rank_ranges"] == MAX_T
        and before["group_sizes"] == sizes
        and votes < OUTGROWN * before["rank_bound_votes"]
    )
    return before if serves else None


def _volunteers(name: str) -> int | None:
    """Counted for the table of all votes alone."""
    return Volunteer.objects.filter(has_judged=True).count() if name == ALL else None


def _rating(
    leaderboard: Leaderboard,
    group: int,
    contestant_id: int,
    row: RatingRow,
    tie_threshold: float,
) -> Rating:
    figures = {stored: getattr(row, name) for name, stored in STORED.items()}
    return Rating(
        leaderboard=leaderboard,
        contestant_id=contestant_id,
        group=group,
        tie_threshold=tie_threshold,
        **figures,
    )
