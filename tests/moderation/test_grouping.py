from collections import Counter
from random import Random

import pytest

from evaluations import moderation, question_sets
from evaluations.live.erasing import delete
from evaluations.matchmaking.stock import read_stock
from evaluations.models import Prompt, PromptEmbedding
from tests.factories import make_contestant, make_prompt, make_visitor
from tests.fakes.embedding_server import EmbeddingServer
from tests.live_battles.making import make_live

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with EmbeddingServer() as running:
        settings.ARENA_EMBEDDINGS = running.base_url
        settings.ARENA_EMBEDDINGS_MODEL = "small"
        settings.ARENA_EMBEDDINGS_SIMILARITY = 0.95
        yield running


def near(prompt: Prompt) -> tuple[int | None, str]:
    prompt.refresh_from_db()
    return prompt.near_id, prompt.near_found


def test_equal_texts_and_equal_words_make_a_group_with_the_first():
    first = make_prompt("Why is the sky blue?", set="one")
    same = make_prompt("Why is the sky blue?", set="two")
    words = make_prompt("why is the SKY blue", set="three")
    other = make_prompt("Why is the sea green?")

    assert moderation.group_prompts() == 4

    assert near(first) == (None, "")
    assert near(same) == (first.pk, "exact")
    assert near(words) == (first.pk, "wording")
    assert near(other) == (None, "")


def test_what_comes_later_joins_the_group_that_is_there():
    first = make_prompt("Why is the sky blue?")
    moderation.group_prompts()
    second = make_prompt("why is the sky blue")
    moderation.group_prompts()
    third = make_prompt("Why is the sky blue?", set="other", state="pending")

    assert moderation.group_prompts() == 1

    assert near(second) == (first.pk, "wording")
    assert near(third) == (first.pk, "exact")
    assert third.near_similarity == 1
    assert moderation.group_prompts() == 0


def test_a_private_question_is_compared_with_nothing(server):
    asker = make_visitor()
    private = make_live(asker, "Why is the sky blue?").battle.prompt
    private.fill_digests()
    private.save()
    prompt = make_prompt("Why is the sky blue?")

    moderation.group_prompts()

    assert near(prompt) == near(private) == (None, "")
    assert server.texts == ["Why is the sky blue?"]
    assert moderation.likely_duplicates(prompt=prompt) == []


def test_much_the_same_meaning_is_found_where_a_server_is_named(server):
    first = make_prompt("Why is the sky blue?")
    moved = make_prompt("The sky is blue, but why?")
    other = make_prompt("Name ten rivers of Germany.")

    moderation.group_prompts()

    found = (first.pk, "embedding")
    assert near(moved) == found
    assert 0.95 <= moved.near_similarity < 1
    assert near(other) == (None, "")
    assert {each["model"] for each in server.asked} == {"small"}


def test_prompts_from_before_the_server_are_compared_once_more(settings):
    first = make_prompt("Why is the sky blue?")
    moved = make_prompt("The sky is blue, but why?")
    moderation.group_prompts()
    assert near(moved) == (None, "")

    with EmbeddingServer() as server:
        settings.ARENA_EMBEDDINGS = server.base_url
        moderation.group_prompts()
        moderation.group_prompts()

    assert near(moved) == (first.pk, "embedding")
    assert len(server.texts) == 2


def test_a_server_in_trouble_holds_nothing_up(server, caplog):
    server.status = 500
    first = make_prompt("Why is the sky blue?")
    same = make_prompt("why is the sky blue")

    moderation.group_prompts()

    assert near(same) == (first.pk, "wording")
    assert "no embeddings for now" in caplog.text
    assert "sky" not in caplog.text


def test_what_is_near_a_member_joins_its_head(server):
    first = make_prompt("Why is the sky blue?")
    moved = make_prompt("The sky is blue, but why?")
    moderation.group_prompts()
    same = make_prompt("the sky is blue but WHY")

    moderation.group_prompts()

    assert near(moved)[0] == first.pk
    assert near(same) == (first.pk, "wording")


def test_a_rejected_prompt_heads_no_group():
    make_prompt("Why is the sky blue?", state="rejected")
    same_time = make_prompt("why is the sky blue", set="same-time")
    moderation.group_prompts()
    later = make_prompt("Why is the sky blue!", set="later")

    moderation.group_prompts()

    assert near(same_time) == (None, "")
    assert near(later) == (same_time.pk, "wording")


def test_changed_words_are_compared_anew():
    first = make_prompt("Why is the sky blue?")
    same = make_prompt("why is the sky blue")
    moderation.group_prompts()
    first.turns = ["Why is the sea green?"]
    first.fill_digests()
    first.save()

    question_sets.forget_likeness(prompts=[first])
    moderation.group_prompts()

    assert near(first) == near(same) == (None, "")


def test_an_erased_question_keeps_no_embedding(server):
    asker = make_visitor()
    live = make_live(asker, "Why is the sky blue?", publish=True)
    live.battle.prompt.fill_digests()
    live.battle.prompt.save()
    # Somebody may be asking on, and has decided nothing yet.
    moderation.group_prompts()
    assert PromptEmbedding.objects.count() == 0
    Prompt.objects.update(state="approved")
    moderation.group_prompts()
    assert PromptEmbedding.objects.count() == 1

    delete(visitor=asker, battle_id=live.battle.public_id)
    moderation.group_prompts()

    assert PromptEmbedding.objects.count() == 0


def test_a_group_is_drawn_as_often_as_one_prompt():
    make_contestant(), make_contestant()
    first = make_prompt("Why is the sky blue?")
    other = make_prompt("Name ten rivers.")
    for number in range(8):
        alike = make_prompt(f"Say, number {number}: why is the sky so blue?")
        Prompt.objects.filter(pk=alike.pk).update(near=first, near_found="embedding")
    pool, random = read_stock().prompts, Random(1)

    drawn = Counter(
        pool.draw(random, closed=None, met={}).pk == other.pk for _ in range(600)
    )

    assert 220 < drawn[True] < 380
