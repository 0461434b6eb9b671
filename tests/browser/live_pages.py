"""The pages of live battles, each in the states that look different.

Their server takes no WebSockets: what the pages show here they have polled, or it was
there when they were loaded.
"""

from collections.abc import Callable

from playwright.sync_api import Page

from evaluations.models import Answer, Battle
from tests.browser.scenes import EXPLAINED, TABULATED
from tests.views import asking
from tests.views.asking import make_players, make_starters

NO_SOCKET = "WebSocket connection to"
QUESTION = "Why is appending to a list cheap?"
TEXTS = (EXPLAINED, TABULATED)


def compose(page: Page) -> None:
    make_players()
    make_starters()
    page.goto("/battle")
    page.get_by_text("Which operators those may be").click()


def write(page: Page, text: str = QUESTION) -> None:
    compose(page)
    page.get_by_label("Your question").fill(text)
    page.get_by_role("button", name="Ask both").click()


def write_too_much(page: Page) -> None:
    compose(page)
    page.get_by_label("Your question").fill("x" * 32_100)


def asked_for_consent(page: Page) -> None:
    write(page)
    page.wait_for_selector("[data-dialog=consent][open]")


def agree_and_ask(page: Page) -> None:
    page.get_by_role("checkbox", name="I am 16").check()
    page.get_by_role("button", name="Agree and ask").click()


def personal(page: Page) -> None:
    write(page, "Write to ada.byron@harbour-mail.com for me.")
    agree_and_ask(page)
    page.get_by_role("button", name="Send anyway").wait_for()


def ask(page: Page, text: str = QUESTION) -> Battle:
    """Be on the page of a battle that nobody answers yet."""
    write(page, text)
    agree_and_ask(page)
    page.wait_for_url("**/battle/*-*")
    return Battle.objects.get(mode=Battle.Mode.LIVE)


def beside_an_open_one(page: Page) -> None:
    ask(page)
    page.goto("/battle")


def waiting(page: Page) -> None:
    ask(page)


def writing(page: Page) -> None:
    asking.begin(ask(page))
    page.reload()


def ready(page: Page) -> Battle:
    battle = ask(page)
    asking.answer(battle, TEXTS)
    page.reload()
    return battle


def further(page: Page) -> None:
    battle = ready(page)
    page.get_by_label("Ask both something further").fill("And what of a deque?")
    page.keyboard.press("Control+Enter")
    page.get_by_text("And what of a deque?").first.wait_for()
    asking.begin(battle)
    page.reload()


def one_side_failed(page: Page) -> None:
    battle = ask(page)
    asking.begin(battle)
    asking.fail(battle, "y")
    page.reload()


def both_failed(page: Page) -> None:
    asking.fail(ask(page), "xy")
    page.reload()


def closed(page: Page) -> None:
    asking.close(ask(page))
    page.reload()


def giving_up(page: Page) -> None:
    ask(page)
    page.get_by_role("link", name="Give it up").click()
    page.wait_for_selector("[data-dialog=leave][open]")


def revealed(page: Page) -> None:
    ready(page)
    page.keyboard.press("a")
    page.wait_for_selector("[data-revealed]")


def left_out(page: Page) -> None:
    battle = ready(page)
    answer = asking.last_turn(battle).answer_x_id
    Answer.objects.filter(pk=answer).update(leak="claim")
    page.keyboard.press("x")
    page.wait_for_selector(".left-out")


LIVE: dict[str, str | Callable[[Page], object]] = {
    "question": compose,
    "question that is too long": write_too_much,
    "question without models to ask": "/battle",
    "question that waits for consent": asked_for_consent,
    "question beside an open battle": beside_an_open_one,
    "live answers awaited": waiting,
    "live answers being written": writing,
    "live answers complete": ready,
    "live further turn": further,
    "live answer missing": one_side_failed,
    "live answers missing": both_failed,
    "live battle closed": closed,
    "live battle to be given up": giving_up,
    "live reveal": revealed,
    "live reveal of a vote left out": left_out,
    "question with personal data": personal,
}
# What a browser's console says of these pages, and may.
TOLERATED = {
    **dict.fromkeys((name for name in LIVE if name.startswith("live")), NO_SOCKET),
    "question beside an open battle": NO_SOCKET,
    "leaderboard": NO_SOCKET,
    "leaderboard with all plots": NO_SOCKET,
    "leaderboard with benchmarks": NO_SOCKET,
    "question with personal data": "422 (Unprocessable",
    "suggestion refused": "422 (Unprocessable",
    "no such page": "404 (Not Found)",
}
