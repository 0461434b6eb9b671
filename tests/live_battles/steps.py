"""The steps of a live battle without its processes, by the worker's own functions."""

from dataclasses import dataclass
from uuid import UUID

from evaluations import live
from evaluations.fetching.storing import store_failure, store_ready
from evaluations.live.claims import TurnClaim, claim_turn
from evaluations.live.turning import fail_turn, finish_turn
from evaluations.models import Answer, Battle, BattleTurn, Contestant, LiveTurn
from evaluations.providers.base import Completion
from evaluations.volunteers import Visitor
from tests.factories import make_contestant

QUESTION = "Why is the sea salty?"


def make_players(number: int = 2, **values: object) -> list[Contestant]:
    return [make_contestant(**values) for _ in range(number)]


def ask(visitor: Visitor, text: str = QUESTION, *, publish: bool = False) -> Battle:
    return live.open_battle(visitor=visitor, text=text, publish=publish)


def current(battle: Battle) -> BattleTurn:
    turns = BattleTurn.objects.select_related("live", "answer_x", "answer_y")
    return turns.filter(battle=battle).latest("number")


def live_turn(battle: Battle) -> LiveTurn:
    return LiveTurn.objects.get(pk=current(battle).pk)


def answers(battle: Battle) -> list[Answer]:
    turn = current(battle)
    return [turn.answer_x, turn.answer_y]


def claim(battle: Battle) -> TurnClaim:
    claimed = claim_turn(current(battle).pk)
    assert claimed is not None
    return claimed


@dataclass(frozen=True)
class Outcome:
    """What comes of the current turn's calls: texts, or None for a failure."""

    x: str | None = "Salt of x."
    y: str | None = "Salt of y."


def bring(claimed: TurnClaim, outcome: Outcome) -> None:
    """Store what the calls of a turn brought."""
    sides = zip(
        (claimed.turn.answer_x, claimed.turn.answer_y),
        (outcome.x, outcome.y),
        strict=True,
    )
    for answer, text in sides:
        if answer.state != Answer.State.FETCHING:
            continue
        if text is None:
            store_failure(claimed.of(answer), kind="http", sentence="It refused.")
        else:
            store_ready(claimed.of(answer), completion(text))


def complete(battle: Battle, x: str = "Salt of x.", y: str = "Salt of y.") -> None:
    """Answer the current turn, to its end."""
    claimed = claim(battle)
    bring(claimed, Outcome(x, y))
    assert finish_turn(claimed)


def fail(battle: Battle, sides: str = "x") -> None:
    """Let the calls of these sides fail, and the other one succeed."""
    claimed = claim(battle)
    texts = {side: None if side in sides else f"Salt of {side}." for side in "xy"}
    bring(claimed, Outcome(**texts))
    fail_turn(claimed, failed=sides)


def completion(text: str) -> Completion:
    return Completion(
        text=text,
        reasoning="",
        finish_reason="stop",
        served_model="",
        prompt_tokens=None,
        completion_tokens=None,
        first_token_ms=1,
        total_ms=2,
    )


def state_of(visitor: Visitor, battle_id: UUID) -> str:
    return live.snapshot(visitor=visitor, battle_id=battle_id).state
