"""All that a page may know of a live battle; nothing in it hints at a contestant."""

from dataclasses import asdict, dataclass
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from evaluations.models import Answer, Battle, BattleTurn, LiveBattle, Vote
from evaluations.volunteers import Visitor
from evaluations.voting import BattleUnknown, BattleWithdrawn

SideState = Literal["waiting", "writing", "ready", "failed"]
State = Literal["writing", "ready", "failed", "closed", "voted"]

SENTENCES = {
    LiveBattle.End.LEFT: "You have given this battle up.",
    LiveBattle.End.IDLE: "This battle was left alone for too long and is closed.",
    LiveBattle.End.FAILED: "The models’ servers did not answer, so this battle does "
    "not count. Your question is kept.",
    LiveBattle.End.DELETED: "You have deleted this battle.",
    LiveBattle.End.VOTED: "",
}


@dataclass(frozen=True)
class SnapshotSide:
    state: SideState
    html: str


@dataclass(frozen=True)
class SnapshotTurn:
    prompt: str
    a: SnapshotSide
    b: SnapshotSide


@dataclass(frozen=True)
class Snapshot:
    battle_id: UUID
    state: State
    sentence: str
    seq: int
    turns: tuple[SnapshotTurn, ...]
    left: str
    turns_left: int
    can_retry: bool
    can_stop: bool
    publish: bool


def own_battle(*, visitor: Visitor, battle_id: UUID) -> LiveBattle:
    """The visitor's own live battle; BattleUnknown where it is not theirs."""
    live = (
        LiveBattle.objects.select_related("battle__prompt")
        .filter(battle__public_id=battle_id, volunteer=visitor.volunteer)
        .first()
    )
    if live is None or visitor.volunteer is None:
        raise BattleUnknown
    return live


def open_battle_of(*, visitor: Visitor) -> LiveBattle | None:
    """The live battle that the visitor has not ended yet."""
    if visitor.volunteer is None:
        return None
    own = LiveBattle.objects.open().filter(volunteer=visitor.volunteer)
    return own.select_related("battle__prompt").first()


def snapshot(*, visitor: Visitor, battle_id: UUID) -> Snapshot:
    """How a live battle stands, for its own volunteer."""
    live = own_battle(visitor=visitor, battle_id=battle_id)
    if live.battle.withdrawn_at is not None:
        raise BattleWithdrawn
    return snapshot_of(live)


def snapshot_of(live: LiveBattle) -> Snapshot:
    # The questions first: of a further one that comes just now nothing is told yet.
    asked = live.battle.prompt.turns
    turns = list(turns_of(live.battle))[: len(asked)]
    voted = Vote.objects.spent().filter(battle=live.battle).exists()
    state = _state(live, turns[-1], voted=voted)
    left = settings.ARENA_LIVE_TURNS - len(turns)
    return Snapshot(
        battle_id=live.battle.public_id,
        state=state,
        sentence=_sentence(live, turns[-1], state),
        seq=turns[-1].live.seq,
        turns=tuple(
            _turn(prompt, turn, live.left)
            for prompt, turn in zip(asked, turns, strict=True)
        ),
        left=live.left,
        turns_left=max(0, left) if state == "ready" and not _was_voted(live) else 0,
        can_retry=state == "failed",
        can_stop=state == "writing" and turns[-1].live.stop_asked_at is None,
        publish=live.publish,
    )


def turns_of(battle: Battle) -> QuerySet[BattleTurn]:
    return (
        battle.turns.select_related("live", "answer_x", "answer_y")
        .defer("answer_x__reasoning", "answer_y__reasoning")
        .order_by("number")
    )


def _was_voted(live: LiveBattle) -> bool:
    """A vote, even one undone, has shown who answered."""
    return live.end == LiveBattle.End.VOTED


def _state(live: LiveBattle, turn: BattleTurn, *, voted: bool) -> State:
    if voted:
        return "voted"
    if live.ended_at is not None and not _was_voted(live):
        return "closed"
    if turn.live.done_at is not None:
        return "ready"
    waiting = turn.live.lease_token is None and _failed(turn)
    return "failed" if waiting else "writing"


def _failed(turn: BattleTurn) -> list[str]:
    """The sides of a turn whose answers did not come."""
    answers = {"x": turn.answer_x, "y": turn.answer_y}
    return [side for side, a in answers.items() if a.state == Answer.State.FAILED]


def _sentence(live: LiveBattle, turn: BattleTurn, state: State) -> str:
    if state == "closed":
        return SENTENCES[LiveBattle.End(live.end)]
    if state != "failed":
        return ""
    failed = _failed(turn)
    if len(failed) == 2:
        return "Neither answer arrived. Try again, or judge other pairs meanwhile."
    letter = "A" if failed == [live.left] else "B"
    return f"{letter}’s answer didn’t arrive. Try again; your question is kept."


def _turn(prompt: str, turn: BattleTurn, left: str) -> SnapshotTurn:
    x = _side(turn, turn.answer_x, turn.live.html_x)
    y = _side(turn, turn.answer_y, turn.live.html_y)
    a, b = (x, y) if left == Vote.Side.X else (y, x)
    return SnapshotTurn(prompt=prompt, a=a, b=b)


def _side(turn: BattleTurn, answer: Answer, html: str) -> SnapshotSide:
    if turn.live.done_at is not None:
        return SnapshotSide("ready", answer.html)
    if answer.state == Answer.State.FAILED:
        return SnapshotSide("failed", html)
    return SnapshotSide("writing" if turn.live.begun_at else "waiting", html)


def told(snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot as JSON takes it."""
    fields = asdict(snapshot)
    return {"battle": str(fields.pop("battle_id")), **fields}
