"""Votes on answers that name their model do not count; those on others do."""

from random import Random

import pytest

from evaluations import voting
from evaluations.battles import reveal
from evaluations.fetching.leaking import find_leak
from evaluations.matchmaking import read_stock
from evaluations.matchmaking.prompts import NoPromptOpen
from evaluations.models import Battle, TallyChange, Vote
from tests.factories import (
    make_answer,
    make_battle,
    make_contestant,
    make_prompt,
    make_visitor,
    vote_for,
)

pytestmark = pytest.mark.django_db


def leaking_battle() -> Battle:
    heron, prompt = make_contestant(name="Heron 32B", maker="Lake Labs"), make_prompt()
    make_answer(heron, prompt, leak="says_its_name")
    return make_battle(heron, prompt=prompt)


def test_the_registry_tells_which_names_are_looked_for():
    text = "I am Heron 32B, a model by Lake Labs."
    before = find_leak(text)
    make_contestant(name="Heron 32B", maker="Lake Labs", aliases=["heron-32b"])

    assert before == ""
    assert find_leak(text) != ""
    assert find_leak("The heron is a bird by the lake.") == ""


def test_a_vote_on_a_leaking_answer_is_set_aside_with_the_rule():
    vote = vote_for(leaking_battle())
    voting.settle_votes()

    stored = Vote.objects.get(pk=vote.pk)
    assert (stored.state, stored.rule) == (Vote.State.FLAGGED, "identity_leak")
    assert not TallyChange.objects.exists()
    assert reveal(vote=vote).names_its_model
    assert reveal(vote=vote).undo_seconds > 0


def test_such_a_vote_can_be_undone_and_cast_again():
    battle, visitor = leaking_battle(), make_visitor()
    vote_for(battle, visitor=visitor)

    voting.undo_vote(visitor=visitor, battle_id=battle.public_id)

    assert vote_for(battle, "b", visitor=visitor).state == Vote.State.FLAGGED


def test_a_vote_on_blind_answers_counts():
    assert vote_for(make_battle()).state == Vote.State.PENDING


def test_no_battle_is_drawn_on_an_answer_that_leaks():
    battle = leaking_battle()
    stock = read_stock()

    pair = (battle.contestant_x_id, battle.contestant_y_id)

    with pytest.raises(NoPromptOpen):
        stock.draw_prompt(pair, Random(0))
