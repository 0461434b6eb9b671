"""The newest audit as a page tells it."""

from dataclasses import dataclass
from itertools import pairwise
from math import exp, sqrt
from typing import Any, Final

from evaluations.auditing.figures import CLASSES
from evaluations.auditing.running import latest
from evaluations.models import Audit, Contestant
from evaluations.models.contestants import heading_of
from evaluations.rating.table import REACH

Figures = dict[str, Any]

# Rows of a table that are open at once; the others are folded away.
SHOWN: Final = 12
# Beyond so many points a rating has run away: nothing but wins or losses is left.
FARTHEST: Final = 800.0
KINDS: Final = {
    "volunteer": ("One volunteer", "volunteers"),
    "day": ("One day", "days"),
    "prompt": ("One question", "questions"),
}
CLASS_NAMES: Final = (
    "far less sharp than the crowd",
    "somewhat less sharp",
    "as sharp as the crowd",
    "somewhat sharper",
    "far sharper than the crowd",
)


@dataclass(frozen=True)
class SwapLine:
    """votes: whose removal turns the order, None where none does; share: of the
    group's; at_least: an estimate of how few might do, unless exact"""

    ahead: Contestant
    behind: Contestant
    lead: float
    votes: int | None
    at_least: int
    exact: bool
    share: float | None


@dataclass(frozen=True)
class LeftOutLine:
    """The largest effects of leaving out one of a kind; points are None where the
    leader would have no vote left."""

    name: str
    kind: str
    others: int
    lead_votes: int
    lead_change: float | None
    leads: bool
    rating_votes: int
    moved: Contestant
    rating_change: float
    far: bool


@dataclass(frozen=True)
class ClassLine:
    name: str
    range: str
    volunteers: int
    votes: int
    weight: float | None


@dataclass(frozen=True)
class RatingLine:
    contestant: Contestant
    place: int
    rating: float
    error: float
    weighted_place: int
    weighted: float
    weighted_error: float

    @property
    def half_width(self) -> float:
        return REACH * self.error

    @property
    def weighted_half_width(self) -> float:
        return REACH * self.weighted_error


@dataclass(frozen=True)
class ReliabilityReport:
    """sharper, duller: how the sharpness of a typical volunteer on either side of the
    middle relates to the crowd's, one standard deviation away"""

    classes: list[ClassLine]
    rows: list[RatingLine]
    more_rows: list[RatingLine]
    sharper: float
    duller: float
    equal: bool
    moved: int


@dataclass(frozen=True)
class GroupReport:
    heading: str
    settled: bool
    votes: int
    volunteers: int
    leader: SwapLine
    neighbours: list[SwapLine]
    more_neighbours: list[SwapLine]
    left_out: list[LeftOutLine]
    reliability: ReliabilityReport


@dataclass(frozen=True)
class Report:
    """wider, widest: how much wider intervals are than independent votes would make
    them, as a share, on the whole and for the one where most"""

    audit: Audit
    groups: list[GroupReport]
    wider: float
    widest: float
    widest_of: Contestant | None


def report() -> Report | None:
    """None before the first audit."""
    audit = latest()
    if audit is None:
        return None
    contestants = Contestant.objects.in_bulk(_slugs(audit), field_name="slug")
    effects = audit.results["effects"]
    pooled = audit.results["pooled_effect"]
    wide = [slug for slug in effects if slug in contestants and effects[slug] > pooled]
    widest = max(wide, key=effects.__getitem__, default=None)
    return Report(
        audit=audit,
        groups=[
            _group(group, contestants)
            for group in audit.results["groups"]
            if _slugs_of(group) <= set(contestants)
        ],
        wider=sqrt(pooled) - 1,
        widest=sqrt(effects[widest]) - 1 if widest else 0.0,
        widest_of=contestants[widest] if widest else None,
    )


def swaps_of(*, contestant: Contestant) -> list[SwapLine]:
    """What it takes to swap it with its neighbours: the one ahead, the one behind."""
    audit, slug = latest(), contestant.slug
    near = [
        (swap, group)
        for group in (audit.results["groups"] if audit else [])
        for swap in group["neighbours"]
        if slug in (swap["ahead"], swap["behind"])
    ]
    names = {swap[side] for swap, _ in near for side in ("ahead", "behind")}
    contestants = Contestant.objects.in_bulk(names, field_name="slug")
    # A contestant may have been renamed since.
    return [
        _swap(swap, group, contestants)
        for swap, group in near
        if {swap["ahead"], swap["behind"]} <= contestants.keys()
    ]


def leader_swap() -> SwapLine | None:
    """What it takes to change the leader of the largest group, before any None."""
    audit = latest()
    if audit is None or not audit.results["groups"]:
        return None
    group = audit.results["groups"][0]
    names = {group["leader"]["ahead"], group["leader"]["behind"]}
    contestants = Contestant.objects.in_bulk(names, field_name="slug")
    if len(contestants) < len(names):
        # One has been renamed since.
        return None
    return _swap(group["leader"], group, contestants)


def _slugs(audit: Audit) -> set[str]:
    return set(audit.results["effects"])


def _slugs_of(group: Figures) -> set[str]:
    """Those it names; a contestant may have been renamed since."""
    return {row["slug"] for row in group["reliability"]["rows"]}


def _group(group: Figures, contestants: dict[str, Contestant]) -> GroupReport:
    neighbours = [_swap(swap, group, contestants) for swap in group["neighbours"]]
    rows = _slugs_of(group)
    return GroupReport(
        heading=heading_of([contestants[slug] for slug in rows]),
        settled=group["settled"],
        votes=group["votes"],
        volunteers=group["volunteers"],
        leader=_swap(group["leader"], group, contestants),
        neighbours=neighbours[:SHOWN],
        more_neighbours=neighbours[SHOWN:],
        left_out=[
            _left_out(kind, group["left_out"][kind], contestants)
            for kind in KINDS
            if group["left_out"][kind] is not None
        ],
        reliability=_reliability(group["reliability"], contestants),
    )


def _swap(
    swap: Figures, group: Figures, contestants: dict[str, Contestant]
) -> SwapLine:
    votes = swap["votes"]
    return SwapLine(
        ahead=contestants[swap["ahead"]],
        behind=contestants[swap["behind"]],
        lead=swap["lead"],
        votes=votes,
        at_least=swap["at_least"],
        exact=swap["exact"],
        share=None if votes is None else votes / group["votes"],
    )


def _left_out(
    kind: str, largest: Figures, contestants: dict[str, Contestant]
) -> LeftOutLine:
    name, others = KINDS[kind]
    lead, rating = largest["on_lead"], largest["on_rating"]
    if largest["turns"] is not None:
        lead = largest["turns"]
    change = lead["lead_change"]
    return LeftOutLine(
        name=name,
        kind=others,
        others=largest["groups"],
        lead_votes=lead["votes"],
        lead_change=None if change is None or abs(change) > FARTHEST else change,
        leads=lead["leads"],
        rating_votes=rating["votes"],
        moved=contestants[rating["moved"]],
        rating_change=rating["rating_change"],
        far=abs(rating["rating_change"]) > FARTHEST,
    )


def _reliability(
    found: Figures, contestants: dict[str, Contestant]
) -> ReliabilityReport:
    rows = _ratings(found["rows"], contestants)
    spread = found["spread"]
    classes = zip(CLASS_NAMES, _ranges(), found["classes"], strict=True)
    return ReliabilityReport(
        classes=[ClassLine(name, span, **line) for name, span, line in classes],
        rows=rows[:SHOWN],
        more_rows=rows[SHOWN:],
        sharper=exp(spread),
        duller=exp(-spread),
        equal=spread < 0.1,
        moved=sum(row.place != row.weighted_place for row in rows),
    )


def _ranges() -> list[str]:
    inner = [f"{low:g} to {high:g}" for low, high in pairwise(CLASSES)]
    return [f"below {CLASSES[0]:g}", *inner, f"{CLASSES[-1]:g} and more"]


def _ratings(
    rows: list[Figures], contestants: dict[str, Contestant]
) -> list[RatingLine]:
    by_weight = sorted(rows, key=lambda row: (-row["weighted"], row["slug"]))
    places = {row["slug"]: place for place, row in enumerate(by_weight, start=1)}
    return [
        RatingLine(
            contestant=contestants[row["slug"]],
            place=place,
            rating=row["rating"],
            error=row["se"],
            weighted_place=places[row["slug"]],
            weighted=row["weighted"],
            weighted_error=row["weighted_se"],
        )
        for place, row in enumerate(rows, start=1)
    ]
