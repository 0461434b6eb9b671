"""How ratings went: the last table of each day."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Max, QuerySet
from django.db.models.functions import TruncDate

from evaluations.charts import History, Moment
from evaluations.leaderboard import Row
from evaluations.models import Leaderboard, Rating

DAYS = 180


def histories(newest: Leaderboard, rows: Sequence[Row]) -> list[History]:
    """One history for each row, of the last 180 days with a table; in one query.

    Ratings that were still provisional are left out: they may have been anywhere.
    """
    names = {row.contestant.pk: row.contestant.name for row in rows}
    found = (
        Rating.objects.filter(
            leaderboard__in=_last_of_days(newest),
            contestant__in=names,
            provisional=False,
        )
        .order_by("leaderboard")
        .values_list(
            "contestant",
            "leaderboard__published_at",
            "rating",
            "rating_low",
            "rating_high",
        )
    )
    moments: dict[int, list[Moment]] = defaultdict(list)
    for contestant, published_at, *values in found:
        moments[contestant].append(Moment(published_at.date(), *values))
    return [History(names[key], moments[key]) for key in names if moments[key]]


def _last_of_days(newest: Leaderboard) -> QuerySet[Leaderboard, Any]:
    tables = Leaderboard.objects.of_slice(newest.slice, newest.adjustment)
    tables = tables.filter(pk__lte=newest.pk)
    days = tables.order_by().values(day=TruncDate("published_at"))
    lasts = days.annotate(last=Max("pk")).order_by("-day")
    return lasts.values("last")[:DAYS]
