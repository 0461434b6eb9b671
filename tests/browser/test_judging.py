"""Judging with scripts: keys, reveal in place, undo, next pair (UX J1, J2, J11-J16)."""

import re

import pytest
from playwright.sync_api import expect

from evaluations.models import Report, Skip, Vote
from tests.browser.scenes import make_pair
from tests.browser.visits import agree

BALLOT = "Which answer would you rather have received?"


@pytest.fixture
def page(open_page):
    for number in range(3):
        make_pair(number=number)
    page = open_page()
    agree(page)
    return page


def revealed(page):
    expect(page.locator("[data-revealed]")).to_be_visible()


def test_each_verdict_has_its_key_and_its_number(open_page):
    keys = "abtx1432"
    for number in range(len(keys)):
        make_pair(number=number)
    page = open_page()
    agree(page)

    for key in keys:
        page.keyboard.press(key)
        revealed(page)
        page.keyboard.press("n")
        expect(page.locator("[data-revealed]")).to_have_count(0)

    cast = Vote.objects.order_by("id").values_list("verdict", flat=True)
    assert list(cast) == [
        *("a", "b", "tie", "both_bad"),
        *("a", "b", "both_bad", "tie"),
    ]


def test_the_reveal_comes_in_place_and_leaves_the_page_where_it_was(page):
    page.evaluate("window.stayed = true; scrollTo(0, 60)")

    page.keyboard.press("a")
    revealed(page)

    assert page.evaluate("window.stayed && scrollY") == 60
    expect(page.locator("[data-next]")).to_be_focused()
    expect(page.locator(".answer.chosen .ident")).to_contain_text(
        re.compile("Larch|Rowan")
    )
    expect(page.locator("[data-say]")).to_contain_text("You preferred")
    expect(page.locator("[data-today]")).to_have_text("1")


def test_the_next_pair_is_there_without_a_load(page):
    first = page.url
    page.keyboard.press("t")
    revealed(page)
    page.evaluate("window.stayed = true")
    loads = []
    page.on("request", lambda request: loads.append(request.resource_type))

    page.keyboard.press("Enter")

    expect(page.get_by_text(BALLOT)).to_be_visible()
    assert page.evaluate("window.stayed")
    assert not {"document", "fetch"}.intersection(loads)
    assert page.url != first
    expect(page.locator(".session .num")).to_have_text("Pair 2 of 10")
    page.keyboard.press("b")
    revealed(page)
    assert Vote.objects.count() == 2


def test_going_back_shows_the_reveal_and_no_fresh_ballot(page):
    first = page.url
    page.keyboard.press("t")
    revealed(page)
    page.keyboard.press("n")
    expect(page.get_by_text(BALLOT)).to_be_visible()

    page.go_back()

    revealed(page)
    assert page.url == first


def test_undo_gives_page_and_focus_back_and_takes_another_vote(page):
    page.keyboard.press("a")
    revealed(page)

    page.keyboard.press("z")

    expect(page.get_by_text(BALLOT)).to_be_visible()
    expect(page.locator(".vote.a")).to_be_focused()
    expect(page.locator("#heading-a")).to_have_text("Answer A")
    expect(page.locator(".answer.chosen")).to_have_count(0)
    expect(page.locator("[data-say]")).to_have_text("Taken back. Choose again.")
    page.keyboard.press("b")
    revealed(page)
    assert Vote.objects.standing().get().verdict == "b"


def test_undo_goes_when_its_time_is_over(page, settings):
    settings.ARENA_UNDO_SECONDS = 1

    page.keyboard.press("a")
    revealed(page)
    page.locator(".undo").focus()

    expect(page.locator(".undo")).to_have_count(0)
    expect(page.locator("[data-next]")).to_be_focused()


def test_a_double_click_is_one_vote(page):
    page.locator(".vote.b").dblclick(delay=1)
    revealed(page)

    assert Vote.objects.get().verdict == "b"


def test_keys_mean_nothing_with_a_modifier_or_while_typing(page):
    for held in ("Control+b", "Alt+a", "Meta+t"):
        page.keyboard.press(held)
    page.get_by_role("link", name="Report").click()
    page.keyboard.press("a")
    page.get_by_label("Anything to add?").press("b")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    assert not Vote.objects.exists()

    page.keyboard.press("t")
    revealed(page)
    page.get_by_text("Add a note").click()
    page.get_by_label("Note, not published").press("z")

    assert Vote.objects.standing().count() == 1


def test_keys_can_be_switched_off_for_good(page):
    page.keyboard.press("?")
    page.get_by_role("switch", name="Use these keys").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()

    page.keyboard.press("a")
    expect(page.locator(".vote.a kbd")).to_be_hidden()

    assert not Vote.objects.exists()


def test_reasons_and_note_are_saved_as_they_are_given(page):
    page.keyboard.press("a")
    revealed(page)

    for reason in ("Clearer", "Safer"):
        with page.expect_response("**/reasons"):
            page.get_by_text(reason).click()
    page.get_by_text("Add a note").click()
    with page.expect_response("**/reasons"):
        page.get_by_label("Note, not published").fill("short")
        page.keyboard.press("Enter")

    vote = Vote.objects.get()
    assert (vote.reasons, vote.comment) == (["clear", "safe"], "short")
    revealed(page)


@pytest.mark.parametrize(
    ("name", "reason"), [("Skip", ""), ("I can’t judge this", "outside_field")]
)
def test_skipping_brings_the_next_pair_in_place(page, name, reason):
    first = page.url
    page.evaluate("window.stayed = true")

    page.get_by_role("button", name=name).click()

    page.wait_for_url(lambda url: url != first)
    assert page.evaluate("window.stayed")
    assert Skip.objects.get().reason == reason


def test_a_report_takes_the_pair_away_at_once(page):
    first = page.url
    page.get_by_role("link", name="Report").click()
    page.get_by_label("An answer is broken or cut off").check()
    page.get_by_role("button", name="Report").click()

    page.wait_for_url(lambda url: url != first)
    expect(page.get_by_text(BALLOT)).to_be_visible()


def test_the_choice_of_a_set_is_kept_where_the_next_pair_comes_in_place(page):
    page.goto("/judge?set=made")
    first = page.url
    page.evaluate("window.stayed = true")
    page.keyboard.press("s")
    page.wait_for_url(lambda url: url != first)
    second = page.url

    page.get_by_role("link", name="Report").click()
    page.get_by_label("An answer is broken or cut off").check()
    page.get_by_role("button", name="Report").click()
    page.wait_for_url(lambda url: url not in (first, second))

    assert page.evaluate("window.stayed")
    assert page.url.endswith("?set=made")
    assert str(Report.objects.get().battle.public_id) in second


def test_the_session_ends_in_a_pause(page, settings):
    settings.ARENA_SESSION_LENGTH = 2
    for key in "ab":
        page.keyboard.press(key)
        revealed(page)
        page.keyboard.press("Enter")
        expect(page.locator("[data-revealed]")).to_have_count(0)

    expect(page.get_by_role("heading", name="2 done")).to_be_visible()
    expect(page.get_by_role("link", name="2 more")).to_be_visible()


def test_consent_is_asked_at_the_first_vote_and_the_vote_goes_on(open_page):
    make_pair()
    page = open_page()
    page.goto("/judge")
    page.keyboard.press("x")
    sheet = page.get_by_role("dialog", name="Before you start")
    expect(sheet.get_by_role("checkbox")).not_to_be_checked()

    page.get_by_role("button", name="Just look around").click()
    expect(page.locator(".vote").nth(2)).to_be_focused()
    assert not Vote.objects.exists()
    page.keyboard.press("x")
    sheet.get_by_role("checkbox").check()
    page.get_by_role("button", name="Start judging").click()

    revealed(page)
    assert Vote.objects.get().verdict == "both_bad"


def test_a_vote_cast_offline_is_kept_and_sent_once(open_page):
    battle = make_pair()
    page = open_page(tolerating="ERR_INTERNET_DISCONNECTED")
    agree(page)
    page.context.set_offline(True)

    page.keyboard.press("t")
    expect(page.locator("[data-offline]")).to_contain_text("kept on this device")
    assert not Vote.objects.exists()
    page.context.set_offline(False)

    revealed(page)
    expect(page.locator("[data-offline]")).to_be_hidden()
    assert Vote.objects.get().battle == battle


def test_a_vote_kept_over_a_reload_is_sent_with_its_key(open_page):
    make_pair()
    page = open_page(tolerating="ERR_INTERNET_DISCONNECTED")
    agree(page)
    key = page.locator("[name=idempotency_key]").input_value()
    page.context.set_offline(True)
    page.keyboard.press("t")
    expect(page.locator("[data-offline]")).to_be_visible()
    address = page.url
    page.close()
    page.context.set_offline(False)

    again = page.context.new_page()
    again.goto(address)

    revealed(again)
    assert Vote.objects.get().idempotency_key == key


def test_a_refusal_stands_in_the_bar(open_page):
    make_pair()
    page = open_page(tolerating="400 (Bad Request)")
    agree(page)
    page.locator("[name=left]").evaluate("field => (field.value = 'q')")

    page.keyboard.press("a")

    expect(page.locator("[data-trouble]")).to_contain_text("left")
    assert not Vote.objects.exists()


def test_reading_time_is_measured(page):
    page.wait_for_timeout(300)
    page.keyboard.press("a")
    revealed(page)

    reading_ms = Vote.objects.get().reading_ms

    assert reading_ms is not None
    assert 300 <= reading_ms < 60_000


def test_the_theme_is_kept_and_set_before_the_first_paint(open_page):
    page = open_page(color_scheme="light")
    page.goto("/consent")
    page.get_by_role("button", name="Switch between light and dark").click()

    page.goto("/consent", wait_until="commit")
    page.wait_for_selector("main")

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    paper = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(paper) == "rgb(18, 19, 22)"
