"""Row 8 of the acceptance table, Chromium's part: hostile texts run nowhere."""

from collections.abc import Iterator
from contextlib import suppress

import brs_kb
import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Error, Page, Route

from evaluations import leaderboard, voting
from evaluations.markdown import render_safely
from evaluations.models import Battle, Contestant, Vote
from tests.acceptance.watching import ODD_LINKS, POKE, Watch, watched
from tests.factories import make_answer, make_battle, make_contestant, make_prompt
from tests.live import LiveArena

ARENA_ENVIRON = {"ARENA_UNDO_SECONDS": "0"}
ARENA_PROGRAMS = ("web",)
ALL = sorted({entry["payload"] for entry in brs_kb.get_all_payloads().values()})
# PostgreSQL takes no NUL, so the arena's forms take none either.
PAYLOADS = [text.replace("\0", "") for text in ALL[:: len(ALL) // 300]][:300]
A_PAGE = 30
NAME_LENGTH = 120
COMMENT_LENGTH = 500


def pages_full() -> list[list[str]]:
    return [PAYLOADS[at : at + A_PAGE] for at in range(0, len(PAYLOADS), A_PAGE)]


def make_hostile_battle(payloads: list[str]) -> Battle:
    """Every text that a stranger can choose is hostile, rendered each by itself."""
    prompt = make_prompt("\n".join(payloads), categories=[payloads[0][:40]])
    html = [render_safely(payload).html for payload in payloads]
    names = [text for text in payloads if 8 < len(text) <= NAME_LENGTH]
    sides = [
        make_contestant(
            name=name,
            maker=names[2],
            licence=names[3],
            description="\n".join(payloads),
            aliases=names[:5],
            open_weights=True,
        )
        for name in names[:2]
    ]
    for contestant, texts in zip(sides, (html, html[::-1]), strict=True):
        make_answer(contestant, prompt, text="\n".join(payloads), html="\n".join(texts))
    return make_battle(*sides, prompt)


@pytest.fixture(scope="module")
def battles(arena: LiveArena) -> list[Battle]:
    made = [make_hostile_battle(payloads) for payloads in pages_full()]
    known = set(Contestant.objects.values_list("name", flat=True))
    for name in {text.strip()[:NAME_LENGTH] for text in PAYLOADS} - known:
        make_contestant(name=name)
    User.objects.create_superuser("ada", password="a long pass phrase")
    return made


@pytest.fixture
def watch(browser: Browser, arena: LiveArena) -> Iterator[Watch]:
    with watched(browser, arena.url) as watch:
        yield watch


def poke(page: Page) -> None:
    """Touch every element, as a reader would."""
    assert page.evaluate(POKE) > 5
    assert page.evaluate(ODD_LINKS) == []
    page.mouse.move(300, 300)
    page.mouse.move(700, 500)


def nothing_ran(watch: Watch) -> None:
    assert (watch.ran, watch.outside, watch.blocked) == ([], [], [])
    assert watch.complaints == []


def test_hostile_prompts_answers_names_and_comments_run_nowhere(
    battles: list[Battle], watch: Watch
):
    page = watch.new_page()
    page.goto("/consent")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Start judging").click()
    for battle, payloads in zip(battles, pages_full(), strict=True):
        page.goto(f"/judge/{battle.public_id}")
        poke(page)
        page.keyboard.press("b")
        page.wait_for_selector("[data-revealed]")
        poke(page)
        comment = " ".join(payloads)[:COMMENT_LENGTH]
        page.get_by_text("Add a note").click()
        with page.expect_response("**/reasons"):
            page.locator("[data-comment]").fill(comment)
            page.locator("[data-comment]").press("Tab")
        page.reload()
        poke(page)
    assert Vote.objects.exclude(comment="").count() == len(battles)
    nothing_ran(watch)


def test_hostile_names_run_on_no_page_about_models(battles: list[Battle], watch: Watch):
    voting.settle_votes()
    leaderboard.publish()
    page = watch.new_page()
    slugs = [battle.contestant_x.slug for battle in battles]
    for address in ("/", "/leaderboard", "/me", *(f"/models/{slug}" for slug in slugs)):
        page.goto(address)
        poke(page)
    assert Contestant.objects.count() > 200
    nothing_ran(watch)


def test_hostile_texts_run_on_no_page_of_the_admin(battles: list[Battle], watch: Watch):
    page = watch.new_page()
    page.goto("/admin/")
    page.locator("[name=username]").fill("ada")
    page.locator("[name=password]").fill("a long pass phrase")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/admin/")
    battle = battles[0]
    turn, vote = battle.turns.get(), Vote.objects.first()
    rows = [
        ("contestant", battle.contestant_x_id),
        ("prompt", battle.prompt_id),
        ("answer", turn.answer_x_id),
        ("battle", battle.pk),
        *([("vote", vote.pk)] if vote else []),
    ]
    for kind, pk in rows:
        for address in ("", f"{pk}/change/"):
            page.goto(f"/admin/evaluations/{kind}/{address}")
            assert page.evaluate(POKE) > 5
    # The panel's own scripts complain for reasons of their own; nothing may run.
    assert (watch.ran, watch.outside) == ([], [])


def test_the_same_watch_sees_raw_payloads_run(browser: Browser):
    raw = [text for text in PAYLOADS if text.startswith("<")][:60]

    def serve(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[1]
        body = raw[int(name)] if name.isdecimal() else ""
        page = f"<!doctype html><main><p>{body}</p></main>"
        route.fulfill(body=page, content_type="text/html; charset=utf-8")

    with watched(browser, "http://raw.example") as watch:
        watch.context.route("http://raw.example/*", serve)
        page = watch.new_page()
        for number in range(len(raw)):
            with suppress(Error):  # some of them navigate away
                page.goto(f"http://raw.example/{number}", wait_until="commit")
                page.evaluate(POKE)

    assert len(watch.ran) >= 10
    assert len(watch.outside) >= 1


def test_the_same_watch_sees_what_a_policy_blocks(browser: Browser):
    def serve(route: Route) -> None:
        body = "<!doctype html><main><p>Six</p><script>alert(1)</script></main>"
        policy = {"Content-Security-Policy": "default-src 'none'"}
        route.fulfill(body=body, content_type="text/html", headers=policy)

    with watched(browser, "http://raw.example") as watch:
        watch.context.route("http://raw.example/*", serve)
        watch.new_page().goto("http://raw.example/")

    assert watch.ran == []
    assert len(watch.blocked) == 1
    assert len(watch.complaints) >= 1
