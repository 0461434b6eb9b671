"""What a volunteer did here, as a list for their own eyes.

A contestant is named only where its volunteer knows it already, or can vote no more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import (
    CharField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
)

from evaluations.battles import Check, check_of
from evaluations.models import Battle, Contestant, LiveBattle, Volunteer, Vote
from evaluations.models.live import LiveBattleQuerySet
from evaluations.models.votes import VoteQuerySet
from evaluations.voting import votes_of


class Kind(StrEnum):
    ALL = "all"
    LIVE = "live"
    JUDGED = "judged"


class Standing(StrEnum):
    ALL = "all"
    STANDING = "standing"
    WITHDRAWN = "withdrawn"


# A vote's or a live battle's kind, primary key and time.
Key = tuple[str, int, datetime]
Keys = QuerySet[Any, Key]


@dataclass(frozen=True)
class Deed:
    """A vote, a live battle, or both at once; a was shown left, None is not told."""

    vote: Vote | None
    live: LiveBattle | None
    battle: Battle
    a: Contestant | None
    b: Contestant | None

    @property
    def question(self) -> str:
        return self.battle.prompt.turns[0]

    @property
    def check(self) -> Check:
        """What the pair was to check, once it is judged."""
        return check_of(self.vote) if self.vote else Check.NONE

    @property
    def at(self) -> datetime | None:
        if self.live is not None:
            return self.live.started_at
        return self.vote.cast_at if self.vote else None

    @property
    def is_deleted(self) -> bool:
        return self.live is not None and self.live.end == LiveBattle.End.DELETED

    @property
    def is_open(self) -> bool:
        return self.live is not None and self.live.ended_at is None

    @property
    def is_there(self) -> bool:
        """There is a page of it to go to."""
        return self.live is not None and self.battle.withdrawn_at is None

    @property
    def can_withdraw(self) -> bool:
        return self.vote is not None and self.vote.state != Vote.State.WITHDRAWN

    @property
    def is_taken_back(self) -> bool:
        return self.is_deleted or (self.vote is not None and not self.can_withdraw)

    @property
    def can_delete(self) -> bool:
        return self.live is not None and not self.is_deleted


def battles_of(*, volunteer: Volunteer) -> LiveBattleQuerySet:
    """A volunteer's live battles, newest first, each with its vote if there is one."""
    votes = Vote.objects.spent().filter(volunteer=volunteer)
    return (
        LiveBattle.objects.filter(volunteer=volunteer)
        .select_related(
            "battle__prompt", "battle__contestant_x", "battle__contestant_y"
        )
        .prefetch_related(Prefetch("battle__votes", votes, to_attr="own_votes"))
        .order_by("-started_at")
    )


def deed_of_vote(vote: Vote) -> Deed:
    return _deed(vote.battle, vote.left, vote=vote)


def deed_of_battle(live: LiveBattle) -> Deed:
    """From a live battle as `battles_of` gives it."""
    [vote] = live.battle.own_votes or [None]  # type: ignore[attr-defined]
    return _deed(live.battle, live.left, vote=vote, live=live)


def _deed(
    battle: Battle, left: str, *, vote: Vote | None, live: LiveBattle | None = None
) -> Deed:
    x, y = battle.contestant_x, battle.contestant_y
    a, b = (x, y) if left == Vote.Side.X else (y, x)
    if vote is None and _takes_votes(battle, live):
        return Deed(vote=None, live=live, battle=battle, a=None, b=None)
    return Deed(vote=vote, live=live, battle=battle, a=a, b=b)


def _takes_votes(battle: Battle, live: LiveBattle | None) -> bool:
    """A vote may still come: also where its volunteer took one back.

    To whoever left it, it was promised that the models stay unnamed.
    """
    if live is None or live.ended_at is None or live.end == LiveBattle.End.LEFT:
        return True
    return battle.state == Battle.State.READY and battle.withdrawn_at is None


def keys_of(*, volunteer: Volunteer, kind: Kind, standing: Standing) -> Keys:
    """Which votes and live battles there are, newest first, for a paginator."""
    live = _keys(_live(volunteer, standing), Kind.LIVE, "started_at")
    judged = _keys(_judged(volunteer, standing), Kind.JUDGED, "cast_at")
    of_kind = {Kind.LIVE: live, Kind.JUDGED: judged}
    of_kind[Kind.ALL] = live.union(judged, all=True)
    return of_kind[kind].order_by("-at", "-key")


def _keys(rows: QuerySet[Any], kind: Kind, at: str) -> Keys:
    columns = {"kind": Value(kind.value, CharField()), "key": F("pk"), "at": F(at)}
    keys: Keys = rows.order_by().annotate(**columns).values_list(*columns)
    return keys


def _live(volunteer: Volunteer, standing: Standing) -> LiveBattleQuerySet:
    taken_back = Vote.objects.spent().filter(
        volunteer=volunteer, battle=OuterRef("pk"), state=Vote.State.WITHDRAWN
    )
    withdrawn = Q(end=LiveBattle.End.DELETED) | Q(Exists(taken_back))
    own = LiveBattle.objects.filter(volunteer=volunteer)
    return own.filter(_wanted(standing, withdrawn))


def _judged(volunteer: Volunteer, standing: Standing) -> VoteQuerySet:
    """Votes on pairs of the queue: those on live battles stand with their battles."""
    own = Vote.objects.spent().filter(volunteer=volunteer)
    own = own.exclude(battle__mode=Battle.Mode.LIVE)
    return own.filter(_wanted(standing, Q(state=Vote.State.WITHDRAWN)))


def _wanted(standing: Standing, withdrawn: Q) -> Q:
    wanted = {Standing.STANDING: ~withdrawn, Standing.WITHDRAWN: withdrawn}
    return wanted.get(standing, Q())


def deeds(*, volunteer: Volunteer, keys: Iterable[Key]) -> list[Deed]:
    """The votes and live battles of these keys, in their order."""
    listed = list(keys)
    of_kind = {kind: [key for k, key, _ in listed if k == kind] for kind in Kind}
    lives = battles_of(volunteer=volunteer).in_bulk(of_kind[Kind.LIVE])
    votes = votes_of(volunteer=volunteer).in_bulk(of_kind[Kind.JUDGED])
    return [
        deed_of_battle(lives[key]) if kind == Kind.LIVE else deed_of_vote(votes[key])
        for kind, key, _ in listed
    ]
