"""The pages that say how models did, each with all that can be on them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from playwright.sync_api import Page

from evaluations.models import Contestant, Rating, Tally, Vote
from tests.browser.scenes import EXPLAINED, TABULATED
from tests.factories import (
    make_answer,
    make_battle,
    make_contestant,
    make_prompt,
    make_volunteer,
)
from tests.views.tables import publish_table, rate

NAMES = (
    *("Heron 32B Instruct", "Rowan Large", "Larch 7B Chat", "Alder Mini"),
    *("Quince 70B", "Sedge-with-a-long-name 8x7B Instruct v0.3"),
)
CATEGORIES = ("coding", "creative-writing", "mathematics", "long_instructions")
NOON = datetime(2031, 5, 20, 12, tzinfo=UTC)
STYLE = (("length", 120), ("headings", -15), ("lists", 40), ("bold", 3))


def crowd() -> list[Contestant]:
    """Six models, the first of them in every table."""
    models = [
        make_contestant(
            name=name,
            slug=f"model-of-place-{number}",
            maker="Open Wetlands",
            provider="openai",
            parameters_b=7 + number,
            open_weights=number % 2 == 0,
            licence="Apache-2.0",
            release_date="2031-01-05",
        )
        for number, name in enumerate(NAMES)
    ]
    for days_ago in range(40, -1, -1):
        of_day(models, days_ago)
    for number, category in enumerate(CATEGORIES):
        of_slice(models, f"category:{category}", shift=(-20, 30, 5, -60)[number])
    of_slice(models, "language:de", shift=12, provisional=True)
    of_slice(models, "size:laptop")
    effects = [
        {"name": name, "elo": elo, "low": elo - 20, "high": elo + 20}
        for name, elo in STYLE
    ]
    styled = publish_table(adjustment="style", coefficients=effects)
    for number, model in enumerate(models):
        rate(styled, 1085 - 31 * number, contestant=model, width=29)
    for one, other in pairwise(models):
        for outcome, count in (("a", 60), ("b", 41), ("tie", 12), ("both_bad", 4)):
            Tally.objects.create(first=one, second=other, outcome=outcome, count=count)
            Tally.objects.create(
                first=other, second=one, outcome=outcome, count=count // 2
            )
    return models


def of_day(models: list[Contestant], days_ago: int) -> list[Rating]:
    table = publish_table(published_at=NOON - timedelta(days=days_ago), votes=5210)
    return [
        rate(
            table,
            1110 - 32 * number + (7 * days_ago * (number + 3)) % 23,
            contestant=model,
            width=18 + days_ago,
            comparison_error=8,
            rank_low=number + 1,
            rank_high=number + 2,
            tie_strength=0.3 - 0.15 * number,
            tie_threshold=0.4,
            votes_to_median=0,
            votes_to_separate=1200,
            wins=800,
        )
        for number, model in enumerate(models)
    ]


def of_slice(
    models: list[Contestant], name: str, *, shift: float = 0, provisional: bool = False
) -> None:
    table = publish_table(slice=name, volunteers=None)
    for number, model in enumerate(models):
        rating = 1080 - 28 * number + (shift if number == 0 else 0)
        rate(
            *(table, rating),
            contestant=model,
            width=44,
            comparison_error=16,
            provisional=provisional,
        )


def give_samples(own: Contestant, other: Contestant) -> None:
    """Two battles that are over, with reasons."""
    for number, (verdict, reasons) in enumerate(
        (("a", ["correct", "clear"]), ("b", ["style"]), ("tie", []))
    ):
        prompt = make_prompt(f"Why is appending to a list cheap? ({number})")
        make_answer(own, prompt, text=EXPLAINED)
        make_answer(other, prompt, text=TABULATED)
        Vote.objects.create(
            battle=make_battle(own, other, prompt, judgements=1),
            volunteer=make_volunteer(),
            verdict=verdict,
            left="x",
            reasons=reasons,
            state=Vote.State.COUNTED,
            cast_at=NOON - timedelta(days=3650),
        )


def model(page: Page) -> None:
    own, other, *_ = crowd()
    give_samples(own, other)
    page.goto(f"/models/{own.slug}")
    for summary in page.locator("main summary").all():
        summary.click()


def two_models(page: Page) -> None:
    a, *_, b = crowd()
    page.goto(f"/compare?a={a.slug}&b={b.slug}")


def neighbours(page: Page) -> None:
    _, a, b, *_ = crowd()
    page.goto(f"/compare?a={b.slug}&b={a.slug}")
    page.locator("main summary").click()


def a_model_and_itself(page: Page) -> None:
    own, *_ = crowd()
    page.goto(f"/compare?a={own.slug}&b={own.slug}")


def unconnected(page: Page) -> None:
    table = publish_table()
    a, b = (rate(table, 1000, group=group).contestant for group in (1, 2))
    page.goto(f"/compare?a={a.slug}&b={b.slug}")


def methodology(page: Page) -> None:
    crowd()
    page.goto("/about/methodology")
    for summary in page.locator("main summary").all():
        summary.click()


PROFILES: dict[str, str | Callable[[Page], None]] = {
    "model in every table": model,
    "two models compared": two_models,
    "two neighbours compared": neighbours,
    "a model compared with itself": a_model_and_itself,
    "two models that are not comparable": unconnected,
    "nothing to compare": "/compare",
    "methodology": methodology,
    "methodology before the first vote": "/about/methodology",
}
