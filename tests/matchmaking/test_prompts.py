"""Prompts by their shares, each wording once, the new ones soon."""

from collections import Counter
from random import Random

import numpy as np
import pytest
from scipy import stats

from evaluations.matchmaking.prompts import NoPromptOpen, PromptPool, PromptRow
from evaluations.matchmaking.shares import shared_out, targets

DRAWS = 4000


def row(pk, category="coding", language="en", **values) -> PromptRow:
    known = {"digest": f"d{pk}", "wording": f"w{pk}", "fresh": False}
    return PromptRow(pk=pk, category=category, language=language, **(known | values))


def pool(rows, categories=None, languages=None) -> PromptPool:
    return PromptPool(rows, categories=categories or {}, languages=languages or {})


def drawn(prompts, rows, *, closed=None, met=None) -> dict[int, float]:
    """The share of each prompt, after a check against the probabilities told."""
    random = Random(11)
    draws = [prompts.draw(random, closed=closed, met=met or {}) for _ in range(DRAWS)]
    often = Counter(draw.pk for draw in draws)
    said = {draw.pk: draw.probability for draw in draws}
    expected = [said[pk] * DRAWS for pk in often]
    assert sum(said.values()) == pytest.approx(1)
    if len(often) > 1:
        assert stats.chisquare(list(often.values()), expected).pvalue > 0.001
    return said


def test_every_prompt_is_alike_unless_something_is_said():
    rows = [row(1), row(2), row(3, "writing"), row(4, "writing", "de")]

    assert drawn(pool(rows), rows) == pytest.approx(dict.fromkeys(range(1, 5), 0.25))


def test_categories_and_languages_keep_their_shares():
    rows = [
        *(row(n) for n in range(1, 7)),
        row(7, "writing"),
        row(8, "writing", "de"),
        row(9, "coding", "de"),
        row(10, "science", "en"),
    ]
    prompts = pool(rows, {"writing": 0.5}, {"de": 0.25})

    said = drawn(prompts, rows)

    assert said[7] + said[8] == pytest.approx(0.5)
    assert said[8] + said[9] == pytest.approx(0.25)


def test_the_share_of_a_closed_category_falls_to_the_others():
    rows = [row(1), row(2), row(3, "writing")]
    prompts = pool(rows, {"writing": 1.0})

    said = drawn(prompts, rows, closed=np.array([False, False, True]))

    assert said == pytest.approx({1: 0.5, 2: 0.5})


def test_a_pair_meets_on_the_wordings_it_met_on_least():
    rows = [row(1), row(2, wording="w1"), row(3), row(4)]

    said = drawn(pool(rows), rows, met={1: 1, 3: 1, 99: 5})

    assert said == pytest.approx({4: 1.0})


def test_equal_wordings_count_as_one_prompt_together():
    rows = [row(1), *(row(pk, wording="same") for pk in range(2, 6))]

    said = drawn(pool(rows), rows)

    assert said == pytest.approx({1: 0.5, **dict.fromkeys(range(2, 6), 0.125)})


def test_a_set_counts_as_much_as_it_weighs():
    rows = [row(1), row(2), row(3, weight=3.0), row(4, "writing", "de", weight=3.0)]

    said = drawn(pool(rows), rows)

    assert said == pytest.approx({1: 1 / 8, 2: 1 / 8, 3: 3 / 8, 4: 3 / 8})


def test_the_shares_of_categories_hold_whatever_sets_weigh():
    rows = [row(1), row(2, weight=4.0), row(3, "writing", weight=9.0)]

    said = drawn(pool(rows, {"writing": 0.5}), rows)

    assert said == pytest.approx({1: 0.1, 2: 0.4, 3: 0.5})


def test_one_wording_in_two_sets_weighs_their_mean():
    rows = [
        row(1, weight=2.0),
        row(2, wording="same"),
        row(3, wording="same", weight=3),
    ]

    said = drawn(pool(rows), rows)

    assert said == pytest.approx({1: 0.5, 2: 0.125, 3: 0.375})


def test_a_closed_kind_leaves_the_rest_by_weight():
    rows = [row(1), row(2, "science", weight=3.0), row(3, "writing")]
    prompts = pool(rows, {"writing": 1.0})

    said = drawn(prompts, rows, closed=np.array([False, False, True]))

    assert said == pytest.approx({1: 0.25, 2: 0.75})


def test_prompts_of_unknown_wording_each_stand_for_themselves():
    rows = [row(1, wording=""), row(2, wording=""), row(3)]

    assert drawn(pool(rows), rows) == pytest.approx({1: 1 / 3, 2: 1 / 3, 3: 1 / 3})


def test_a_new_prompt_is_drawn_soon_and_is_then_like_the_others():
    rows = [*(row(pk) for pk in range(1, 10)), row(10, fresh=True)]
    prompts, random = pool(rows), Random(1)

    first = [prompts.draw(random, closed=None, met={}) for _ in range(30)]
    told = {draw.probability for draw in first if draw.pk == 10}

    assert max(told) == pytest.approx(10 / 19)
    assert drawn(prompts, rows)[10] == pytest.approx(0.1)


def test_a_pair_without_an_open_prompt_meets_on_none():
    with pytest.raises(NoPromptOpen):
        pool([row(1)]).draw(Random(1), closed=np.array([True]), met={})


def test_what_is_not_named_shares_the_rest():
    counts = np.array([6.0, 2.0, 2.0, 0.0])
    names = ["a", "b", "c", "d"]

    assert targets(counts, names, {"c": 0.5}) == pytest.approx([0.375, 0.125, 0.5, 0])
    assert targets(counts, names, {"d": 0.5}) == pytest.approx([0.6, 0.2, 0.2, 0])
    assert targets(counts, names, {"c": 1.0}) == pytest.approx([0, 0, 1, 0])


def test_shares_that_no_table_has_leave_the_rows_theirs():
    table = shared_out(
        np.array([[4.0, 0.0], [0.0, 4.0]]), np.array([0.9, 0.1]), np.array([0.5, 0.5])
    )

    assert table.sum(axis=1) == pytest.approx([0.9, 0.1])
