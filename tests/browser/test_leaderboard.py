"""The rating table in a browser: sorted in place, light enough, fit for a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import leaderboard
from tests.factories import make_contestant
from tests.live import wait_until
from tests.views.tables import publish_table, rate

pytestmark = pytest.mark.django_db(transaction=True)
LIMIT = 160_000
WEIGHT = """
    [...performance.getEntriesByType("resource"),
     ...performance.getEntriesByType("navigation")]
        .reduce((sum, entry) => sum + entry.decodedBodySize, 0)
"""


def names(page: Page) -> list[str]:
    return page.locator(".board").first.locator(".mcell a").all_inner_texts()


def test_sorting_keeps_place_and_focus_and_the_address_tells_it(open_page):
    page = open_page(viewport={"width": 1280, "height": 500})
    leaderboard(page)
    by_rating = names(page)
    page.evaluate("scrollTo(0, 120)")
    button = page.get_by_role("button", name="Size").first

    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/leaderboard?sort=-size")

    expect(page.locator("th[aria-sort=descending]").first).to_have_text("Size")
    settled = by_rating[:6]
    assert names(page)[:6] == settled[::-1]
    assert page.evaluate("[scrollY, document.activeElement.innerText]") == [120, "Size"]
    page.go_back()
    expect(page.locator("th[aria-sort]").first).to_have_text("Rating")
    assert names(page) == by_rating


def test_without_scripts_the_same_buttons_sort(open_page):
    page = open_page(java_script_enabled=False)
    leaderboard(page)
    settled = names(page)[:6]

    page.get_by_role("button", name="Size").first.click()

    assert page.url.endswith("/leaderboard?sort=-size")
    assert names(page)[:6] == settled[::-1]


def test_the_header_stays_in_sight(open_page):
    page = open_page(viewport={"width": 1280, "height": 500})
    leaderboard(page)

    page.mouse.wheel(0, 350)

    head = page.locator("thead").first.locator("th").nth(1)
    wait_until(lambda: page.evaluate("scrollY") > 300)
    bar = page.locator(".top").bounding_box()
    assert head.bounding_box()["y"] == pytest.approx(bar["height"], abs=2)


@pytest.mark.parametrize("width", [390, 360])
def test_a_phone_shows_rank_model_rating_and_interval(open_page, width):
    page = open_page(viewport={"width": width, "height": 844})
    leaderboard(page)

    cells = page.locator("tbody tr").first.locator("td, th")
    shown = [cell.is_visible() for cell in cells.all()]
    card = page.locator(".card").first.bounding_box()
    interval = cells.nth(3).bounding_box()

    assert shown == [True] * 4 + [False] * 5
    assert interval["x"] + interval["width"] <= card["x"] + card["width"] + 1


def test_the_page_with_sixty_models_is_light(open_page):
    table = publish_table()
    for number in range(60):
        name = f"Heron {number} Instruct ({number}B)"
        contestant = make_contestant(name=name, provider="openai", parameters_b=7)
        rate(table, 1000 + 3 * number, contestant=contestant)
    page = open_page()

    page.goto("/leaderboard", wait_until="networkidle")

    assert 60_000 < page.evaluate(WEIGHT) <= LIMIT
