"""What the pool is made of: how much of it is new, suggested, or asked twice."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.db.models.functions import Coalesce, Now

from evaluations.live import pooling
from evaluations.models import Prompt

NEW_DAYS = 30


@dataclass(frozen=True)
class PoolShares:
    """Counts of approved prompts; duplicates: those beyond the first of their group."""

    prompts: int
    new: int
    suggested: int
    duplicates: int
    waiting: int
    new_days: int = NEW_DAYS

    def _share(self, number: int) -> float:
        return number / self.prompts if self.prompts else 0.0

    @property
    def new_share(self) -> float:
        return self._share(self.new)

    @property
    def suggested_share(self) -> float:
        return self._share(self.suggested)

    @property
    def duplicate_share(self) -> float:
        return self._share(self.duplicates)


def pool_shares() -> PoolShares:
    """Count the pool, and what waits to come into it."""
    origins = [Prompt.Origin.VOLUNTEER, Prompt.Origin.LIVE]
    counts = Prompt.objects.approved().aggregate(
        prompts=Count("pk"),
        new=Count("pk", filter=Q(created_at__gte=Now() - timedelta(days=NEW_DAYS))),
        suggested=Count("pk", filter=Q(origin__in=origins)),
        groups=Count(Coalesce("near_id", "pk"), distinct=True),
    )
    groups = counts.pop("groups")
    return PoolShares(
        **counts,
        duplicates=counts["prompts"] - groups,
        waiting=pooling.waiting().count(),
    )
