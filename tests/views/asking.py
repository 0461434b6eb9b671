"""Live battles as their pages find them, without the worker that streams them."""

from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone

from evaluations.live import open_battle
from evaluations.markdown import render_safely
from evaluations.models import (
    Answer,
    Battle,
    BattleTurn,
    Contestant,
    LiveBattle,
    LiveTurn,
)
from evaluations.volunteers import Visitor, token_in, visitor_with
from tests.factories import make_contestant, make_prompt
from tests.views.browsing import Visit

NAMES = ("Osprey", "Kestrel")
CATEGORIES = ("writing", "mathematics", "knowledge", "programming", "translation")


def make_players() -> list[Contestant]:
    """Two models that may be asked, of telling names."""
    return [
        make_contestant(name=name, maker=f"{name} Labs", slug=name.lower())
        for name in NAMES
    ]


def make_starters() -> None:
    """Two questions of each category."""
    for category in CATEGORIES:
        for number in range(2):
            make_prompt(f"{category} {number}?", set="starter", categories=[category])


def visitor_of(visit: Visit) -> Visitor:
    token = token_in({name: c.value for name, c in visit.client.cookies.items()})
    assert token is not None
    return visitor_with(token=token)


def ask_as(
    visit: Visit, text: str = "What is a fen?", *, publish: bool = False
) -> Battle:
    return open_battle(visitor=visitor_of(visit), text=text, publish=publish)


def answer(battle: Battle, texts: Sequence[str] = ("One.", "Two.")) -> None:
    """Complete the current turn, as the worker would."""
    turn = last_turn(battle)
    for row, text in zip((turn.answer_x, turn.answer_y), texts, strict=True):
        Answer.objects.filter(pk=row.pk).update(
            state=Answer.State.READY,
            text=text,
            html=render_safely(text).html,
            finished_at=timezone.now(),
        )
    LiveTurn.objects.filter(turn=turn).update(done_at=timezone.now())
    Battle.objects.filter(pk=battle.pk).update(state=Battle.State.READY)


def begin(battle: Battle, texts: Sequence[str] = ("On", "Tw")) -> None:
    """Let a first part of both answers out."""
    html_x, html_y = (f"<p>{text}</p>" for text in texts)
    LiveTurn.objects.filter(turn=last_turn(battle)).update(
        begun_at=timezone.now(), html_x=html_x, html_y=html_y, seq=F("seq") + 7
    )


def fail(battle: Battle, sides: str = "x") -> None:
    """Let the answers of these sides fail."""
    turn = last_turn(battle)
    for side in sides:
        Answer.objects.filter(pk=getattr(turn, f"answer_{side}").pk).update(
            state=Answer.State.FAILED, finished_at=timezone.now(), error_kind="server"
        )


def close(battle: Battle, end: LiveBattle.End = LiveBattle.End.FAILED) -> None:
    LiveBattle.objects.filter(battle=battle).update(ended_at=timezone.now(), end=end)


def last_turn(battle: Battle) -> BattleTurn:
    return BattleTurn.objects.filter(battle=battle).order_by("-number")[0]
