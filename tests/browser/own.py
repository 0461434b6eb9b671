"""What a volunteer asked and judged, in the states that look different."""

from collections.abc import Callable

from django.http import HttpRequest
from playwright.sync_api import Page

from evaluations.models import Vote
from evaluations.views.visitors import COOKIE, token_of
from evaluations.volunteers import Visitor, visitor_with
from tests.browser.scenes import make_pair
from tests.browser.visits import agree
from tests.factories import make_contestant, vote_for
from tests.live_battles.making import make_live

LONG = "Say_in_one_word_without_any_space_" * 12
ASKED = "Which of these two explanations of a tide table would you rather have read?"


def visitor_of(page: Page) -> Visitor:
    """Who the browser is: its token stands in a cookie that the arena signed."""
    request = HttpRequest()
    request.COOKIES = {
        cookie["name"]: cookie["value"]
        for cookie in page.context.cookies()
        if cookie["name"] == COOKIE
    }
    return visitor_with(token=token_of(request) or "")


def do_everything(page: Page) -> Visitor:
    """Votes and live battles in each of their states."""
    make_pair()
    agree(page)
    visitor = visitor_of(page)
    names = iter(("Common Reed 7B Instruct", "Bulrush", "Sedge", "Rush", "Flag"))

    def ask(question: str, **values: object) -> Vote | None:
        name = next(names)
        sides = {side: make_contestant(name=f"{name} {side}") for side in "xy"}
        live = make_live(visitor, question, **sides, **values)
        return vote_for(live.battle, visitor=visitor) if live.end == "voted" else None

    ask("ما الفرق بين المد والجزر؟", end="voted", publish=True)
    ask(LONG, end="left", publish=True)
    ask(ASKED, end="failed", state="failed")
    ask("Erased", end="deleted")
    ask(f"{ASKED} And why? " * 3, end="")
    for number, state in enumerate(("flagged", "withdrawn", "counted"), start=1):
        vote = vote_for(make_pair(number=number), "both_bad", visitor=visitor)
        Vote.objects.filter(pk=vote.pk).update(
            state=state,
            rule="" if state == "counted" else "withdrawn",
            state_reason="an answer names its model" if state == "flagged" else "",
        )
    return visitor


def everything(page: Page) -> None:
    do_everything(page)
    page.goto("/me")


def several_pages(page: Page) -> None:
    visitor = do_everything(page)
    for _ in range(40):
        make_live(visitor)
    page.goto("/me?kind=live&page=2")


def nothing_found(page: Page) -> None:
    make_pair()
    agree(page)
    vote_for(make_pair(number=1), visitor=visitor_of(page))
    page.goto("/me?kind=live&standing=withdrawn")


def deletion(page: Page) -> None:
    everything(page)
    page.get_by_role("link", name="Delete the live battle").first.click()


def deletion_of_a_judged_one(page: Page) -> None:
    everything(page)
    page.get_by_role("link", name="Delete the live battle").last.click()


def deleted(page: Page) -> None:
    deletion(page)
    page.get_by_role("button", name="Delete").click()
    page.wait_for_url("**/me")


OWN: dict[str, str | Callable[[Page], None]] = {
    "my battles and votes": everything,
    "my live battles, page by page": several_pages,
    "a filter that finds nothing": nothing_found,
    "deletion": deletion,
    "deletion of a battle judged": deletion_of_a_judged_one,
    "deleted": deleted,
}
