"""Past the fixed set: pages with figures and without, prompts that are suggested."""

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


def suggesting(page: Page) -> None:
    make_prompt()
    page.goto("/consent")
    page.check("[name=agree]")
    page.click("button[type=submit]:visible >> nth=-1")
    page.goto("/prompts/suggest")
    page.fill("[name=suggestion]", "Say_in_one_word_without_any_space_" * 12)
    page.check("[name=publish]")
    page.click("text=Suggest it")
    page.wait_for_selector("text=Thank you")


def suggestion_refused(page: Page) -> None:
    suggesting(page)
    page.fill("[name=suggestion]", "Write to ada@lovelace.org")
    page.check("[name=publish]")
    page.click("text=Suggest it")
    page.wait_for_selector("text=an e-mail address")


BEYOND: dict[str, str | Callable[[Page], object]] = {
    "past the set": past_the_set,
    "set that is hardly judged": hardly_judged,
    "suggesting": suggesting,
    "suggestion refused": suggestion_refused,
}
