"""Row 24 of the acceptance table: one model server breaks, and the page says so."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from evaluations import live
from evaluations.live.turning import calls_under_way
from evaluations.models import Battle, LiveBattle
from evaluations.voting import Refusal
from tests.factories import cookie_of, make_visitor, vote_for
from tests.fakes.behaviour import Behaviour
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena, wait_until
from tests.live_battles.faulty import (
    AT_ONCE,
    FAULTS,
    IN_MID_ANSWER,
    SILENT,
    STALL,
    TOLD_SECONDS,
    Trial,
    no_traceback,
    open_trial,
    open_trials,
    play,
    players,
    wait_for,
)

ARENA_PROGRAMS = ("web", "live")
ARENA_ENVIRON = {
    "ARENA_LIVE_START_MS": "300",
    "ARENA_LIVE_TOKENS_PER_SECOND": "60",
    "ARENA_LIVE_SLOTS": "128",
}
STEADY = Behaviour(rate=15, tokens=24)

pytestmark = pytest.mark.usefixtures("same_redis")


@pytest.fixture
def server(arena: LiveArena) -> Iterator[ModelServer]:
    with ModelServer(default=STEADY) as running:
        yield running
    no_traceback(arena)


def check_told(arena: LiveArena, trial: Trial) -> None:
    """In words, blind, in time, and not to be judged."""
    told, kind = trial.told, trial.kind
    assert trial.told_after <= TOLD_SECONDS, (kind, trial.told_after)
    letter, other = trial.failing, "ab".replace(trial.failing, "")
    assert (told["state"], told["can_retry"]) == ("failed", True), kind
    assert told["sentence"].startswith(f"{letter.upper()}’s answer didn’t arrive")
    sides = told["turns"][0]
    assert sides[letter]["state"] == "failed", kind
    assert sides[other]["state"] != "failed", kind
    # Both show something, or neither; on a busy machine it may break before that.
    shown = [bool(sides[side]["html"]) for side in "ab"]
    assert shown in (
        [[True, True], [False, False]] if trial.may_show else [[False] * 2]
    )
    with pytest.raises(Refusal):
        vote_for(trial.battle, visitor=trial.visitor)
    page = httpx2.get(
        f"{arena.url}/battle/{trial.battle.public_id}",
        headers={"Cookie": cookie_of(trial.visitor)},
    )
    assert page.status_code == 200
    assert told["sentence"] in page.text
    for words in (json.dumps(told), page.text):
        assert "canary" not in words.lower(), kind
        assert "refuse" not in words, kind


def suffer(arena: LiveArena, server: ModelServer, kinds: Any, number: int) -> None:
    trials = [trial for kind in kinds for trial in open_trials(server, kind, number)]
    wait_for(trials, Trial.look, seconds=TOLD_SECONDS + 20)
    wait_for(trials, lambda trial: trial.state == "failed", seconds=30)
    for trial in trials:
        check_told(arena, trial)
    assert calls_under_way() == 0
    kept = {trial.battle.pk: trial.answer_of(trial.steady).pk for trial in trials}

    for trial in trials:
        server.behave(trial.faulty.api_model, rate=15, tokens=24)
        trial.retry()

    wait_for(trials, lambda trial: trial.state == "ready", seconds=60)
    assert calls_under_way() == 0
    for trial in trials:
        # Of the same two, and the other answer as it was.
        assert trial.answer_of(trial.faulty).text
        assert trial.answer_of(trial.steady).pk == kept[trial.battle.pk]
        assert vote_for(trial.battle, visitor=trial.visitor).battle == trial.battle


def test_a_broken_server_is_told_of_and_asked_again(
    arena: LiveArena, server: ModelServer
):
    # To be told of a stall takes twenty seconds; it has its turn with the long ones.
    suffer(arena, server, (AT_ONCE | IN_MID_ANSWER).keys() - {STALL}, 2)


@pytest.mark.slow
@pytest.mark.parametrize("kinds", [AT_ONCE, IN_MID_ANSWER, SILENT])
def test_broken_servers_are_told_of_twenty_times_each(
    arena: LiveArena, server: ModelServer, kinds: dict[str, Any]
):
    for two in (list(kinds)[at : at + 2] for at in range(0, len(kinds), 2)):
        suffer(arena, server, two, 20)


def test_after_two_failures_others_answer_before_anything_was_shown(
    arena: LiveArena, server: ModelServer
):
    trials = [
        t
        for kind in ("key refused", "nothing said")
        for t in open_trials(server, kind, 2)
    ]
    wait_for(trials, lambda trial: trial.state == "failed", seconds=30)
    assert not any(side["html"] for t in trials for side in sides_of(t))
    others = players(server, "other", 3)
    play(others)

    for trial in trials:
        trial.retry()

    wait_for(trials, lambda trial: trial.state == "ready", seconds=30)
    for trial in trials:
        redrawn = Battle.objects.get(pk=trial.battle.pk)
        assert redrawn.contestant_x in others
        assert redrawn.contestant_y in others
        assert redrawn.draw_probability == pytest.approx(1 / 3)
        assert LiveBattle.objects.get(battle=trial.battle).redraws == 1
        vote_for(trial.battle, visitor=trial.visitor)
    assert calls_under_way() == 0


def sides_of(trial: Trial) -> list[dict[str, Any]]:
    turn = trial.told["turns"][0]
    return [turn["a"], turn["b"]]


def test_after_two_failures_in_mid_answer_the_battle_does_not_count(
    arena: LiveArena, server: ModelServer
):
    (trial,) = open_trials(server, "broken line", 1)
    wait_for([trial], lambda trial: trial.state == "failed", seconds=30)
    play(players(server, "another", 3))

    trial.retry()

    wait_for([trial], lambda trial: trial.state == "closed", seconds=30)
    assert "does not count" in trial.told["sentence"]
    with pytest.raises(Refusal):
        vote_for(trial.battle, visitor=trial.visitor)
    assert calls_under_way() == 0


def test_with_both_servers_down_the_page_says_so(arena: LiveArena):
    with ModelServer() as gone:
        play(players(gone, "down", 2))
    visitor = make_visitor()
    battle = live.open_battle(visitor=visitor, text="Why is it so?", publish=False)

    wait_until(lambda: snapshot_of(visitor, battle).state == "failed", seconds=30)

    shown = snapshot_of(visitor, battle)
    assert shown.sentence.startswith("Neither answer arrived.")
    assert "judge other pairs" in shown.sentence
    assert [turn.prompt for turn in shown.turns] == ["Why is it so?"]
    assert calls_under_way() == 0
    live.leave(visitor=visitor, battle_id=battle.public_id)


def snapshot_of(visitor: Any, battle: Battle) -> live.Snapshot:
    return live.snapshot(visitor=visitor, battle_id=battle.public_id)


def test_a_model_whose_server_fails_ten_times_in_a_row_is_paused(
    arena: LiveArena, server: ModelServer
):
    (first,) = open_trials(server, "key refused", 1)
    more = [open_trial(first.kind, first.faulty, first.steady) for _ in range(9)]
    trials = [first, *more]

    wait_for(trials, lambda trial: trial.state == "failed", seconds=30)

    broken, whole = trials[0].faulty, trials[0].steady
    broken.refresh_from_db()
    whole.refresh_from_db()
    assert (broken.state, whole.state) == ("paused", "active")


def test_the_kinds_of_faults_are_twelve_and_more():
    assert len(FAULTS) >= 12
