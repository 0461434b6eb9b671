"""The whole way of the data: model in, votes in, rating table and dump out."""

import gzip
import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from evaluations import leaderboard
from evaluations.contestants import change_state
from evaluations.models import Answer, Battle, Contestant, Vote
from tests.acceptance.watching import Watch, watched
from tests.fakes.behaviour import Behaviour
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena, wait_until

ARENA_ENVIRON = {"ARENA_READY_BATTLES": "12", "ARENA_UNDO_SECONDS": "2"}
PASSWORD = "a long pass phrase"
KEYS = "abtxabtxab"
VERDICTS = {"a": "a", "b": "b", "t": "tie", "x": "both_bad"}
WINNERS = {"a": "model_a", "b": "model_b", "tie": "tie", "both_bad": "both_bad"}
STREAMED = "A brook is a **small stream** that flows all year."


@pytest.fixture(scope="module")
def stocked(arena: LiveArena) -> LiveArena:
    """An arena as the first start leaves it: programs, prompts, pairs to judge."""
    arena.manage("load_starter_pack", "-v", "0")
    User.objects.create_superuser("ada", password=PASSWORD)
    arena.send_task("evaluations.fill_queue")
    wait_until(lambda: Battle.objects.offered().count() >= 12, seconds=90)
    return arena


def test_from_a_volunteers_consent_to_a_dump_of_their_votes(
    stocked: LiveArena, browser: Browser, tmp_path: Path
):
    streaming = Behaviour(text=STREAMED, rate=60)
    with (
        ModelServer(default=streaming) as server,
        watched(browser, stocked.url) as visitor,
        watched(browser, stocked.url, viewport={"width": 1280, "height": 900}) as admin,
    ):
        page, panel = visitor.new_page(), admin.new_page()
        # Another journey may have left a vote.
        before = Vote.objects.count()
        judge_ten_by_keyboard(page)
        see_the_table_changed(page, votes=before + 10)
        brook = enter_a_model(panel, server)
        judge_until_it_plays(page, brook)
        published = rows_of(build_and_download(panel, page, tmp_path))

        assert published == votes_cast()
        assert sides_exchanged(published) != votes_cast()
        expect_silence(visitor)
        expect_silence(admin)


def judge_ten_by_keyboard(page: Page) -> None:
    before = Vote.objects.count()
    page.goto("/judge")
    for number, key in enumerate(KEYS):
        page.keyboard.press(key)
        if number == 0:
            assert Vote.objects.count() == before
            agree_by_keyboard(page)
        expect(page.locator("[data-revealed]")).to_be_visible()
        page.keyboard.press("Enter")
        if number < 9:
            expect(page.locator("[data-vote]")).to_be_visible()
    page.wait_for_url("**/judge/pause")
    expect(page.get_by_role("heading", name="10 done")).to_be_visible()
    cast = Vote.objects.order_by("pk").values_list("verdict", flat=True)
    assert list(cast[before:]) == [VERDICTS[key] for key in KEYS]


def agree_by_keyboard(page: Page) -> None:
    expect(page.locator("[data-dialog=consent]")).to_be_visible()
    page.get_by_role("checkbox", name="I am 16 or older").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")


def see_the_table_changed(page: Page, *, votes: int) -> None:
    """Once the last vote's undo window is over."""
    wait_until(lambda: votes_in_table() == votes, seconds=30)
    page.goto("/leaderboard")
    expect(page.locator(".facts")).to_contain_text(f"{votes} judgements")
    expect(page.locator("tbody tr").first).to_be_visible()


def votes_in_table() -> int:
    newest = leaderboard.latest()
    return newest.votes if newest else 0


def enter_a_model(panel: Page, server: ModelServer) -> Contestant:
    """Log in, type the model in, try its connection, let it play."""
    panel.goto("/admin/")
    panel.locator("[name=username]").fill("ada")
    panel.locator("[name=password]").fill(PASSWORD)
    panel.get_by_role("button", name="Log in").click()
    panel.goto("/admin/evaluations/contestant/add/")
    panel.locator("[name=name]").press_sequentially("Brook 7B")
    panel.locator("[name=maker]").fill("Streams")
    expect(panel.locator("[name=slug]")).to_have_value("brook-7b")
    panel.locator("[name=provider]").select_option("openai")
    panel.locator("[name=api_model]").fill("brook-7b-instruct")
    panel.locator("[name=base_url]").fill(f"{server.url}/v1")
    panel.locator("[name=key]").fill("sk-of-the-journey")
    panel.get_by_role("button", name="Save and continue editing").click()
    panel.get_by_role("button", name="Save and test connection").click()
    panel.wait_for_url("**/connectiontest/*/change/")
    passed = panel.get_by_text("passed", exact=True)
    expect(passed).to_be_visible(timeout=20_000)
    expect(panel.get_by_text(STREAMED)).to_be_visible()
    assert server.calls[0].headers["authorization"] == "Bearer sk-of-the-journey"
    brook = Contestant.objects.get(slug="brook-7b")
    panel.goto(f"/admin/evaluations/contestant/{brook.pk}/change/")
    panel.get_by_role("button", name="Save and activate").click()
    expect(panel.get_by_text("Brook 7B is now active.")).to_be_visible()
    return brook


def judge_until_it_plays(page: Page, brook: Contestant) -> None:
    """The queue is full of pairs without it; each vote makes room for one with it."""
    house = Contestant.objects.active().exclude(pk=brook.pk)
    for program in house[1:]:
        change_state(contestant=program, to=Contestant.State.PAUSED)
    pairs = Battle.objects.offered().filter(turns__answer_x__contestant=brook)
    pairs |= Battle.objects.offered().filter(turns__answer_y__contestant=brook)
    page.goto("/judge")
    page.keyboard.press("a")
    expect(page.locator("[data-revealed]")).to_be_visible()
    wait_until(lambda: pairs.exists(), seconds=30)
    page.goto(f"/judge/{pairs[0].public_id}")
    expect(page.locator(".answer strong", has_text="small stream")).to_have_count(1)
    expect(page.get_by_text("Brook 7B")).to_have_count(0)
    page.keyboard.press("b")
    expect(page.locator(".ident", has_text="Brook 7B")).to_be_visible()
    assert Answer.objects.ready().filter(contestant=brook).exists()
    wait_until(lambda: votes_in_table() == Vote.objects.count(), seconds=30)


def build_and_download(panel: Page, page: Page, tmp_path: Path) -> Path:
    """The admin builds a dump, the visitor downloads it and checks its sum."""
    panel.goto("/admin/evaluations/dump/add/")
    panel.get_by_role("button", name="Save", exact=True).click()
    panel.wait_for_url("**/dump/*/change/")
    expect(panel.get_by_text("published", exact=True).first).to_be_visible(
        timeout=30_000
    )
    page.goto("/data")
    line = page.locator("table.files tr", has_text="votes.jsonl.gz").first
    with page.expect_download() as download:
        line.get_by_role("link").click()
    path = tmp_path / "votes.jsonl.gz"
    download.value.save_as(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    expect(line.locator("code")).to_have_text(digest)
    return path


def rows_of(path: Path) -> Counter[tuple[Any, ...]]:
    """What the dump says: prompt, both models and both answers, winner."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return Counter(
        (
            row["conversation_a"][0]["content"],
            row["model_a"],
            row["conversation_a"][-1]["content"],
            row["model_b"],
            row["conversation_b"][-1]["content"],
            row["winner"],
        )
        for row in rows
    )


def sides_exchanged(rows: Counter[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    """What a dump that took right for left would say."""
    return Counter(
        (asked, *b, *a, won)
        for asked, *a_and_b, won in rows.elements()
        for a, b in [(a_and_b[:2], a_and_b[2:])]
    )


def votes_cast() -> Counter[tuple[Any, ...]]:
    """The same of the ledger."""
    return Counter(map(line_of, Vote.objects.all()))


def line_of(vote: Vote) -> tuple[Any, ...]:
    battle, turn = vote.battle, vote.battle.turns.get()
    x = battle.contestant_x.name, turn.answer_x.text
    y = battle.contestant_y.name, turn.answer_y.text
    a, b = (x, y) if vote.left == "x" else (y, x)
    return battle.prompt.turns[0], *a, *b, WINNERS[vote.verdict]


def expect_silence(watch: Watch) -> None:
    assert watch.complaints == []
    assert (watch.ran, watch.outside, watch.blocked) == ([], [], [])


def test_a_reader_without_scripts_consents_votes_and_goes_on(
    stocked: LiveArena, browser: Browser
):
    with watched(browser, stocked.url, java_script_enabled=False) as watch:
        page = watch.new_page()
        page.goto("/judge")
        first = page.url
        page.get_by_role("button", name="B is better").click()
        page.get_by_role("checkbox", name="I am 16 or older").check()
        page.get_by_role("button", name="Agree and cast my vote").click()
        expect(page.locator("[data-outcome]")).to_contain_text("You preferred")
        assert page.url == first
        page.get_by_role("link", name=re.compile("Next pair")).click()
        expect(page.get_by_role("button", name="Tie")).to_be_enabled()
        assert page.url != first

        battle = first.rsplit("/", 1)[1]
        assert Vote.objects.get(battle__public_id=battle).verdict == "b"
        # The one refusal, with the page that asks for consent, is meant.
        assert [text for text in watch.complaints if "403" not in text] == []
