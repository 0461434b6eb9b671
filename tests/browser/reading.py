"""The pages that are read, each in the states that look different."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page

from evaluations.contestants import change_state
from evaluations.models import Contestant, Rating, Tally
from tests.browser.scenes import make_pair
from tests.factories import make_contestant
from tests.views.tables import publish_table, rate
from tests.views.test_data import make_dump


def publish_groups() -> list[Rating]:
    """Two groups, settled and provisional models, and one nobody has judged."""
    table = publish_table()
    lines = []
    for number in range(8):
        model = make_contestant(
            name=f"Heron {number} Instruct ({number + 1}B)",
            maker="Open Wetlands",
            provider="openai",
            parameters_b=number + 1,
            licence="proprietary" if number == 3 else "MIT",
        )
        line = rate(table, 1200 - 30 * number, contestant=model, provisional=number > 5)
        lines.append(line)
    for number in range(3):
        rate(table, 1050 - number, group=2, provisional=True, width=170)
    make_contestant(name="Not yet seen", provider="openai")
    return lines


def leaderboard(page: Page) -> None:
    publish_groups()
    page.goto("/leaderboard")


def model(page: Page) -> None:
    own, *others = (line.contestant for line in publish_groups())
    own.aliases, own.homepage = ["heron-0"], "https://model.example/with/a/long/address"
    own.parameters = {"temperature": 0.7}
    own.save()
    for other in others:
        for outcome, count in (("a", 30), ("b", 10), ("tie", 5), ("both_bad", 2)):
            Tally.objects.create(first=own, second=other, outcome=outcome, count=count)
    change_state(contestant=own, to=Contestant.State.PAUSED, note="Being mended.")
    page.goto(f"/models/{own.slug}")


def house_program(page: Page) -> None:
    page.goto(f"/models/{make_contestant().slug}")


def first_page(page: Page) -> None:
    make_pair()
    publish_groups()
    page.goto("/")


def first_consent(page: Page) -> None:
    first_page(page)
    page.get_by_role("button", name="Tie").click()
    page.wait_for_selector("[data-dialog=consent][open]")


def data(page: Page) -> None:
    folder = Path(settings.ARENA_VAR)
    names = ("data/votes.parquet", "jsonl/votes.jsonl.gz", "README.md")
    for month in (4, 5):
        make_dump(f"2031-0{month}-01-1", folder=folder, names=names)
    make_dump("2031-03-01-1", folder=folder, state="withdrawn", note="It was wrong.")
    page.goto("/data")
    page.locator("main summary").first.click()


READING: dict[str, str | Callable[[Page], None]] = {
    "first page": first_page,
    "first page asking for consent": first_consent,
    "first page of an empty arena": "/",
    "leaderboard": leaderboard,
    "leaderboard before the first vote": "/leaderboard",
    "model": model,
    "house program": house_program,
    "data": data,
    "data before the first dump": "/data",
    "privacy": "/privacy",
}
