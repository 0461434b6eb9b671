"""The pages of benchmarks, each with all that can be on it."""

from collections.abc import Callable

from playwright.sync_api import Page

from evaluations.models import Contestant
from tests.benchmarks.making import make_benchmark, make_test_set, measure, report
from tests.browser.profiles import crowd

SUMS = {
    f"A shelf holds {n} books. How many do {n} shelves hold?": str(n * n)
    for n in range(2, 12)
}
LONG = "A benchmark with-a-rather-long-name that does not break easily"


def scores() -> list[Contestant]:
    models = crowd()
    own = make_test_set(
        SUMS, name="Sums", description="Everyday sums.", source="Open Arena"
    )
    texts = make_test_set(
        {"A text.\n\nWhat is it?": "B"},
        name="Texts",
        kind="choice",
        prompt_template="{question}\n{choices}",
    )
    texts.items.update(choices=["A letter with a long explanation", "A text"])
    for number, model in enumerate(models):
        measure(own, model, *(place > number for place in range(10)))
        measure(texts, model, number % 2 == 0)
    for number, name in enumerate(("MMLU", LONG, "Arena Elo")):
        benchmark = make_benchmark(
            name, slug=f"reported-{number}", version="5-shot", description="Exams."
        )
        for place, model in enumerate(models[number:]):
            report(benchmark, model, 61.123 + place + 1200 * (number == 2))
        report(benchmark, None, 70, reported_as="nobody-we-know")
    return models


def all_benchmarks(page: Page) -> None:
    scores()
    page.goto("/benchmarks")


def measured(page: Page) -> None:
    scores()
    page.goto("/benchmarks/sums")


def reported(page: Page) -> None:
    scores()
    page.goto("/benchmarks/reported-1")


def replies(page: Page) -> None:
    model, *_ = scores()
    page.goto(f"/benchmarks/texts/{model.slug}")
    page.locator("main summary").first.click()


def on_a_models_page(page: Page) -> None:
    model, *_ = scores()
    page.goto(f"/models/{model.slug}")


def as_columns(page: Page) -> None:
    scores()
    page.goto("/leaderboard?columns=sums&columns=reported-1&columns=reported-2")


def nobodys(page: Page) -> None:
    make_benchmark("MMLU")
    page.goto("/benchmarks/mmlu")


BENCHMARKS: dict[str, str | Callable[[Page], None]] = {
    "benchmarks": all_benchmarks,
    "no benchmarks": "/benchmarks",
    "benchmark measured here": measured,
    "benchmark reported elsewhere": reported,
    "benchmark of nobody": nobodys,
    "replies to a benchmark": replies,
    "model with benchmarks": on_a_models_page,
    "leaderboard with benchmarks": as_columns,
}
