"""A page is light on a slow line (UX G6)."""

import gzip

from playwright.sync_api import Page, Response

from tests.browser.live_pages import NO_SOCKET
from tests.browser.reading import publish_much
from tests.browser.scenes import EXPLAINED, TABULATED, make_pair

LIMIT = 120_000
LEADERBOARD_LIMIT = 160_000


def weights_of(page: Page, address: str) -> dict[str, int]:
    """Bytes on the line, by address; the document is seen to be compressed."""
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    weights = {}
    for response in responses:
        if response.ok:
            body = response.body()
            is_font = response.url.endswith(".woff2")
            # Static files go out compressed as well, where they carry hashes.
            weights[response.url] = len(body if is_font else gzip.compress(body, 6))
    document = next(r for r in responses if r.ok and r.request.is_navigation_request())
    assert document.headers["content-encoding"] == "gzip"
    return weights


def test_the_first_pair_weighs_little_even_with_code_on_it(open_page):
    make_pair(EXPLAINED, TABULATED)
    page = open_page()

    weights = weights_of(page, "/judge")

    assert sum("woff2" in url for url in weights) == 2
    assert sum(weights.values()) <= LIMIT, weights


def test_sixty_models_with_a_past_and_all_plots_weigh_little(open_page):
    publish_much(models=60, days=30)
    page = open_page(tolerating=NO_SOCKET)

    weights = weights_of(page, "/leaderboard")

    assert sum(weights.values()) <= LEADERBOARD_LIMIT, weights
    assert page.locator(".plot").count() == 6
