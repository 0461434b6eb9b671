"""Past the fixed set: the page with figures and the one without."""

from collections.abc import Callable

from playwright.sync_api import Page

from evaluations.studies import beyond, make_study
from tests.factories import make_prompt
from tests.judged_sets import judge_set_and_pool


def past_the_set(page: Page) -> None:
    judge_set_and_pool()
    make_study(beyond, "beyond:koala")
    page.goto("/prompts/koala/beyond")
    for summary in page.locator("main summary").all():
        summary.click()


def hardly_judged(page: Page) -> None:
    make_prompt(set="koala")
    page.goto("/prompts/koala/beyond")


BEYOND: dict[str, str | Callable[[Page], object]] = {
    "past the set": past_the_set,
    "set that is hardly judged": hardly_judged,
}
