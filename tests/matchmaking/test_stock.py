"""What a draw reads: ratings, past draws, prompts, and all of it anew in time."""

from itertools import islice
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations import battles
from evaluations.battles.controls import open_control
from evaluations.matchmaking import draw, draws, draws_on, read_stock
from evaluations.matchmaking.standings import newest_table
from evaluations.models import Battle, Contestant, Prompt, PromptSet, Rating
from evaluations.models.prompts import wording_of
from tests.factories import make_battle, make_contestant, make_prompt
from tests.matchmaking.tables import publish

pytestmark = pytest.mark.django_db


def chance(stock, x, y) -> float:
    place = {one.pk: number for number, one in enumerate(stock.playing)}
    return stock.chances.matrix[place[x.pk], place[y.pk]]


def test_close_pairs_of_the_newest_table_are_drawn_more_and_newcomers_most():
    a, b, far = (make_contestant() for _ in range(3))
    make_prompt()
    publish([(a, 900, 5, 1), (b, 900, 5, 1), (far, 1400, 5, 1)])
    publish([(a, 1000, 5, 1), (b, 1005, 5, 1), (far, 1400, 5, 1)])

    settled = read_stock()
    new = make_contestant()
    joined = read_stock()

    assert chance(settled, a, b) > 5 * chance(settled, a, far)
    assert chance(joined, a, new) > 5 * chance(joined, a, b)


def test_the_error_made_for_differences_counts_where_it_is_known():
    a, b, c = (make_contestant() for _ in range(3))
    make_prompt()
    table = publish([(a, 1000, 5, 1), (b, 1000, 5, 1), (c, 1000, 5, 1)])
    Rating.objects.filter(leaderboard=table, contestant=c).update(comparison_error=60)

    stock = read_stock()

    assert chance(stock, a, c) > 5 * chance(stock, a, b)


def test_groups_that_nothing_connects_are_drawn_together():
    a, b, c = (make_contestant() for _ in range(3))
    make_prompt()
    publish([(a, 1000, 5, 1), (b, 1000, 5, 1), (c, 1000, 5, 2)])

    stock = read_stock()

    assert chance(stock, a, c) > 5 * chance(stock, a, b)


def test_only_the_active_variants_of_a_model_share_its_share():
    root, other = make_contestant(), make_contestant()
    make_prompt()
    variant = make_contestant(variant_of=root)
    make_contestant(variant_of=root, state=Contestant.State.RETIRED)

    stock = read_stock(rule="uniform")

    assert chance(stock, root, other) == chance(stock, variant, other)
    assert chance(stock, root, variant) == pytest.approx(chance(stock, root, other) / 2)


def test_weights_are_taken_anew_after_five_percent_new_votes_or_a_minute():
    a, b, far = (make_contestant() for _ in range(3))
    publish([(a, 1000, 5, 1), (b, 1000, 5, 1), (far, 1400, 5, 1)], votes=1000)
    stock = read_stock()
    assert not stock.is_stale()

    publish([(a, 1000, 5, 1)], votes=1050)
    stock.looked_at -= 2
    assert not stock.is_stale()
    publish([(a, 1000, 5, 1)], votes=1051)
    stock.looked_at -= 2
    assert stock.is_stale()

    stock = read_stock()
    stock.read_at -= 60
    assert stock.is_stale()


def test_a_long_row_of_draws_sees_who_joins(settings):
    make_prompt()
    old = {make_contestant().pk for _ in range(2)}
    row = draws()
    assert next(row)

    make_contestant()
    # Behind the generator's back, as if a minute had passed.
    row.gi_frame.f_locals["stock"].read_at -= 60
    seen = {one.contestant_x.pk for one in islice(row, 40)}

    assert seen - old


def test_past_draws_count_towards_the_guaranteed_share(settings):
    settings.ARENA_GUARANTEED_SHARE = 0.002
    make_prompt()
    x, y, late = (make_contestant() for _ in range(3))
    make_battle(x, y)
    make_battle(x, late, origin=Battle.Origin.IMPORT)
    make_battle(x, late, mode=Battle.Mode.LIVE)
    make_battle(x, late, draw_rule="available")

    drawn = [draw() for _ in range(20)]

    assert all(late in (one.contestant_x, one.contestant_y) for one in drawn)


def test_drawing_more_battles_asks_the_database_no_more_for_each(settings):
    settings.ARENA_SHARED_BATTLES = 0.0
    for _ in range(12):
        make_contestant(), make_prompt()
    row = draws()
    next(row)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        list(islice(row, 10))

    # Where the pair has met, and the prompt.
    assert len(queries) == 20


def test_some_battles_are_for_several_judges(settings):
    settings.ARENA_SHARED_BATTLES, settings.ARENA_SHARED_JUDGEMENTS = 1.0, 4
    make_contestant(), make_contestant(), make_prompt()

    shared = battles.open_battle(draw())
    settings.ARENA_SHARED_BATTLES = 0.0
    own = battles.open_battle(draw())

    assert (shared.judgements_wanted, own.judgements_wanted) == (4, 1)


def test_a_prompt_is_new_until_it_was_drawn():
    make_contestant(), make_contestant()
    prompt = make_prompt()

    battles.open_battle(draw())

    assert Prompt.objects.get(pk=prompt.pk).drawn_at is not None


def test_prompts_of_equal_wording_are_told_by_their_words():
    same = ["What is 3.5 + 1?", "what  is 3.5 + 1", "“What is ３.５ + 1”…"]
    other = ["What is 35 + 1?", "What is 3.5 - 1?", "What's 3.5 + 1?"]

    assert len({wording_of(text) for text in same}) == 1
    assert len({wording_of(text) for text in [*same, *other]}) == 4


def test_the_newest_table_is_told_with_its_votes():
    assert newest_table().votes == 0

    table = publish([], votes=7)

    assert (newest_table().pk, newest_table().votes) == (table.pk, 7)


def weigh(slug: str, weight: int) -> None:
    PromptSet.objects.filter(slug=slug).update(queue_weight=weight)


def test_a_prompt_is_drawn_as_often_as_its_set_weighs():
    make_contestant(), make_contestant()
    heavy, light = make_prompt(set="heavy"), make_prompt(set="light")
    Prompt.objects.update(drawn_at=timezone.now())
    weigh("heavy", 4)
    random = Random(5)

    drawn = list(islice(draws(random=random), 200))

    told = {draw.prompt: draw.probability for draw in drawn[:1]}
    often = sum(draw.prompt == heavy for draw in drawn) / len(drawn)
    assert told in ({heavy: pytest.approx(0.8)}, {light: pytest.approx(0.2)})
    assert 0.7 < often < 0.9


def test_draws_on_a_set_take_pairs_as_all_draws_do():
    for _ in range(3):
        make_contestant()
    kept = [make_prompt(set="kept") for _ in range(2)]
    for _ in range(9):
        make_prompt(set="other")

    drawn = list(draws_on(kept[0].prompt_set, number=30))

    assert {draw.prompt for draw in drawn} == set(kept)
    assert drawn[0].probability == pytest.approx(1 / 3 / 2)
    pairs = {frozenset((draw.contestant_x, draw.contestant_y)) for draw in drawn}
    assert len(drawn) == 30 and len(pairs) == 3
    weigh("kept", 0)
    assert list(draws_on(kept[0].prompt_set, number=1)) == []


def test_a_set_without_weight_is_in_no_new_draw():
    make_contestant(provider="openai")
    make_contestant()
    kept = make_prompt(set="kept")
    for _ in range(9):
        make_prompt(set="out")
    weigh("out", 0)

    assert {draw.prompt for draw in islice(draws(), 20)} == {kept}
    assert open_control().prompt == kept
    assert open_control() is None
    weigh("kept", 0)
    assert draw() is None
