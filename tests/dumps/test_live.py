"""What a dump says of live battles, and what it keeps to itself."""

from pathlib import Path

import pytest

from evaluations.dumps import verify
from evaluations.dumps.rows import Pseudonyms, conversation_rows, vote_rows
from evaluations.dumps.selection import selection
from evaluations.models import Answer, Battle, LiveBattle, Prompt
from tests.dumps.reading import (
    everything,
    lines_of,
    make_vote,
    published,
    read_as_a_stranger,
    rows,
)
from tests.factories import make_battle
from tests.live_battles.making import make_live

pytestmark = pytest.mark.django_db

CANARY = "canary in a live question"
HIDDEN = ("private", "pending", "rejected")


def judged(state: str = "approved") -> LiveBattle:
    """A live battle of two turns with a vote that counts."""
    live = make_live(None, f"{CANARY}?", f"And a second {CANARY}?", publish=True)
    Prompt.objects.filter(pk=live.battle.prompt_id).update(state=state)
    make_vote(live.battle, volunteer=live.volunteer, left="x", verdict="b")
    return live


@pytest.mark.parametrize("state", HIDDEN)
def test_a_live_question_that_nobody_approved_is_in_no_file(state: str) -> None:
    live = judged(state)
    shown = make_battle()
    make_vote(shown)

    folder = published()

    content = everything(folder)
    assert shown.prompt.turns[0].encode() in content
    assert b"canary" not in content
    assert str(live.battle.prompt.public_id).encode() not in content
    assert len(rows(folder, "conversations")) == 2
    assert verify(folder).rows == {"votes": 2, "controls": 0, "conversations": 2}


def test_the_vote_on_a_private_live_battle_is_there_for_recounting() -> None:
    live = judged("private")

    [vote] = rows(published())

    sides = live.battle.contestant_x, live.battle.contestant_y
    assert [vote["model_a"], vote["model_b"]] == [side.name for side in sides]
    assert (vote["winner"], vote["turn"], vote["set"]) == ("model_b", 2, "live")
    assert vote["draw_probability"] == live.battle.draw_probability
    assert (vote["conversation_a"], vote["conversation_b"]) == ([], [])
    empty = ("prompt", "conversation_a_id", "conversation_b_id")
    assert [vote[column] for column in empty] == ["", "", ""]


def test_an_approved_live_battle_is_told_whole() -> None:
    live = judged()
    last = live.battle.turns.last()

    folder = published()

    [vote] = rows(folder)
    said = [message["content"] for message in vote["conversation_a"]]
    assert said[0::2] == live.battle.prompt.turns
    assert said[3] == last.answer_x.text
    assert vote["prompt"] == str(live.battle.prompt.public_id)
    conversations = rows(folder, "conversations")
    ids = {vote["conversation_a_id"], vote["conversation_b_id"]}
    assert {row["id"] for row in conversations} == ids
    assert {row["origin"] for row in conversations} == {"live"}


@pytest.mark.parametrize("state", HIDDEN)
def test_others_votes_on_a_live_question_hide_it_as_well(state: str) -> None:
    live = judged(state)
    # As a pair of the queue, which stood while the question was approved.
    queued = make_battle(live.battle.contestant_x, live.battle.contestant_y)
    Battle.objects.filter(pk=queued.pk).update(prompt=live.battle.prompt)
    for turn in queued.turns.all():
        Answer.objects.filter(pk__in=[turn.answer_x_id, turn.answer_y_id]).update(
            text=CANARY
        )
    make_vote(queued)

    assert b"canary" not in everything(published())


def test_a_question_withdrawn_while_the_dump_is_written_is_left_out() -> None:
    live = judged()
    with selection() as chosen:
        Prompt.objects.filter(pk=live.battle.prompt_id).update(state="rejected")

        made = [
            vote_rows(chosen, Pseudonyms()),
            conversation_rows(chosen, Pseudonyms()),
        ]
        [votes, conversations] = [list(maker) for maker in made]

    assert (chosen.answers, conversations) == (2, [])
    assert votes[0]["conversation_a"] == []


def test_the_card_says_what_is_left_out() -> None:
    card = (published() / "README.md").read_text(encoding="utf-8")

    assert "question and answers are left out" in " ".join(card.split())


def test_a_stranger_reads_the_private_beside_the_approved(tmp_path: Path) -> None:
    judged("private")
    judged("approved")

    read_as_a_stranger(published(), tmp_path)

    votes = lines_of(tmp_path / "votes.jsonl")
    assert sorted(len(vote["conversation_a"]) for vote in votes) == [0, 4]
    assert len(lines_of(tmp_path / "conversations.jsonl")) == 2
