"""The pages that are read, each in the states that look different."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page

from evaluations.contestants import change_state
from evaluations.models import Contestant, Rating, Tally
from tests.browser.scenes import make_pair
from tests.factories import make_contestant
from tests.views.tables import publish_table, rate
from tests.views.test_data import make_dump

MAKES = (
    ("Lumen", "Northlight"),
    ("Atlas", "Meridian AI"),
    ("Quill", "Papermill"),
    ("Tern", "Seabird Labs"),
    ("Heron", "Open Wetlands"),
    ("Cobalt", "Kiln"),
    ("Moss", "Fernbank"),
    ("Wren Instruct Extended", "Hedgerow Collective"),
)
EFFECTS = [
    {"name": "length", "elo": 94.4, "low": 66.0, "high": 120.8},
    {"name": "headings", "elo": 12.2, "low": -9.0, "high": 33.4},
    {"name": "lists", "elo": 24.1, "low": 6.0, "high": 42.2},
    {"name": "bold", "elo": -18.0, "low": -33.0, "high": -3.0},
    {"name": "position", "elo": 3.5, "low": 1.2, "high": 5.8},
]


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


def publish_much(*, models: int = 30, days: int = 40) -> list[Contestant]:
    """A table with a past, slices, corrected ratings, and votes between its models."""
    sizes = (1, 3, 7, 9, 14, 32, 70, 123, 405)
    contestants = [
        make_contestant(
            name=f"{MAKES[n % 8][0]} {n % 4 + 1}.{n % 3} {sizes[8 - n % 9]}B",
            maker=MAKES[n % 8][1],
            provider="openai",
            parameters_b=sizes[8 - n % 9] if n % 6 else None,
            open_weights=n % 6 > 1,
            licence="MIT" if n % 6 > 1 else "proprietary",
        )
        for n in range(models)
    ]
    _publish_past(contestants, days)
    _publish_slices(contestants[:10])
    _count_battles(contestants)
    return contestants


def _publish_past(contestants: list[Contestant], days: int) -> None:
    """A table of all votes for each day, with ever more contestants."""
    now, models = timezone.now(), len(contestants)
    for day in range(days, -1, -1):
        table = publish_table(votes=28417, published_at=now - timedelta(days=day))
        for n, contestant in enumerate(contestants[: models - day // 8]):
            drift = (days - day) * (n % 7 - 3) / 4 + (day * n) % 5
            rate(
                table,
                _strength(n) + drift,
                contestant=contestant,
                width=9 + n % 5 + day / 2,
                wins=300 + 700 * (n % 11) // 4,
                rank_low=max(1, n - 1),
                rank_high=n + 2,
            )


def _publish_slices(contestants: list[Contestant]) -> None:
    for name, adjustment in (
        ("all", "style"),
        ("category:programming", ""),
        ("language:en", ""),
        ("language:de", ""),
        ("size:phone", ""),
    ):
        table = publish_table(
            slice=name,
            adjustment=adjustment,
            votes=4321,
            volunteers=None,
            coefficients=EFFECTS if adjustment else [],
        )
        for n, contestant in enumerate(contestants):
            rate(table, _strength(n) - 5 * n, contestant=contestant)


def _count_battles(contestants: list[Contestant]) -> None:
    """Votes between most of them; the better ones win more."""
    models = len(contestants)
    Tally.objects.bulk_create(
        Tally(
            first=contestants[one],
            second=contestants[other],
            outcome=outcome,
            count=count + (one * other) % 5,
        )
        for one in range(models)
        for other in range(models)
        if one != other and (one + other) % 7
        for outcome, count in (
            ("a", max(0, 4 + (other - one) // 9)),
            ("b", 4),
            ("tie", 1),
        )
    )


def _strength(number: int) -> float:
    return 1260 - 7 * number - 16 * (number % 9)


def full_leaderboard(page: Page) -> None:
    publish_much()
    page.goto("/leaderboard?style=on")
    page.locator("main summary").first.click()


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
    "leaderboard with all plots": full_leaderboard,
    "leaderboard before the first vote": "/leaderboard",
    "model": model,
    "house program": house_program,
    "data": data,
    "data before the first dump": "/data",
    "privacy": "/privacy",
}
