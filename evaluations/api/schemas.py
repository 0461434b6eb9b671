"""What the interface returns."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Self

from ninja import Schema

from evaluations.leaderboard import Group, Row
from evaluations.matchmaking import ContestantExposure
from evaluations.models import Dump, Leaderboard
from evaluations.models.tallies import ALL
from evaluations.simulated import simulation


class RatingRow(Schema):
    """One contestant; rows of different groups must not be compared."""

    group: int
    rank_low: int
    rank_high: int
    slug: str
    name: str
    maker: str
    house_program: bool
    rating: float
    rating_low: float
    rating_high: float
    provisional: bool
    votes: int
    wins: int
    losses: int
    ties: int
    both_bad: int
    win_rate: float
    usable_share: float
    votes_to_median: int | None
    votes_to_separate: int | None
    comparison_error: float | None
    design_effect: float | None

    @classmethod
    def of(cls, group: Group, row: Row) -> Self:
        contestant, rating = row.contestant, row.rating
        return cls(
            group=group.number,
            slug=contestant.slug,
            name=contestant.name,
            maker=contestant.maker,
            house_program=contestant.is_house_program,
            **{name: getattr(rating, name) for name in RATING_FIELDS},
        )


RATING_FIELDS = RatingRow.model_fields.keys() - {
    "group",
    "slug",
    "name",
    "maker",
    "house_program",
}


class RatingTable(Schema):
    """The newest table; empty before the first counted vote.

    Where `simulated` is true, a made-up crowd cast the votes.
    """

    simulated: bool = False
    slice: str = ALL
    adjustment: str = ""
    published_at: datetime | None = None
    votes: int = 0
    volunteers: int | None = 0
    method: str | None = None
    parameters: dict[str, Any] = {}
    coefficients: list[dict[str, Any]] = []
    code_version: str | None = None
    digest: str | None = None
    watermark: int | None = None
    rows: list[RatingRow] = []

    @classmethod
    def of(cls, leaderboard: Leaderboard | None, rows: list[RatingRow]) -> Self:
        if leaderboard is None:
            return cls(simulated=simulation() is not None)
        names = cls.model_fields.keys() - {"rows", "simulated"}
        columns = {name: getattr(leaderboard, name) for name in names}
        return cls(simulated=simulation() is not None, rows=rows, **columns)


class ShareOfCases(Schema):
    """A share between 0 and 1, with its 95 % interval."""

    share: float
    low: float
    high: float
    cases: int


class Noise(Schema):
    """Null before the first case. Undecided: a tie or both bad; left: of the decided.

    Repeats: one pair judged twice by one volunteer. Agreement: the mean, over pairs
    judged by several volunteers, of the share of two votes that chose the same.
    """

    same_model_undecided: ShareOfCases | None = None
    same_model_left: ShareOfCases | None = None
    ordinary_undecided: ShareOfCases | None = None
    ordinary_left: ShareOfCases | None = None
    repeats_same: ShareOfCases | None = None
    repeats_opposite: ShareOfCases | None = None
    repeats_one_tie: ShareOfCases | None = None
    agreement: ShareOfCases | None = None
    agreement_votes: int = 0


class ExposureRow(Schema):
    """A published contestant. Shares are of all places in draws, two in each.

    Battles that were drawn and judged here, views of them, votes on them: one that is
    still open is in none of these. The shares are those of the newest draws of the
    queue, of the next draw, and the guaranteed one.
    """

    slug: str
    name: str
    maker: str
    licence: str
    size_class: str
    state: str
    family: str
    family_size: int
    battles: int
    views: int
    votes: int
    recent_share: float
    expected_share: float
    floor_share: float

    @classmethod
    def of(cls, line: ContestantExposure) -> Self:
        return cls(**{**asdict(line), **asdict(line.seen)})


class TableName(Schema):
    """What `/leaderboard` is to be asked for."""

    slice: str
    adjustment: str


class DumpFile(Schema):
    name: str
    url: str
    bytes: int
    sha256: str
    rows: int | None = None


class DumpVersion(Schema):
    version: str
    simulated: bool
    published_at: datetime | None
    votes: int
    conversations: int
    licence: str = "CC-BY-4.0"
    files: list[DumpFile]

    @classmethod
    def of(cls, dump: Dump, files: list[DumpFile]) -> Self:
        return cls(
            version=dump.version,
            simulated=simulation() is not None,
            published_at=dump.published_at,
            votes=dump.votes,
            conversations=dump.conversations,
            files=files,
        )
