"""Old tables: what is kept of them."""

from datetime import timedelta

from django.db.models import Max
from django.db.models.functions import Now, TruncDate, TruncHour

from evaluations.models import Leaderboard

HOURLY, DAILY = timedelta(hours=1), timedelta(days=2)


def thin_out() -> int:
    """Keep the last table of each past hour, and of each day before yesterday.

    Return how many went. A busy arena publishes thousands of tables an hour; the last
    one of a day is its history.
    """
    before_days = _surplus(TruncDate("published_at"), older=DAILY)
    before_hours = _surplus(TruncHour("published_at"), older=HOURLY)
    return before_days + before_hours


def _surplus(span: TruncDate | TruncHour, *, older: timedelta) -> int:
    """Delete all tables of that age but the last of each span."""
    old = Leaderboard.objects.filter(published_at__lt=Now() - older)
    kept = old.values("slice", "adjustment", span=span).annotate(last=Max("pk"))
    gone = old.exclude(pk__in=kept.values("last")).delete()
    return gone[1].get("evaluations.Leaderboard", 0)
