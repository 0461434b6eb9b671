"""From the ledger's changes to tallies, and from tallies to published tables."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Sum
from django.db.models.functions import Now, TruncDate

from evaluations.models import (
    Contestant,
    Leaderboard,
    Rating,
    Tally,
    TallyMark,
    Volunteer,
)
from evaluations.models.ledger import (
    MERGE_CHANGES,
    RECOUNT_CHANGES,
    RECOUNT_VOTES,
    current_horizon,
)
from evaluations.models.tallies import ALL
from evaluations.rating.rao_kupper import Chances, chances
from evaluations.rating.table import RatingRow, RatingTable, rate
from evaluations.rating.tallies import Tallies, digest


@dataclass(frozen=True)
class Row:
    contestant: Contestant
    rating: Rating


@dataclass(frozen=True)
class Group:
    """Contestants that votes connect; ranks hold within it and nowhere else."""

    number: int
    heading: str
    rows: list[Row] = field(default_factory=list)
    provisional: list[Row] = field(default_factory=list)


def roll_up() -> int:
    """Bring the tallies up to date; return the number of changes taken in.

    Takes the changes of finished transactions only: those below the oldest one still
    running. A plain `id > last` would skip a slow transaction for ever.
    """
    with transaction.atomic():
        mark = _locked_mark()
        horizon = current_horizon()
        if mark.transaction > horizon:
            # The database was restored elsewhere and counts transactions anew.
            _recount(mark)
            return 0
        with connection.cursor() as cursor:
            cursor.execute(
                MERGE_CHANGES, {"mark": mark.transaction, "horizon": horizon}
            )
            taken = int(cursor.fetchone()[0])
        if taken:
            mark.transaction = horizon
            mark.save(update_fields=["transaction"])
    return taken


def rebuild_tallies() -> None:
    """Count all votes anew; what changes meanwhile is rolled up afterwards."""
    with transaction.atomic():
        _recount(_locked_mark())


def _locked_mark() -> TallyMark:
    TallyMark.objects.bulk_create([TallyMark()], ignore_conflicts=True)
    return TallyMark.objects.select_for_update().get()


def _recount(mark: TallyMark) -> None:
    with connection.cursor() as cursor:
        # No vote may change state between the count and the new mark.
        cursor.execute("LOCK TABLE evaluations_vote IN SHARE MODE")
        cursor.execute(RECOUNT_CHANGES)
        cursor.execute(RECOUNT_VOTES, {"slice": ALL})
    mark.transaction = current_horizon()
    mark.save(update_fields=["transaction"])


def publish() -> Leaderboard | None:
    """Publish a new table if the tallies or the code have changed since the last."""
    roll_up()
    with transaction.atomic():
        # Held to the end: two workers never publish the same state twice.
        mark = _locked_mark()
        newest = latest()
        if newest and _is_current(newest, mark):
            return None
        tallies = Tallies.from_rows(_tally_rows())
        if newest is None and not tallies.names:
            return None
        return _write(tallies, rate(tallies), mark)


def thin_out() -> int:
    """Keep only the last table of each day before yesterday; return how many went.

    A busy arena publishes thousands of tables a day; a day's last one is its history.
    """
    day = TruncDate("published_at")
    settled = Leaderboard.objects.filter(published_at__lt=Now() - timedelta(days=1))
    kept = settled.values("slice", day=day).annotate(last=Max("pk")).values("last")
    return settled.exclude(pk__in=kept).delete()[1].get("evaluations.Leaderboard", 0)


def latest(name: str = ALL) -> Leaderboard | None:
    return Leaderboard.objects.of_slice(name).first()


def _is_current(leaderboard: Leaderboard, mark: TallyMark) -> bool:
    return (
        leaderboard.watermark == mark.transaction
        and leaderboard.code_version == settings.ARENA_CODE_VERSION
    )


def _tally_rows() -> Iterator[tuple[str, str, str, int]]:
    """The tallies by slug: stable names, so that anyone can check the digest."""
    yield from Tally.objects.filter(slice=ALL).values_list(
        "first__slug", "second__slug", "outcome", "count"
    )


def _write(tallies: Tallies, table: RatingTable, mark: TallyMark) -> Leaderboard:
    leaderboard = Leaderboard.objects.create(
        method=table.method,
        parameters=table.parameters,
        watermark=mark.transaction,
        code_version=settings.ARENA_CODE_VERSION,
        digest=digest(tallies),
        votes=tallies.votes,
        volunteers=Volunteer.objects.filter(has_judged=True).count(),
    )
    ids = dict(
        Contestant.objects.filter(slug__in=tallies.names).values_list("slug", "pk")
    )
    Rating.objects.bulk_create(
        _rating(leaderboard, number, ids[str(row.key)], row, group.tie_threshold)
        for number, group in enumerate(table.groups, start=1)
        for row in group.rows
    )
    return leaderboard


def _rating(
    leaderboard: Leaderboard,
    group: int,
    contestant_id: int,
    row: RatingRow,
    tie_threshold: float,
) -> Rating:
    return Rating(
        leaderboard=leaderboard,
        contestant_id=contestant_id,
        group=group,
        rating=row.rating,
        rating_low=row.rating_low,
        rating_high=row.rating_high,
        standard_error=row.se,
        rank_low=row.rank_low,
        rank_high=row.rank_high,
        votes=row.votes,
        wins=row.wins,
        losses=row.losses,
        ties=row.ties,
        both_bad=row.both_bad,
        provisional=row.provisional,
        votes_to_median=row.votes_to_median,
        votes_to_separate=row.votes_to_separate,
        tie_strength=row.tie_strength,
        tie_threshold=tie_threshold,
    )


def groups(*, leaderboard: Leaderboard) -> list[Group]:
    """The table for a page: unconnected groups apart, the best first in each."""
    ratings = leaderboard.ratings.select_related("contestant")
    made = []
    for number, members in groupby(ratings, key=lambda rating: rating.group):
        rows = [Row(rating.contestant, rating) for rating in members]
        group = Group(number, _heading([row.contestant for row in rows]))
        for row in rows:
            (group.provisional if row.rating.provisional else group.rows).append(row)
        made.append(group)
    return made


def _heading(members: list[Contestant]) -> str:
    if all(member.is_house_program for member in members):
        return "House programs"
    if all(member.state == Contestant.State.RETIRED for member in members):
        return "Retired models"
    return "Models"


def expected(*, rating: Rating, opponent: Rating) -> Chances | None:
    """What to expect of a battle; None where nothing connects the two."""
    own, other = rating.tie_strength, opponent.tie_strength
    threshold = rating.tie_threshold
    if own is None or other is None or threshold is None:
        return None
    return chances(own - other, threshold) if rating.group == opponent.group else None


def votes_needed(*, leaderboard: Leaderboard) -> int:
    """How many would make every active contestant as well known as the median one.

    A vote serves two.
    """
    active = leaderboard.ratings.filter(contestant__state=Contestant.State.ACTIVE)
    needed: int = active.aggregate(sum=Sum("votes_to_median"))["sum"] or 0
    return (needed + 1) // 2


def unrated(*, leaderboard: Leaderboard | None) -> list[Contestant]:
    """Published contestants that have no line in the table yet."""
    published = Contestant.objects.published()
    if leaderboard is not None:
        published = published.exclude(ratings__leaderboard=leaderboard)
    return list(published)
