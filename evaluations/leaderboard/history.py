"""Old tables: what is kept of them."""

from datetime import timedelta

from django.db.models import Max
from django.db.models.functions import Now, TruncDate

from evaluations.models import Leaderboard


def thin_out() -> int:
    """Keep only the last table of each day before yesterday; return how many went.

    A busy arena publishes thousands of tables a day; a day's last one is its history.
    """
    day = TruncDate("published_at")
    settled = Leaderboard.objects.filter(published_at__lt=Now() - timedelta(days=1))
    kept = settled.values("slice", "adjustment", day=day).annotate(last=Max("pk"))
    gone = settled.exclude(pk__in=kept.values("last")).delete()
    return gone[1].get("evaluations.Leaderboard", 0)
