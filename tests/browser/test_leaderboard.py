"""The rating table in a browser: sorted in place, light enough, fit for a phone."""

import pytest
from playwright.sync_api import Page, expect

from evaluations import auditing
from tests.browser.live_pages import NO_SOCKET
from tests.browser.reading import leaderboard, publish_much
from tests.crowds import judge_all, make_models
from tests.live import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def names(page: Page) -> list[str]:
    return page.locator(".board").first.locator(".mcell a").all_inner_texts()


def test_sorting_keeps_place_and_focus_and_the_address_tells_it(open_page):
    page = open_page(tolerating=NO_SOCKET, viewport={"width": 1280, "height": 500})
    leaderboard(page)
    by_rating = names(page)
    page.evaluate("scrollTo(0, 240)")
    button = page.get_by_role("button", name="Size").first

    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/leaderboard?sort=-size")

    expect(page.locator("th[aria-sort=descending]").first).to_have_text("Size")
    settled = by_rating[:6]
    assert names(page)[:6] == settled[::-1]
    assert page.evaluate("[scrollY, document.activeElement.innerText]") == [240, "Size"]
    page.go_back()
    expect(page.locator("th[aria-sort]").first).to_have_text("Rating")
    assert names(page) == by_rating


def test_without_scripts_the_same_buttons_sort(open_page):
    page = open_page(tolerating=NO_SOCKET, java_script_enabled=False)
    leaderboard(page)
    settled = names(page)[:6]

    page.get_by_role("button", name="Size").first.click()

    assert page.url.endswith("/leaderboard?sort=-size")
    assert names(page)[:6] == settled[::-1]


def test_the_header_stays_in_sight(open_page):
    page = open_page(tolerating=NO_SOCKET, viewport={"width": 1280, "height": 500})
    leaderboard(page)

    page.mouse.wheel(0, 600)

    head = page.locator("thead").first.locator("th").nth(1)
    wait_until(lambda: page.evaluate("scrollY") > 500)
    bar = page.locator(".top").bounding_box()
    assert head.bounding_box()["y"] == pytest.approx(bar["height"], abs=2)


@pytest.mark.parametrize("width", [390, 360])
def test_a_phone_shows_rank_model_rating_and_interval(open_page, width):
    page = open_page(tolerating=NO_SOCKET, viewport={"width": width, "height": 844})
    leaderboard(page)

    cells = page.locator("tbody tr").first.locator("td, th")
    shown = [cell.is_visible() for cell in cells.all()]
    card = page.locator(".card").first.bounding_box()
    interval = cells.nth(3).bounding_box()

    assert shown == [True] * 4 + [False] * 5
    assert interval["x"] + interval["width"] <= card["x"] + card["width"] + 1


def shown(page: Page) -> list[str]:
    return page.locator("[data-part=boards] .mcell a").all_inner_texts()


def test_a_filter_acts_at_once_and_the_address_tells_it(open_page):
    publish_much()
    page = open_page(tolerating=NO_SOCKET)
    page.goto("/leaderboard?sort=-votes")

    page.get_by_role("combobox", name="Category").select_option("Programming")
    page.wait_for_url("**/leaderboard?category=programming&sort=-votes")
    expect(page.locator("[data-count]")).to_contain_text("10 models. Category:")
    page.get_by_role("combobox", name="Size").select_option("phone")
    page.wait_for_url("**/leaderboard?size=phone&sort=-votes")

    expect(page.get_by_role("combobox", name="Category")).to_have_value("")
    expect(page.get_by_role("status").first).to_contain_text("Size: Phone")
    page.go_back()
    expect(page.locator("[data-count]")).to_contain_text("Category: Programming")
    expect(page.get_by_role("combobox", name="Category")).to_have_value("programming")
    expect(page.get_by_role("combobox", name="Size")).to_have_value("")


def test_models_are_found_while_typing(open_page):
    publish_much()
    page = open_page(tolerating=NO_SOCKET)
    page.goto("/leaderboard")

    page.get_by_label("Find a model").press_sequentially("heron")

    expect(page.locator("[data-count]")).to_have_text("4 of 30 models.")
    assert all(name.startswith("Heron") for name in shown(page))
    expect(page.get_by_label("Find a model")).to_be_focused()
    page.get_by_label("Open weights only").check()
    page.wait_for_url("**/leaderboard?q=heron&open=on")


def test_words_on_the_leader_of_all_leave_with_the_table_of_all(open_page):
    judge_all(make_models(3), strengths=(1.0, 0.0, -1.0), volunteers=5, rounds=3)
    auditing.run_audit()
    page = open_page(tolerating=NO_SOCKET)
    page.goto("/leaderboard")
    expect(page.get_by_text("last audited")).to_be_visible()

    page.get_by_label("Open weights only").check()
    page.wait_for_url("**/leaderboard?open=on")

    expect(page.get_by_text("last audited")).to_have_count(0)
    expect(page.get_by_role("link", name="How firm the order is")).to_be_visible()


def test_without_scripts_the_filters_are_a_form(open_page):
    publish_much()
    page = open_page(java_script_enabled=False)
    page.goto("/leaderboard?category=programming")

    page.get_by_role("combobox", name="Language").select_option("German")
    page.get_by_role("button", name="Show", exact=True).click()

    expect(page.get_by_role("combobox", name="Category")).to_have_value("")
    expect(page.get_by_role("combobox", name="Language")).to_have_value("de")
    page.get_by_label("Correct for length and style").check()
    page.get_by_role("combobox", name="Language").select_option("All languages")
    page.get_by_role("button", name="Show", exact=True).click()
    assert page.url.endswith("/leaderboard?style=on")
    expect(page.get_by_text("An answer twice as long")).to_be_visible()


def test_a_mark_tells_of_its_model_by_pointer_and_by_keys(open_page):
    publish_much()
    page = open_page(tolerating=NO_SOCKET)
    page.goto("/leaderboard")
    marks = page.locator(".plot.wide .pt")
    tip = page.locator(".tip")

    marks.first.hover()
    expect(tip).to_have_text(marks.first.get_attribute("aria-label"))
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    marks.first.focus()
    page.keyboard.press("ArrowRight")

    expect(marks.nth(1)).to_be_focused()
    expect(tip).to_have_text(marks.nth(1).get_attribute("aria-label"))
    assert marks.evaluate_all("all => all.filter(m => m.tabIndex === 0).length") == 1


def test_the_cells_change_between_shares_and_battles(open_page):
    publish_much()
    page = open_page(tolerating=NO_SOCKET)
    page.goto("/leaderboard")
    first = page.locator(".heat td[data-tip]").first
    share = first.inner_text()

    page.get_by_role("link", name="Battles").click()

    page.wait_for_url("**/leaderboard?cells=battles")
    expect(first).not_to_have_text(share)
    expect(page.get_by_role("link", name="Battles")).to_be_focused()


def test_a_drawing_can_be_taken_away(open_page):
    publish_much()
    page = open_page(tolerating=NO_SOCKET)
    page.goto("/leaderboard")

    with page.expect_download() as download:
        page.get_by_role("link", name="SVG of Rating by size").click()

    assert download.value.suggested_filename == "size.svg"
    assert "<svg" in download.value.path().read_text(encoding="utf-8")
