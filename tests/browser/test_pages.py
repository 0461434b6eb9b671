"""Every page: no axe violation, no sideways scroll, nothing in the console.

To add a page, add a line to PAGES: its address, or a function that brings a browser
there.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, Route

from evaluations import auditing
from evaluations.models import Battle
from tests.browser.benchmarks import BENCHMARKS
from tests.browser.beyond_pages import BEYOND
from tests.browser.live_pages import LIVE, TOLERATED
from tests.browser.own import OWN
from tests.browser.profiles import PROFILES
from tests.browser.questions import QUESTIONS
from tests.browser.reading import READING
from tests.browser.scenes import REWORDED, make_pair
from tests.browser.visits import agree
from tests.browser.yardsticks import YARDSTICKS
from tests.crowds import adore, judge_all, make_models
from tests.factories import make_battle, make_contestant

AXE = Path(__file__).parents[1] / "vendor/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The dark pages differ from the light ones in their colours, which are the same at each
# width: all else has its turn on them with the long tests.
OF_COLOUR = ["color-contrast", "link-in-text-block"]
RUN_AXE = """
    rules => axe.run(document, {runOnly: rules}).then(found => found.violations.map(
        violation => [violation.id, violation.nodes.map(node => node.html)]
    ))
"""
# Colours change over a frame or two, even where motion is reduced.
SETTLE = "() => new Promise(done => setTimeout(() => requestAnimationFrame(done), 60))"
WIDTHS = {1280: 800, 390: 844}
NO_SIDEWAYS_SCROLL = (320, 390, 768, 1024, 1920)


def ballot(page: Page) -> None:
    make_pair()
    page.goto("/judge?set=made")


def consent_dialog(page: Page) -> None:
    ballot(page)
    page.keyboard.press("t")
    page.wait_for_selector("[data-dialog=consent][open]")


def keys_dialog(page: Page) -> None:
    ballot(page)
    page.keyboard.press("?")
    page.wait_for_selector("[data-dialog=keys][open]")


def report_dialog(page: Page) -> None:
    ballot(page)
    page.get_by_role("link", name="Report").click()
    page.wait_for_selector("[data-dialog=report][open]")


def reveal(page: Page) -> None:
    make_pair()
    agree(page)
    page.keyboard.press("a")
    page.wait_for_selector("[data-revealed]")
    page.get_by_text("Add a note").click()


def reveal_page(page: Page) -> None:
    reveal(page)
    page.reload()


def differences(page: Page) -> None:
    make_pair(y=REWORDED)
    page.goto("/judge")
    page.keyboard.press("d")
    page.wait_for_selector("mark")


def waiting_ballot(page: Page) -> None:
    battle = make_battle(state=Battle.State.WAITING)
    stay_at(page, f"/judge/{battle.public_id}")


def waiting(page: Page) -> None:
    make_battle(state=Battle.State.WAITING)
    stay_at(page, "/judge")


def stay_at(page: Page, path: str) -> None:
    """Go there, and not again every few seconds as the page asks for."""

    def once(route: Route) -> None:
        reply = route.fetch()
        kept = {name: it for name, it in reply.headers.items() if name != "refresh"}
        route.fulfill(response=reply, headers=kept)

    page.route(f"**{path}", once)
    page.goto(path)


def pause(page: Page) -> None:
    reveal(page)
    page.goto("/judge/pause")


def report_page(page: Page) -> None:
    page.goto(f"/judge/{make_pair().public_id}/report")


def my_votes(page: Page) -> None:
    reveal(page)
    page.goto("/me")


def withdrawal(page: Page) -> None:
    my_votes(page)
    page.get_by_role("link", name="Withdraw the vote").click()


def withdrawn(page: Page) -> None:
    withdrawal(page)
    page.get_by_role("button", name="Withdraw").click()


def robustness(page: Page) -> None:
    models = make_models(14)
    judge_all(models, strengths=[n / 10 for n in range(14)], volunteers=8)
    adore(models[1], models[2:], times=2)
    auditing.run_audit()
    page.goto("/about/robustness")
    for summary in page.locator("main summary").all():
        summary.click()


def exposure(page: Page) -> None:
    root = make_contestant(parameters_b=70, licence="Apache-2.0")
    make_contestant(variant_of=root, maker=root.maker, name=f"{root.name} Instruct")
    for state in ("active", "active", "paused", "retired"):
        other = make_contestant(state=state)
        make_battle(root, other, shown=1234)
    page.goto("/about/exposure")


PAGES: dict[str, str | Callable[[Page], object]] = {
    "ballot": ballot,
    "consent dialog": consent_dialog,
    "keys dialog": keys_dialog,
    "report dialog": report_dialog,
    "differences": differences,
    "reveal": reveal,
    "reveal page": reveal_page,
    "ballot whose answers are awaited": waiting_ballot,
    "waiting": waiting,
    "nothing left": "/judge",
    "pause": pause,
    "report": report_page,
    "consent": "/consent",
    "my votes": my_votes,
    "no votes": "/me",
    "withdrawal": withdrawal,
    "withdrawn": withdrawn,
    "home": "/",
    "leaderboard without ratings": "/leaderboard",
    "data": "/data",
    "about": "/about",
    "exposure": exposure,
    "exposure of nobody": "/about/exposure",
    "robustness": robustness,
    "robustness before any audit": "/about/robustness",
    "privacy": "/privacy",
    "no such page": "/no-such-page",
    **READING,
    **PROFILES,
    **BENCHMARKS,
    **LIVE,
    **OWN,
    **YARDSTICKS,
    **QUESTIONS,
    **BEYOND,
}


def bring(page: Page, there: str | Callable[[Page], object]) -> None:
    if callable(there):
        there(page)
    else:
        page.goto(there)


def violations(page: Page, rules: list[str]) -> Any:
    # evaluate() is no inline script: it runs under the strict policy as well.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(RUN_AXE, rules)


def found_in(
    page: Page,
    theme: Literal["light", "dark"],
    rules: list[str],
    widths: tuple[int, ...] = tuple(WIDTHS),
) -> dict[tuple[str, int], Any]:
    """The violations at each width where there are any."""
    page.emulate_media(color_scheme=theme)
    found = {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        # Wherever a scene has left off, the bar at the top half covers something.
        page.evaluate("scrollTo(0, 0)")
        page.evaluate(SETTLE)
        found[theme, width] = violations(page, rules)
    return {where: broken for where, broken in found.items() if broken}


def sticks_out(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 700})
    return bool(page.evaluate("document.documentElement.scrollWidth") > width)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits(name, open_page):
    page = open_page(reduced_motion="reduce", tolerating=TOLERATED.get(name, ()))
    bring(page, PAGES[name])

    light = found_in(page, "light", RULES)
    dark = found_in(page, "dark", OF_COLOUR, (1280,))
    overflowing = [width for width in NO_SIDEWAYS_SCROLL if sticks_out(page, width)]

    assert light | dark == {}
    assert overflowing == []


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_dark_page_is_accessible_by_all_rules(name, open_page):
    page = open_page(reduced_motion="reduce", tolerating=TOLERATED.get(name, ()))
    bring(page, PAGES[name])

    assert found_in(page, "dark", RULES) == {}


def test_less_motion_is_no_lag_either(open_page):
    """A layout that follows a frame later sticks out of the page meanwhile."""
    page = open_page(reduced_motion="reduce")
    page.goto("/about")

    padding = page.evaluate("""() => {
        const heading = document.querySelector("h1");
        const style = getComputedStyle(heading);
        const before = style.paddingLeft;
        heading.style.paddingLeft = "40px";
        return [before, style.paddingLeft];
    }""")

    assert padding == ["0px", "40px"]
