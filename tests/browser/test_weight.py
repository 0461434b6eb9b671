"""A page is light on a slow line (UX G6)."""

import gzip

from tests.browser.scenes import EXPLAINED, TABULATED, make_pair

LIMIT = 120_000


def test_the_first_pair_weighs_little_even_with_code_on_it(open_page):
    make_pair(EXPLAINED, TABULATED)
    page = open_page()
    responses = []
    page.on("response", lambda response: responses.append(response))
    page.goto("/judge")
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
    assert sum("woff2" in url for url in weights) == 2
    assert sum(weights.values()) <= LIMIT, weights
