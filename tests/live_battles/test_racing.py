"""What happens when two things happen to a live battle at the same moment."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from evaluations import live
from evaluations.live.claims import claim_turn
from evaluations.models import Answer, Battle, LiveBattle, Vote
from evaluations.voting import BattleNotReady, Refusal
from tests.factories import make_visitor, vote_for
from tests.live_battles.steps import ask, complete, current, fail, make_players

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 12


@pytest.fixture(autouse=True)
def _alone(settings):
    cache.clear()
    settings.ARENA_LIVE_MESSAGES_PER_MINUTE = 1000


def race(*acts: Callable[[], Any]) -> list[Any]:
    """Let all begin together; return what each gave, or the refusal it met."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            results[place] = act()
        except Refusal as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def refused(results: list[Any]) -> list[Any]:
    return [result for result in results if isinstance(result, Refusal)]


def test_of_two_questions_at_once_one_opens_a_battle():
    make_players(4, concurrency=100)
    for asker in (make_visitor() for _ in range(ROUNDS)):
        results = race(partial(ask, asker, "One?"), partial(ask, asker, "Two?"))

        (loser,) = refused(results)
        (battle,) = (each for each in results if isinstance(each, Battle))
        assert isinstance(loser, live.OpenBattleExists)
        assert loser.battle_id == battle.public_id
        assert LiveBattle.objects.open().filter(volunteer=asker.volunteer).count() == 1
    assert Answer.objects.count() == 2 * ROUNDS


def test_of_a_vote_and_a_further_question_at_once_one_wins():
    make_players(4, concurrency=100)
    for asker in (make_visitor() for _ in range(ROUNDS)):
        battle = ask(asker)
        complete(battle)
        own = {"visitor": asker, "battle_id": battle.public_id}

        voted, said = race(
            partial(vote_for, battle, visitor=asker),
            partial(live.say, **own, text="And then?"),
        )

        has_vote = Vote.objects.filter(battle=battle).exists()
        assert has_vote == (battle.turns.count() == 1)
        assert has_vote == isinstance(said, live.BattleClosed)
        assert has_vote != isinstance(voted, BattleNotReady)


def test_of_two_further_questions_at_once_one_is_asked():
    make_players()
    asker = make_visitor()
    battle = ask(asker, "Why?")
    complete(battle)

    results = race(
        *(
            lambda text=text: live.say(
                visitor=asker, battle_id=battle.public_id, text=text
            )
            for text in ("How?", "When?", "Who?")
        )
    )

    assert [type(one) for one in refused(results)] == [BattleNotReady] * 2
    battle.prompt.refresh_from_db()
    assert len(battle.prompt.turns) == battle.turns.count() == 2


def test_of_many_workers_at_once_one_has_the_turn():
    make_players()
    battle = ask(make_visitor())

    claims = race(*[lambda: claim_turn(current(battle).pk)] * 6)

    assert sum(claim is not None for claim in claims) == 1
    assert set(Answer.objects.values_list("claims", flat=True)) == {1}


def test_of_two_retries_at_once_one_asks_again():
    make_players()
    asker = make_visitor()
    battle = ask(asker)
    fail(battle, "x")

    results = race(*[lambda: live.retry(visitor=asker, battle_id=battle.public_id)] * 3)

    assert [type(one) for one in refused(results)] == [live.NothingToRetry] * 2
    assert Answer.objects.filter(state="queued").count() == 1


def test_a_page_read_while_questions_come_is_always_whole():
    make_players()
    asker = make_visitor()
    battle = ask(asker)
    for _ in range(3):
        complete(battle)

        results = race(
            *[lambda: live.snapshot(visitor=asker, battle_id=battle.public_id)] * 3,
            lambda: live.say(visitor=asker, battle_id=battle.public_id, text="So?"),
        )

        assert not refused(results)
        assert all(isinstance(one, live.Snapshot) for one in results[:3])
