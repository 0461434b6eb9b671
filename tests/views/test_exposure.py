"""Who is shown how often, for anyone to see."""

import csv
import io
import re
from html import unescape
from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluations import battles
from evaluations.matchmaking.exposure import Seen, exposure, lifted
from evaluations.models import Battle, Contestant
from tests.factories import (
    make_battle,
    make_contestant,
    make_control,
    make_prompt,
    make_visitor,
    vote_for,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget() -> None:
    cache.clear()


def line_of(contestant: Contestant) -> Any:
    found = exposure()
    lines = found.active + found.resting
    return next(line for line in lines if line.slug == contestant.slug)


def test_battles_views_and_votes_of_drawn_battles_are_counted() -> None:
    x, y = make_contestant(), make_contestant()
    vote_for(make_battle(x, y, shown=3))
    make_battle(y, x, mode=Battle.Mode.LIVE, shown=1, judgements=1)
    make_battle(x, y, origin=Battle.Origin.IMPORT, shown=5)
    withdrawn = make_battle(x, y, shown=5)
    battles.withdraw_battle(battle=withdrawn, reason="a test")
    make_control()

    seen = line_of(x).seen

    assert (seen.battles, seen.views, seen.votes) == (2, 4, 2)
    assert line_of(y).seen == seen


@pytest.mark.parametrize("mode", [Battle.Mode.QUEUE, Battle.Mode.LIVE])
def test_a_battle_that_is_still_to_be_judged_moves_no_figure(mode: Battle.Mode) -> None:
    battle = make_battle(mode=mode, judgements=1, judgements_wanted=2, shown=3)
    assert line_of(battle.contestant_x).seen == Seen()

    Battle.objects.update(judgements=2)
    assert line_of(battle.contestant_x).seen == Seen(1, 3, 2)


def test_a_pair_handed_out_counts_one_view_however_often_it_is_looked_at() -> None:
    battle, visitor = make_battle(), make_visitor()

    battles.offer(visitor=visitor, reserving=False)
    for _ in range(3):
        battles.offer(visitor=visitor)

    battle.refresh_from_db()
    assert battle.shown == 1


def test_shares_add_up_and_nobody_is_expected_below_the_floor() -> None:
    players = [make_contestant() for _ in range(5)]
    make_battle(*players[:2])

    lines = exposure().active

    assert sum(line.expected_share for line in lines) == pytest.approx(1)
    assert sum(line.recent_share for line in lines) == pytest.approx(1)
    floors = [line.floor_share for line in lines]
    assert floors == pytest.approx([0.3 / 5] * 5)
    assert all(line.expected_share >= line.floor_share for line in lines)


def test_those_below_their_floor_are_lifted_by_all_others() -> None:
    shares = lifted(np.array([80.0, 15.0, 4.0, 1.0]), np.array([0.1] * 4))

    assert shares == pytest.approx([0.8 * 80 / 95, 0.8 * 15 / 95, 0.1, 0.1])


def test_variants_are_told_and_share_the_share_of_one() -> None:
    root, other = make_contestant(maker="One"), make_contestant(maker="Two")
    make_contestant(), make_contestant(variant_of=root, maker="One")

    found = exposure()

    (family,) = found.families
    assert (family.name, family.contestants) == (root.name, 2)
    assert family.floor_share == pytest.approx(line_of(other).floor_share)
    makers = {line.name: line.contestants for line in found.makers}
    assert (makers["One"], makers["Two"]) == (2, 1)


def test_the_page_names_all_that_play_and_those_at_rest_apart(client: Client) -> None:
    x, y = make_contestant(), make_contestant(state=Contestant.State.RETIRED)
    hidden = make_contestant(state=Contestant.State.DRAFT)

    text = unescape(client.get("/about/exposure").content.decode())
    playing, resting = text.split("Not drawn at present")

    assert x.name in playing
    assert y.name in resting
    assert "house program" in playing
    assert not re.search(rf"\b{hidden.name}\b", text)


def test_the_page_asks_the_database_no_more_for_more(client: Client) -> None:
    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            client.get("/about/exposure")
        return len(asked)

    vote_for(make_battle())
    few = queries()
    for _ in range(5):
        vote_for(make_battle())
        make_contestant(state=Contestant.State.RETIRED)
        make_contestant(variant_of=make_contestant())

    assert queries() == few


def test_a_second_visit_within_a_minute_does_not_count_again(
    client: Client, django_assert_num_queries: Any
) -> None:
    make_battle()
    client.get("/about/exposure")

    with django_assert_num_queries(0):
        client.get("/about/exposure")


def test_the_interface_gives_the_same_as_csv(client: Client) -> None:
    battle = make_battle(shown=2, judgements=1)
    make_prompt()

    rows = client.get("/api/v1/exposure").json()
    answer = client.get("/api/v1/exposure?format=csv")
    table = list(csv.DictReader(io.StringIO(answer.content.decode())))

    assert answer["Content-Type"].startswith("text/csv")
    assert {row["slug"] for row in rows} == {
        battle.contestant_x.slug,
        battle.contestant_y.slug,
    }
    assert [int(row["views"]) for row in table] == [row["views"] for row in rows]
    assert rows[0]["views"] == 2
