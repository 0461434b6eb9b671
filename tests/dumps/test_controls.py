"""Votes on checks stand in a table of their own, beside those that rate."""

from pathlib import Path

import pytest

from evaluations import leaderboard, voting
from evaluations.dumps import verify
from evaluations.models import Leaderboard, Vote
from evaluations.rating.tallies import Tallies, digest
from tests.dumps.reading import everything, published, rows
from tests.factories import (
    make_battle,
    make_contestant,
    make_control,
    make_repeat,
    make_visitor,
    vote_for,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_window(settings):
    settings.ARENA_UNDO_SECONDS = 0


def dumped() -> Path:
    voting.settle_votes()
    return published()


def test_a_model_against_itself_is_marked_as_such() -> None:
    vote_for(make_control(make_contestant(name="Robin")), "tie")

    folder = dumped()

    [control] = rows(folder, "controls")
    assert (control["check"], control["repeats"]) == ("same_model", "")
    assert (control["model_a"], control["model_b"]) == ("Robin", "Robin")
    assert control["winner"] == "tie"
    texts = {control[f"conversation_{side}"][-1]["content"] for side in "ab"}
    assert len(texts) == 2
    told = {row["id"] for row in rows(folder, "conversations")}
    assert told == {control[f"conversation_{side}_id"] for side in "ab"}
    assert rows(folder) == []


def test_a_repeat_names_the_vote_it_repeats() -> None:
    visitor = make_visitor()
    first = vote_for(make_battle(), "a", visitor=visitor)
    vote_for(make_battle(), "b", visitor=visitor)
    vote_for(make_repeat(first, visitor), "b", visitor=visitor)

    folder = dumped()

    [again], votes = rows(folder, "controls"), rows(folder)
    [vote] = [vote for vote in votes if vote["id"] == again["repeats"]]
    assert again["check"] == "repeat"
    assert (vote["winner"], again["winner"]) == ("model_a", "model_b")
    assert (vote["model_a"], vote["model_b"]) == (again["model_b"], again["model_a"])
    assert vote["conversation_a"] == again["conversation_b"]
    assert vote["judge"] == again["judge"]
    assert vote["battle"] != again["battle"]


def test_a_repeat_of_a_vote_that_is_not_there_names_none() -> None:
    visitor = make_visitor()
    first = vote_for(make_battle(), visitor=visitor)
    vote_for(make_repeat(first, visitor), visitor=visitor)
    voting.withdraw_vote(visitor=visitor, vote_id=first.public_id)

    [again] = rows(dumped(), "controls")

    assert (again["check"], again["repeats"]) == ("repeat", "")


def test_a_check_judged_anew_after_its_reveal_is_absent(settings) -> None:
    settings.ARENA_UNDO_SECONDS = 8
    visitor, control = make_visitor(), make_control()
    vote_for(control, visitor=visitor)
    voting.undo_vote(visitor=visitor, battle_id=control.public_id)
    vote_for(control, visitor=visitor)
    settings.ARENA_UNDO_SECONDS = 0

    assert rows(dumped(), "controls") == []


def test_the_table_is_recomputed_from_the_votes_alone() -> None:
    visitor = make_visitor()
    first = vote_for(make_battle(), "a", visitor=visitor)
    vote_for(make_battle(first.battle.contestant_x), "b", visitor=visitor)
    vote_for(make_repeat(first, visitor), "a", visitor=visitor)
    vote_for(make_control(first.battle.contestant_x), "a", visitor=visitor)

    folder = dumped()
    leaderboard.publish()

    words = {"model_a": "a", "model_b": "b"}
    tallies = Tallies.from_rows(
        (vote["model_a_slug"], vote["model_b_slug"], words[vote["winner"]], 1)
        for vote in rows(folder)
    )
    assert digest(tallies) == Leaderboard.objects.of_slice().get().digest
    assert verify(folder).rows == {"votes": 2, "controls": 2, "conversations": 6}
    readme = everything(folder).decode(errors="ignore")
    assert "2 votes on pairs that check the judgements" in " ".join(readme.split())
    assert Vote.objects.counted().count() == 4
