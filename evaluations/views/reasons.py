"""Why people preferred a model's answers, and why those of its opponents."""

from dataclasses import dataclass

from django.db.models import Count, Q

from evaluations.models import Battle, Contestant, Vote


@dataclass(frozen=True)
class Reasons:
    """How many votes gave a reason, and how many gave which; one may give several."""

    votes: int
    given: dict[str, int]


def reasons(contestant: Contestant) -> tuple[Reasons, Reasons]:
    """Of the votes that it won, and of those that it lost; in one query."""
    x, y = Q(battle__contestant_x=contestant), Q(battle__contestant_y=contestant)
    for_x = Q(verdict="a", left="x") | Q(verdict="b", left="y")
    for_y = Q(verdict="a", left="y") | Q(verdict="b", left="x")
    sides = {"won": x & for_x | y & for_y, "lost": x & for_y | y & for_x}
    counts = (
        Vote.objects.counted()
        .filter(x | y, verdict__in=("a", "b"), battle__withdrawn_at__isnull=True)
        .exclude(battle__mode=Battle.Mode.CONTROL)
        .exclude(reasons=[])
        .aggregate(
            **{side: Count("pk", filter=of) for side, of in sides.items()},
            **{
                f"{side}_{reason}": Count(
                    "pk", filter=of & Q(reasons__contains=[reason])
                )
                for side, of in sides.items()
                for reason in Vote.Reason.values
            },
        )
    )
    won, lost = (
        Reasons(
            counts[side],
            {str(r.label): counts[f"{side}_{r.value}"] for r in Vote.Reason},
        )
        for side in sides
    )
    return won, lost
