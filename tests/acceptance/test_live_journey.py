"""A volunteer asks a question of their own, in a real browser, while things break."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from evaluations.models import Answer, Battle, Contestant, LiveBattle, Vote
from tests.factories import make_contestant
from tests.fakes.behaviour import Behaviour
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena, wait_until

STEADY = Behaviour(tokens=110, rate=24)
BATTLE = re.compile(r"/battle/[0-9a-f-]{36}$")


@pytest.fixture(scope="module")
def server(arena: LiveArena) -> Iterator[ModelServer]:
    with ModelServer(default=STEADY) as running:
        Contestant.objects.update(state=Contestant.State.RETIRED)
        for name in ("Alder 7B", "Birch 9B"):
            make_contestant(
                name=name,
                slug=name.lower().replace(" ", "-"),
                provider="openai",
                base_url=running.url,
                api_model=name[:5],
                requests_per_minute=6000,
            )
        yield running


@pytest.fixture
def page(arena: LiveArena, server: ModelServer, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=arena.url)
    yield context.new_page()
    context.close()


def ask(page: Page, question: str) -> None:
    page.goto("/battle")
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Control+Enter")
    agreement = page.get_by_role("checkbox", name="I am 16 or older")
    agreement.check()
    page.get_by_role("button", name="Agree and ask").click()
    page.wait_for_url(BATTLE)


def is_writing(page: Page) -> None:
    for side in "ab":
        text = page.locator(f"#answer-{side} [data-text]").last
        expect(text).not_to_be_empty(timeout=20_000)


def see_complete(page: Page) -> list[Answer]:
    """Both panels hold, byte for byte, what is stored, and that what was sent."""
    expect(page.locator(".vote[value=a]")).to_be_enabled(timeout=60_000)
    live = LiveBattle.objects.get(battle__public_id=page.url[-36:])
    turn = live.battle.turns.select_related("answer_x", "answer_y").last()
    assert turn is not None
    x, y = turn.answer_x, turn.answer_y
    answers = [x, y] if live.left == "x" else [y, x]
    for side, answer in zip("ab", answers, strict=True):
        shown = page.locator(f"#answer-{side} [data-text]").last
        assert shown.inner_text().split() == answer.text.split()
    return answers


def sent_by(server: ModelServer) -> set[str]:
    return {call.text for call in server.calls if call.outcome == "finished"}


def test_from_a_question_to_the_names_behind_its_answers(
    page: Page, server: ModelServer
):
    ask(page, "Why is the sky blue?")
    is_writing(page)
    expect(page.get_by_text("Alder 7B")).to_have_count(0)
    first = see_complete(page)
    assert {answer.text for answer in first} <= sent_by(server)

    page.get_by_label("Ask both something further").fill("And at dusk?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer-b .followup")).to_have_count(1)
    expect(page.locator(".vote[value=a]")).to_be_disabled()
    is_writing(page)
    see_complete(page)
    page.keyboard.press("a")

    expect(page.locator("[data-outcome]")).to_contain_text("You preferred")
    names = page.locator(".ident b").all_inner_texts()
    assert {name.splitlines()[-1] for name in names} == {"Alder 7B", "Birch 9B"}
    battle = Battle.objects.get(public_id=page.url[-36:])
    assert battle.prompt.turns == ["Why is the sky blue?", "And at dusk?"]
    assert Vote.objects.get(battle=battle).state == Vote.State.PENDING


def test_a_reload_and_a_second_tab_show_the_same(page: Page, server: ModelServer):
    ask(page, "Why is grass green?")
    is_writing(page)
    page.reload()
    second = page.context.new_page()
    second.goto(page.url)
    is_writing(second)

    for tab in (page, second):
        assert {answer.text for answer in see_complete(tab)} <= sent_by(server)


def test_five_seconds_offline_lose_nothing(page: Page, server: ModelServer):
    ask(page, "Why is snow white?")
    is_writing(page)
    page.context.set_offline(True)
    page.wait_for_timeout(5000)
    page.context.set_offline(False)

    assert {answer.text for answer in see_complete(page)} <= sent_by(server)


@pytest.mark.parametrize("lost", ["live", "web"])
def test_a_process_killed_in_mid_stream_is_survived(
    arena: LiveArena, page: Page, server: ModelServer, lost: str
):
    ask(page, f"Why is {lost} red?")
    is_writing(page)
    arena.kill(lost)
    arena.start(lost)

    assert {answer.text for answer in see_complete(page)} <= sent_by(server)
    assert server.overlapping() == []
    page.keyboard.press("t")
    expect(page.locator("[data-outcome]")).to_contain_text("a tie between")
    wait_until(lambda: Vote.objects.filter(verdict="tie").exists())
