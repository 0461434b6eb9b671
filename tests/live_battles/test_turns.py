"""Turns that fail, wait, lose their worker or are left, and what they leave behind."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db.models.functions import Now

from evaluations import live
from evaluations.live.claims import claim_turn
from evaluations.live.turning import calls_under_way, fail_turn, finish_turn
from evaluations.models import Answer, Battle, LiveBattle, LiveTurn
from evaluations.voting import BattleFailed, BattleNotReady
from tests.factories import make_visitor, vote_for
from tests.live_battles.steps import (
    Outcome,
    answers,
    ask,
    bring,
    claim,
    complete,
    current,
    fail,
    live_turn,
    make_players,
    state_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_counts():
    cache.clear()


@pytest.fixture
def asker():
    make_players()
    return make_visitor()


def retry(visitor, battle):
    live.retry(visitor=visitor, battle_id=battle.public_id)


def shown(visitor, battle):
    return live.snapshot(visitor=visitor, battle_id=battle.public_id)


def let_out(battle):
    """Some text of the current turn has reached the pages."""
    LiveTurn.objects.filter(pk=current(battle).pk).update(begun_at=Now())


def lose_worker():
    """Its lease is over, as when it was killed some time ago."""
    past = Now() - timedelta(seconds=1)
    LiveTurn.objects.exclude(lease_token=None).update(lease_until=past)
    Answer.objects.exclude(lease_token=None).update(lease_until=past)


def test_a_turn_is_claimed_once(asker):
    battle = ask(asker)

    first, second = (claim_turn(current(battle).pk) for _ in range(2))

    assert first is not None
    assert second is None
    assert {answer.claims for answer in answers(battle)} == {1}


def test_only_what_failed_is_asked_again_and_of_the_same_model(asker):
    battle = ask(asker)
    fail(battle, "x")
    failed, stays = answers(battle)
    assert shown(asker, battle).state == "failed"
    assert shown(asker, battle).can_retry

    retry(asker, battle)

    again, stayed = answers(battle)
    assert (again.contestant, again.messages) == (failed.contestant, failed.messages)
    assert (again.state, stayed) == ("queued", stays)
    complete(battle)
    assert state_of(asker, battle.public_id) == "ready"


def test_the_page_says_which_answer_failed_and_never_whose(asker):
    battle = ask(asker)
    fail(battle, "x")

    told = live.told(shown(asker, battle))

    letter = "A" if told["left"] == "x" else "B"
    assert told["sentence"].startswith(f"{letter}’s answer didn’t arrive")
    assert "It refused" not in str(told)


def test_a_failed_answer_is_never_votable(asker):
    battle = ask(asker)
    claimed = claim(battle)
    bring(claimed, Outcome(x=None))

    assert not finish_turn(claimed)

    with pytest.raises(BattleNotReady):
        vote_for(battle, visitor=asker)


def test_an_answer_that_could_not_be_stored_is_never_votable(asker):
    battle = ask(asker)

    assert not finish_turn(claim(battle))

    assert Battle.objects.get().state == Battle.State.WAITING


def test_after_two_failures_another_pair_is_drawn(asker):
    make_players(4)
    battle = ask(asker)
    pair = {battle.contestant_x_id, battle.contestant_y_id}
    fail(battle, "xy")
    retry(asker, battle)

    fail(battle, "xy")

    redrawn = Battle.objects.get()
    assert pair.isdisjoint({redrawn.contestant_x_id, redrawn.contestant_y_id})
    assert {a.contestant_id for a in answers(battle)} == {
        redrawn.contestant_x_id,
        redrawn.contestant_y_id,
    }
    assert redrawn.draw_probability == pytest.approx(1 / 6)
    assert shown(asker, battle).state == "writing"
    complete(battle)
    assert state_of(asker, battle.public_id) == "ready"


def test_whoever_failed_is_not_drawn_again(asker):
    make_players(1)
    battle = ask(asker)
    failed = battle.contestant_x_id
    fail(battle, "x")
    retry(asker, battle)

    fail(battle, "x")

    redrawn = Battle.objects.get()
    assert failed not in {redrawn.contestant_x_id, redrawn.contestant_y_id}


def test_with_nobody_else_to_draw_the_battle_closes_uncounted(asker):
    battle = ask(asker)
    fail(battle)
    retry(asker, battle)

    fail(battle)

    assert shown(asker, battle).state == "closed"
    assert "does not count" in shown(asker, battle).sentence
    assert Battle.objects.get().state == Battle.State.FAILED
    with pytest.raises(BattleFailed):
        vote_for(battle, visitor=asker)


def test_no_other_pair_is_drawn_once_something_was_shown(asker):
    make_players(4)
    battle = ask(asker)
    let_out(battle)
    fail(battle)
    retry(asker, battle)

    fail(battle)

    assert LiveBattle.objects.get().end == LiveBattle.End.FAILED


def test_no_other_pair_is_drawn_in_a_later_turn(asker):
    make_players(4)
    battle = ask(asker)
    complete(battle)
    live.say(visitor=asker, battle_id=battle.public_id, text="And then?")
    fail(battle)
    retry(asker, battle)

    fail(battle)

    assert LiveBattle.objects.get().end == LiveBattle.End.FAILED


def test_pairs_are_not_drawn_for_ever(asker):
    make_players(12)
    battle = ask(asker)
    for _ in range(2):
        fail(battle, "xy")
        retry(asker, battle)
        fail(battle, "xy")
    assert LiveBattle.objects.get().redraws == 2

    fail(battle, "xy")
    retry(asker, battle)
    fail(battle, "xy")

    assert LiveBattle.objects.get().end == LiveBattle.End.FAILED


def test_a_model_that_fails_ten_times_in_a_row_is_paused():
    maker, other = make_players()
    for _ in range(10):
        asker = make_visitor()
        battle = ask(asker)
        fail(battle, "x" if battle.contestant_x == maker else "y")

    maker.refresh_from_db()
    other.refresh_from_db()
    assert (maker.state, other.state) == ("paused", "active")
    with pytest.raises(live.NoContestants):
        ask(make_visitor())


def test_a_lost_workers_turn_is_given_to_another_one_once(asker):
    battle = ask(asker)
    claim(battle)
    lose_worker()

    assert live.sweep() == 1

    assert {answer.state for answer in answers(battle)} == {"queued"}
    claim(battle)
    lose_worker()
    assert live.sweep() == 1
    assert {answer.state for answer in answers(battle)} == {"failed"}
    assert shown(asker, battle).can_retry
    assert live.sweep() == 0


def test_a_lost_worker_stores_nothing_any_more(asker):
    battle = ask(asker)
    lost = claim(battle)
    lose_worker()
    live.sweep()
    claim(battle)

    bring(lost, Outcome())

    assert not finish_turn(lost)
    fail_turn(lost, failed="xy")
    assert {answer.state for answer in answers(battle)} == {"fetching"}
    assert live_turn(battle).failures_x == 0


def test_a_whole_answer_is_not_asked_for_again(asker):
    battle = ask(asker)
    claimed = claim(battle)
    bring(claimed, Outcome())
    lose_worker()
    live.sweep()

    again = claim(battle)

    assert {answer.state for answer in answers(battle)} == {"ready"}
    assert finish_turn(again)


def test_the_numbers_of_frames_rise_with_every_worker(asker):
    battle = ask(asker)
    claim(battle)
    first = live_turn(battle).seq
    lose_worker()
    live.sweep()

    claim(battle)

    assert live_turn(battle).seq >= first + 10_000


@pytest.mark.parametrize("end", ["left", "idle", "lost and left"])
def test_no_call_of_a_battle_that_is_over_counts_on(asker, settings, end):
    battle = ask(asker)
    assert calls_under_way() == 2
    if end == "lost and left":
        claim(battle)
        lose_worker()
    if end == "idle":
        settings.ARENA_LIVE_IDLE_SECONDS = 0
    else:
        live.leave(visitor=asker, battle_id=battle.public_id)

    live.sweep()

    assert calls_under_way() == 0
    assert {answer.state for answer in answers(battle)} == {"failed"}
    assert claim_turn(current(battle).pk) is None


def test_a_battle_left_alone_is_closed_and_a_used_one_is_not(asker, settings):
    settings.ARENA_LIVE_IDLE_SECONDS = 60
    idle, used = ask(asker), ask(make_visitor())
    LiveBattle.objects.filter(battle=idle).update(acted_at=Now() - timedelta(hours=1))

    live.sweep()

    assert shown(asker, idle).state == "closed"
    assert "left alone for too long" in shown(asker, idle).sentence
    assert LiveBattle.objects.get(battle=used).ended_at is None
