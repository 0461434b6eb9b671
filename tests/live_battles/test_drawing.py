"""Who is asked: by chance of a known size, and only where there is room."""

from collections import Counter

import pytest
from django.core.cache import cache
from scipy import stats

from evaluations import live
from evaluations.live.turning import calls_under_way
from evaluations.matchmaking import draw_pair
from evaluations.models import Battle
from tests.factories import make_battle, make_visitor
from tests.live_battles.steps import ask, claim, complete, make_players

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_counts():
    cache.clear()


def pair_of(battle):
    return {battle.contestant_x_id, battle.contestant_y_id}


def test_every_pair_and_order_is_as_likely_as_is_written_down():
    players = make_players(3)

    drawn = [draw_pair(among=players) for _ in range(1200)]

    assert {round(one.probability, 9) for one in drawn} == {round(1 / 3, 9)}
    orders = Counter((one.contestant_x.pk, one.contestant_y.pk) for one in drawn)
    assert len(orders) == 6
    assert stats.chisquare(list(orders.values())).pvalue > 0.001


def test_whoever_was_seldom_seen_is_drawn_first(settings):
    settings.ARENA_GUARANTEED_SHARE = 0.004
    x, y, z, new = make_players(4)
    for pair in ((x, y), (y, z), (z, x)):
        make_battle(*pair, mode=Battle.Mode.LIVE)

    drawn = [draw_pair(among=[x, y, z, new]) for _ in range(300)]

    others = Counter(
        (one.contestant_y if one.contestant_x == new else one.contestant_x).pk
        for one in drawn
    )
    assert {one.probability for one in drawn} == {1 / 3}
    assert others.keys() == {x.pk, y.pk, z.pk}
    assert stats.chisquare(list(others.values())).pvalue > 0.001


def test_the_battle_keeps_the_rule_and_the_probability_of_its_draw():
    make_players(4)

    battle = Battle.objects.get(pk=ask(make_visitor()).pk)

    assert battle.draw_rule == "available"
    assert battle.draw_probability == pytest.approx(1 / 6)


def test_only_models_with_room_are_drawn():
    busy = ask(make_visitor()) if make_players(2, concurrency=1) else None
    free = make_players(2)

    battle = ask(make_visitor())

    assert pair_of(battle) == {contestant.pk for contestant in free}
    assert pair_of(battle).isdisjoint(pair_of(busy))


def test_without_room_anywhere_the_arena_says_when_to_return():
    make_players(2, concurrency=1)
    battle = ask(make_visitor())
    late = make_visitor()

    with pytest.raises(live.ArenaFull) as refused:
        ask(late)
    claim(battle)
    with pytest.raises(live.ArenaFull):
        ask(late)

    assert refused.value.retry_after == 30
    assert "about half a minute" in refused.value.sentence


def test_a_call_that_has_ended_makes_room():
    make_players(2, concurrency=1)
    complete(ask(make_visitor()))

    assert pair_of(ask(make_visitor()))


def test_the_arenas_budget_of_calls_holds_for_all_questions(settings):
    settings.ARENA_LIVE_CALLS = 5
    make_players(8)
    asker = make_visitor()
    battle = ask(asker)
    complete(battle)
    for _ in range(2):
        ask(make_visitor())
    assert calls_under_way() == 4

    with pytest.raises(live.ArenaFull):
        ask(make_visitor())
    with pytest.raises(live.ArenaFull):
        live.say(visitor=asker, battle_id=battle.public_id, text="And then?")

    assert calls_under_way() == 4
