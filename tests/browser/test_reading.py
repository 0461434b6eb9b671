"""What helps reading two answers (UX J6-J9, J21)."""

import pytest
from playwright.sync_api import expect

from evaluations.models import Vote
from tests.browser.scenes import EXPLAINED, LONG_CODE, REWORDED, make_pair
from tests.browser.visits import agree

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
TEXT_NODES = """box => {
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    let count = 0;
    while (walker.nextNode()) count += 1;
    return count;
}"""
IN_VIEW = "box => Math.round(box.scrollLeft / box.clientWidth)"


def test_differences_are_marked_and_leave_no_trace(open_page):
    make_pair(EXPLAINED, REWORDED)
    page = open_page()
    page.goto("/judge")
    answers = page.locator("[data-answers]")
    before = answers.inner_html(), answers.evaluate(TEXT_NODES)

    page.keyboard.press("d")
    marked = set(page.locator("mark").all_inner_texts())
    page.keyboard.press("d")

    assert marked == {"expensive", "costly", "visible", "outward"}
    assert (answers.inner_html(), answers.evaluate(TEXT_NODES)) == before


def test_differences_are_not_offered_for_unlike_answers(open_page):
    make_pair()
    page = open_page()
    page.goto("/judge")

    page.keyboard.press("d")

    expect(page.locator("[data-diff-offer]")).to_be_hidden()
    expect(page.locator("mark")).to_have_count(0)


def test_long_answers_fold_at_the_same_height_and_unfold_together(open_page):
    make_pair(EXPLAINED * 12, EXPLAINED)
    page = open_page()
    page.goto("/judge")
    heights = (
        "() => [...document.querySelectorAll('[data-body]')].map(b => b.offsetHeight)"
    )

    assert max(page.evaluate(heights)) == 1080
    page.get_by_role("button", name="Show all of both answers").first.click()

    assert max(page.evaluate(heights)) > 1800
    expect(page.get_by_text("Show all of both answers")).to_have_count(0)


def test_long_code_folds(open_page):
    make_pair(LONG_CODE)
    page = open_page()
    page.goto("/judge")
    code = page.locator("pre")
    folded = code.bounding_box()["height"]

    page.get_by_role("button", name="Show all 60 lines").click()

    assert code.bounding_box()["height"] > 1.8 * folded


@pytest.mark.parametrize(("width", "lines"), [(1280, 6), (390, 3)])
def test_a_long_prompt_is_clamped(open_page, width, lines):
    make_pair(prompt="Tell me about lists, please. " * 60)
    page = open_page(viewport={"width": width, "height": 844})
    page.goto("/judge")
    prompt = page.locator("[data-clamp]")
    height = float(prompt.evaluate("p => parseFloat(getComputedStyle(p).lineHeight)"))

    assert prompt.bounding_box()["height"] == pytest.approx(lines * height, abs=1)
    page.get_by_role("button", name="Show all").first.click()

    assert prompt.bounding_box()["height"] > lines * height + 1


def test_scrolling_apart_is_remembered_and_proportional(open_page):
    make_pair(EXPLAINED * 3, EXPLAINED * 6)
    page = open_page()
    page.goto("/judge")

    page.keyboard.press("f")
    page.reload()

    body = page.get_by_role("region", name="Answer A, scrolls by itself")
    body.evaluate("body => (body.scrollTop = body.scrollHeight)")
    other = page.get_by_role("region", name="Answer B, scrolls by itself")
    end = "b => b.scrollTop / (b.scrollHeight - b.clientHeight)"
    page.wait_for_timeout(200)
    assert float(other.evaluate(end)) == pytest.approx(1, abs=0.02)


def test_the_bar_never_covers_the_end_of_an_answer(open_page):
    make_pair(EXPLAINED * 2, EXPLAINED * 2)
    page = open_page(**PHONE)
    agree(page)

    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    bottom = page.locator(".answer").first.bounding_box()
    bar = page.locator(".votebar").bounding_box()

    assert bottom["y"] + bottom["height"] + 15 <= bar["y"]


def test_a_phone_turns_by_tab_and_keeps_each_sides_place(open_page):
    make_pair(EXPLAINED * 3, EXPLAINED * 3)
    page = open_page(**PHONE)
    page.goto("/judge")
    answers = page.locator("[data-answers]")
    page.evaluate("scrollTo(0, 700)")
    place = page.evaluate("scrollY")

    page.locator("[data-tab=b]").tap()
    page.wait_for_timeout(200)
    assert answers.evaluate(IN_VIEW) == 1
    assert page.evaluate("scrollY") < place
    expect(page.locator("[data-tab=b]")).to_have_attribute("aria-current", "true")
    page.locator("[data-tab=a]").tap()
    page.wait_for_timeout(200)

    assert answers.evaluate(IN_VIEW) == 0
    assert page.evaluate("scrollY") == place


def test_the_tab_follows_the_swipe_and_the_dot_goes(open_page):
    make_pair()
    page = open_page(**PHONE)
    page.goto("/judge")
    expect(page.locator("[data-tab=b] [data-unopened]")).to_be_visible()

    page.locator("[data-answers]").evaluate("box => box.scrollTo(box.clientWidth, 0)")

    expect(page.locator("[data-tab=b]")).to_have_attribute("aria-current", "true")
    expect(page.locator("[data-tab=b] [data-unopened]")).to_be_hidden()


def test_voting_before_both_were_opened_asks_once(open_page):
    make_pair()
    page = open_page(**PHONE)
    agree(page)
    page.locator(".vote.a").tap()
    sheet = page.get_by_role("dialog", name="You haven’t opened B")
    expect(sheet).to_be_visible()
    assert not Vote.objects.exists()

    sheet.get_by_role("button", name="Open it").tap()
    expect(page.locator("[data-tab=b]")).to_have_attribute("aria-current", "true")
    page.locator(".vote.a").tap()

    expect(page.locator("[data-revealed]")).to_be_visible()
    assert Vote.objects.get().verdict == "a"


def test_one_may_vote_anyway(open_page):
    make_pair()
    page = open_page(**PHONE)
    agree(page)

    page.locator(".vote.b").tap()
    page.get_by_role("button", name="Vote anyway").tap()

    expect(page.locator("[data-revealed]")).to_be_visible()


def test_who_closes_the_question_is_not_asked_again(open_page):
    make_pair()
    page = open_page(**PHONE)
    agree(page)

    page.locator(".vote.b").tap()
    page.keyboard.press("Escape")
    page.locator(".vote.b").tap()

    expect(page.locator("[data-revealed]")).to_be_visible()


def test_an_answer_and_its_code_can_be_copied(open_page):
    make_pair("Before.\n\n```\nprint(1)\n```\n", "Other.")
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/judge")
    copied = "() => navigator.clipboard.readText()"

    page.get_by_role("button", name="Copy this code").click()
    expect(page.locator("[data-say]")).to_have_text("Copied.")
    assert page.evaluate(copied).strip() == "print(1)"
    side = page.locator(".answer").filter(has_text="Before.")
    side.get_by_role("button", name="Copy answer").click()
    page.wait_for_timeout(100)

    assert page.evaluate(copied).split() == ["Before.", "print(1)"]
