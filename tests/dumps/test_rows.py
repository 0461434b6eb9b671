from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from evaluations.models import Answer, BattleTurn, Vote
from tests.dumps.reading import everything, make_vote, published, rows
from tests.factories import (
    make_battle,
    make_contestant,
    make_prompt,
    make_volunteer,
)

pytestmark = pytest.mark.django_db


def test_model_a_is_the_one_shown_left() -> None:
    battle = make_battle(make_contestant(name="Robin"), make_contestant(name="Tit"))
    make_vote(battle, left="y", verdict="b")
    turn = battle.turns.get()

    [vote] = rows(published())

    assert (vote["model_a"], vote["model_b"]) == ("Tit", "Robin")
    assert vote["winner"] == "model_b"
    assert vote["model_a_slug"] == battle.contestant_y.slug
    assert vote["conversation_a"] == [
        {"role": "user", "content": battle.prompt.turns[0]},
        {"role": "assistant", "content": turn.answer_y.text},
    ]
    assert vote["conversation_b"][1]["content"] == turn.answer_x.text


@pytest.mark.parametrize(
    ("verdict", "winner"),
    [("a", "model_a"), ("b", "model_b"), ("tie", "tie"), ("both_bad", "both_bad")],
)
def test_verdicts_have_the_words_of_the_field(verdict: str, winner: str) -> None:
    make_vote(make_battle(), verdict=verdict)

    assert rows(published())[0]["winner"] == winner


def test_a_vote_tells_its_prompt_its_reasons_and_its_draw() -> None:
    prompt = make_prompt(language="cy", categories=["planning", "everyday"])
    battle = make_battle(prompt=prompt, draw_probability=0.1 + 0.2)
    make_vote(battle, reasons=["clear", "style"], style=[333, 0, -1000, 0])

    [vote] = rows(published())

    assert (vote["language"], vote["category"]) == ("cy", "planning")
    assert (vote["prompt"], vote["set"]) == (str(prompt.public_id), "made")
    assert vote["categories"] == ["planning", "everyday"]
    assert vote["reasons"] == ["clear", "style"]
    assert vote["style"] == [333, 0, -1000, 0]
    assert vote["draw_probability"] == 0.1 + 0.2


def test_of_the_time_only_the_utc_month_is_told() -> None:
    make_vote(make_battle(), cast_at=datetime(2026, 3, 31, 23, 59, tzinfo=UTC))
    make_vote(make_battle(), cast_at=None)

    assert {vote["tstamp"] for vote in rows(published())} == {"2026-03", ""}


def test_a_conversation_of_two_turns_is_told_whole() -> None:
    battle = make_battle()
    first = battle.turns.get()
    answers = []
    for answer in (first.answer_x, first.answer_y):
        asked = [
            *answer.messages,
            {"role": "assistant", "content": answer.text},
            {"role": "user", "content": "And then?"},
        ]
        answers.append(
            Answer.objects.create(
                contestant=answer.contestant,
                messages=asked,
                messages_digest=f"second of {answer.pk}",
                text="Then nothing.",
                state=Answer.State.READY,
                finished_at=timezone.now(),
            )
        )
    BattleTurn.objects.create(
        battle=battle, number=2, answer_x=answers[0], answer_y=answers[1]
    )
    make_vote(battle)

    folder = published()

    [vote] = rows(folder)
    said = [message["content"] for message in vote["conversation_a"]]
    assert said == [
        battle.prompt.turns[0],
        first.answer_x.text,
        "And then?",
        "Then nothing.",
    ]
    assert vote["turn"] == 2
    assert [row["turn"] for row in rows(folder, "conversations")] == [2, 2]


def test_votes_that_do_not_count_are_absent() -> None:
    kept = make_vote(make_battle(), verdict="tie")
    make_vote(make_battle(), state=Vote.State.PENDING)
    make_vote(make_battle(), state=Vote.State.FLAGGED, rule="drift")
    make_vote(make_battle(), state=Vote.State.WITHDRAWN, rule="withdrawn")
    make_vote(make_battle(withdrawn_at=timezone.now(), withdrawn_reason="private"))

    folder = published()

    assert [vote["winner"] for vote in rows(folder)] == ["tie"]
    models = {row["model"] for row in rows(folder, "conversations")}
    assert models == {kept.battle.contestant_x.name, kept.battle.contestant_y.name}


def test_a_vote_waits_until_its_hold_is_over(settings: Any) -> None:
    settings.ARENA_DUMP_HOLD_DAYS = 30
    now = timezone.now()
    make_vote(make_battle(), verdict="a", cast_at=now - timedelta(days=29, hours=23))
    make_vote(make_battle(), verdict="b", cast_at=now - timedelta(days=30, hours=1))
    make_vote(make_battle(), verdict="tie", cast_at=None)

    winners = sorted(vote["winner"] for vote in rows(published()))

    assert winners == ["model_b", "tie"]


def test_one_volunteer_has_one_id_in_a_dump_and_another_in_the_next() -> None:
    volunteer = make_volunteer()
    votes = [make_vote(make_battle(), volunteer=volunteer) for _ in range(3)]
    make_vote(votes[0].battle)

    dumps = [rows(published()) for _ in range(2)]

    for dump in dumps:
        times = sorted(
            [vote["judge"] for vote in dump].count(judge)
            for judge in {vote["judge"] for vote in dump}
        )
        assert times == [1, 3]
        assert len({vote["battle"] for vote in dump}) == 3
        assert len({vote["id"] for vote in dump}) == 4
    for column in ("id", "judge", "battle", "conversation_a_id"):
        ids = [{vote[column] for vote in dump} for dump in dumps]
        assert not ids[0] & ids[1]


def test_nothing_private_is_in_any_file() -> None:
    contestant = make_contestant(
        provider="openai", base_url="https://canary-address.example/v1"
    )
    contestant.store_key("canary-key")
    contestant.save()
    battle = make_battle(contestant)
    answer = battle.turns.get().answer_x
    Answer.objects.filter(pk=answer.pk).update(
        reasoning="canary-reasoning", served_model="canary-served"
    )
    vote = make_vote(battle, comment="canary-comment", idempotency_key="canary-once")

    content = everything(published())

    assert battle.prompt.turns[0].encode() in content
    assert b"canary" not in content
    assert contestant.key_token.encode() not in content
    for secret in (vote.public_id, battle.public_id, vote.volunteer.public_id):
        assert str(secret).encode() not in content
    assert str(vote.volunteer.token_digest).encode() not in content


def test_each_judged_conversation_stands_once() -> None:
    shared = make_contestant(name="Shared")
    prompt = make_prompt()
    for _ in range(3):
        make_vote(make_battle(shared, prompt=prompt))
    make_battle(shared, prompt=prompt)

    folder = published()

    conversations = rows(folder, "conversations")
    assert len(conversations) == 4
    [row] = [row for row in conversations if row["model"] == "Shared"]
    assert {vote["conversation_a_id"] for vote in rows(folder)} == {row["id"]}
    assert (row["licence"], row["source"], row["origin"]) == (
        "CC0-1.0",
        "tests",
        "fetch",
    )
    assert row["tokens"] is None


def test_votes_on_one_pair_stand_together_and_else_in_random_order() -> None:
    battles = [make_battle(), make_battle()]
    for _ in range(3):
        for battle in battles:
            make_vote(battle)

    orders = {tuple(vote["model_a"] for vote in rows(published())) for _ in range(12)}

    names = [battle.contestant_x.name for battle in battles]
    assert orders == {
        (names[0],) * 3 + (names[1],) * 3,
        (names[1],) * 3 + (names[0],) * 3,
    }
