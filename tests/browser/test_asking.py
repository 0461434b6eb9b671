"""Writing a question and watching its answers, with scripts (UX §7, J4, J10, J17).

The server of these tests takes no WebSockets, so the pages poll: the streaming itself
is tested with the whole arena.
"""

import re

import pytest
from playwright.sync_api import expect

from evaluations.models import Battle, Vote
from tests.browser import live_pages
from tests.browser.live_pages import NO_SOCKET, QUESTION
from tests.views import asking

BEGUN = "Both answers are being written."
COMPLETE = "Both answers are complete. You can judge now."
LISTEN = """() => {
    const voice = document.querySelector("[data-say]");
    window.heard = [];
    new MutationObserver(() => window.heard.push(voice.textContent))
        .observe(voice, {childList: true, characterData: true, subtree: true});
}"""


@pytest.fixture
def page(open_page):
    return open_page(tolerating=NO_SOCKET)


def question(page):
    return page.get_by_label("Your question")


def ask_further(page, text):
    page.get_by_label("Ask both something further").fill(text)
    page.keyboard.press("Control+Enter")


def test_enter_begins_a_line_and_ctrl_enter_sends(page):
    live_pages.compose(page)
    question(page).fill("One")
    page.keyboard.press("Enter")
    page.keyboard.type("two")
    expect(question(page)).to_have_value("One\ntwo")

    page.keyboard.press("Control+Enter")
    live_pages.agree_and_ask(page)

    expect(page.locator("#prompt-text")).to_have_text("One\ntwo")
    assert Battle.objects.get(mode=Battle.Mode.LIVE).prompt.turns == ["One\ntwo"]


def test_what_is_written_outlives_the_page_until_it_is_sent(page):
    live_pages.compose(page)
    question(page).fill(QUESTION)
    page.goto("/about")
    page.goto("/battle")
    expect(question(page)).to_have_value(QUESTION)

    page.keyboard.press("Control+Enter")
    live_pages.agree_and_ask(page)
    page.wait_for_url("**/battle/*-*")
    page.goto("/battle")

    expect(question(page)).to_have_value("")


def test_a_refused_question_is_still_there(open_page, settings):
    settings.ARENA_LIVE_MESSAGES_PER_MINUTE = 0
    page = open_page(tolerating="429 (Too Many Requests)")
    live_pages.write(page)
    live_pages.agree_and_ask(page)

    expect(page.get_by_role("alert").first).to_contain_text("You can go on")
    page.goto("/about")
    page.goto("/battle")

    expect(question(page)).to_have_value(QUESTION)


def test_a_starter_fills_the_field_and_can_be_taken_back(page):
    live_pages.compose(page)
    question(page).fill("Mine")

    starter = page.locator("[data-starter]").first
    starter.click()
    expect(question(page)).to_have_value(starter.locator("[data-text]").inner_text())
    page.keyboard.press("Control+z")

    expect(question(page)).to_have_value("Mine")


def test_other_starters_come_without_losing_what_is_written(page):
    live_pages.compose(page)
    question(page).fill("Mine")
    before = page.locator("[data-starters]").inner_html()

    for _ in range(5):
        with page.expect_response("**/battle/starters"):
            page.get_by_role("link", name="Another four").click()

    expect(page.locator("[data-starter]")).to_have_count(4)
    assert page.locator("[data-starters]").inner_html() != before
    expect(question(page)).to_have_value("Mine")


def test_characters_are_counted_only_near_the_limit(page, settings):
    settings.ARENA_PROMPT_CHARS = 3000
    live_pages.compose(page)
    counter = page.locator("[data-counter]")

    question(page).fill("x" * 900)
    expect(counter).to_be_hidden()
    question(page).fill("😀" * 1500)
    expect(counter).to_have_text("1,500 characters left")
    question(page).fill("x" * 3001)
    expect(counter).to_have_text("1 characters too many")


def test_answers_grow_and_can_be_judged_when_both_are_complete(page):
    battle = live_pages.ask(page)
    expect(page.locator("[data-skeleton]").first).to_be_visible()
    expect(page.locator(".vote.a")).to_be_disabled()

    asking.begin(battle, ("First words", "Other words"))
    expect(page.locator("#answer-a")).to_contain_text(re.compile("First|Other"))
    expect(page.locator("#answer-a [data-body]")).to_have_attribute("aria-busy", "true")
    page.keyboard.press("a")
    asking.answer(battle, ("First words are here.", "Other words are here."))

    expect(page.locator(".vote.a")).to_be_enabled()
    expect(page.locator("[data-say]")).to_have_text(COMPLETE)
    expect(page.locator("[aria-busy]")).to_have_count(0)
    assert not Vote.objects.exists()
    page.keyboard.press("a")
    expect(page.locator("[data-revealed]")).to_be_visible()
    expect(page.locator("[data-next]")).to_have_text(re.compile("Ask another"))


def test_a_screen_reader_hears_two_messages_a_turn(page):
    battle = live_pages.ask(page)
    page.evaluate(LISTEN)

    for texts in (("First", "Other"), ("First words", "Other words")):
        asking.begin(battle, texts)
        page.get_by_text(texts[0], exact=True).wait_for()
    asking.answer(battle, ("First words are here.", "Other words are here."))
    page.get_by_text("First words are here.").wait_for()

    assert page.evaluate("window.heard") == [BEGUN, COMPLETE]
    expect(page.locator("[data-answers] [aria-live]")).to_have_count(0)


def test_a_further_question_stands_there_at_once(page):
    live_pages.ready(page)
    page.wait_for_function("document.querySelector('[data-pair]').dataset.state")
    page.evaluate("window.stayed = true")
    ask_further(page, "And what of a deque?")

    expect(page.locator(".followup")).to_have_count(2)
    expect(page.get_by_label("Ask both something further")).to_be_hidden()
    expect(page.locator(".vote.a")).to_be_disabled()
    assert page.evaluate("window.stayed")


def test_an_older_state_takes_no_further_question_back(page):
    with page.expect_response("**/state"):
        live_pages.ready(page)
    held = []
    page.route("**/say", lambda route: held.append(route))
    with page.expect_response("**/state"):
        ask_further(page, "And what of a deque?")

    page.wait_for_timeout(200)
    expect(page.locator(".followup")).to_have_count(2)
    expect(page.locator(".vote.a")).to_be_disabled()
    held[0].continue_()


def test_a_further_question_with_personal_data_is_asked_about(open_page):
    page = open_page(tolerating=[NO_SOCKET, "422 (Unprocessable"])
    live_pages.ready(page)
    ask_further(page, "Write to ada.byron@harbour-mail.com.")

    expect(page.get_by_role("button", name="Send anyway")).to_be_visible()
    expect(page.locator(".followup")).to_have_count(0)
    page.get_by_role("button", name="Send anyway").click()

    expect(page.locator(".followup")).to_have_count(2)


def test_undo_gives_the_vote_back_and_no_further_question(page):
    live_pages.ready(page)
    page.keyboard.press("b")
    expect(page.locator("[data-revealed]")).to_be_visible()

    page.keyboard.press("z")

    expect(page.locator(".vote.b")).to_be_focused()
    expect(page.get_by_label("Ask both something further")).to_be_hidden()
    expect(page.get_by_role("link", name="Give it up")).to_have_count(0)
    page.keyboard.press("t")
    expect(page.locator("[data-revealed]")).to_be_visible()
    assert Vote.objects.standing().get().verdict == "tie"


def test_escape_asks_to_stop_both(page):
    battle = live_pages.ask(page)

    with page.expect_response("**/stop"):
        page.keyboard.press("Escape")

    assert asking.last_turn(battle).live.stop_asked_at is not None


def test_a_side_that_failed_says_so_while_the_other_stays(page):
    battle = live_pages.ask(page)
    asking.begin(battle, ("First words", "Other words"))
    asking.fail(battle)

    again = page.get_by_role("button", name="Try again")
    expect(again).to_have_count(1)
    expect(page.get_by_text("This answer didn’t arrive.")).to_have_count(2)
    expect(page.locator("[data-missing]:visible")).to_have_count(1)
    with page.expect_response("**/retry"):
        again.click()

    expect(again).to_have_count(0)
    expect(page.locator("[data-side=failed]")).to_have_count(0)


def test_a_battle_that_was_closed_offers_the_question_again(page):
    battle = live_pages.ask(page)
    asking.close(battle)

    page.get_by_role("link", name="Ask it again").click()

    expect(question(page)).to_have_value(QUESTION)


def test_another_tab_shows_the_reveal_when_it_is_looked_at(page):
    live_pages.ready(page)
    tab = page.context.new_page()
    tab.goto(page.url)

    tab.keyboard.press("a")
    expect(tab.locator("[data-revealed]")).to_be_visible()

    page.wait_for_url("**/judge/*")
    expect(page.locator("[data-revealed]")).to_be_visible()


def test_giving_up_is_asked_about_first(page):
    live_pages.giving_up(page)
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.get_by_role("link", name="Give it up").click()

    page.get_by_role("button", name="Give it up").click()

    page.wait_for_url("**/battle")
    expect(page.get_by_text("You have a battle open")).to_have_count(0)
