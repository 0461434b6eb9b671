"""Pages of yardsticks, with about as many as a settled arena has."""

from collections.abc import Callable
from random import Random

from playwright.sync_api import Page

from evaluations.models import Answer, Battle, PromptSet
from evaluations.studies import agreement, make_study
from tests.browser.reading import MAKES
from tests.crowds import judge_all
from tests.factories import make_contestant
from tests.verdicts import judge_of, say_of_all, study_of
from tests.views.tables import publish_table, rate
from tests.yardsticks import (
    judge_prefers,
    make_benchmark,
    make_judge,
    report_scores,
    score_all,
    study_judges,
)

BENCHMARKS = (
    ("MMLU (5-shot)", 60),
    ("HellaSwag (10-shot)", 80),
    ("GSM-8K (5-shot)", 40),
    ("HumanEval (pass @1)", 30),
    ("Errors on hard questions", 20),
    ("TruthfulQA", 50),
    ("WinoGrande", 70),
)


def compare_yardsticks(*, models: int = 24) -> None:
    """Twelve of them, among them one that turns around and one too small."""
    random = Random(4)
    made = [
        make_contestant(
            name=f"{MAKES[n % 8][0]} {n}.{n % 3}",
            maker=MAKES[n % 8][1],
            provider="openai",
        )
        for n in range(models)
    ]
    for name, adjustment, noise in (
        ("all", "", 0),
        ("all", "style", 20),
        ("set:koala", "", 50),
    ):
        table = publish_table(slice=name, adjustment=adjustment)
        for n, each in enumerate(made):
            value = 1200 - 15 * n + random.gauss(0, noise)
            rate(table, value, contestant=each, width=20 + n)
    PromptSet.objects.create(slug="koala", title="Koala", licence="MIT", source="t")
    judge_prefers(make_judge("bright-judge", maker=MAKES[0][1]), made[:9])
    judge_prefers(
        make_judge("dull-judge"), sorted(made[:8], key=lambda _: random.random())
    )
    for number, (name, middle) in enumerate(BENCHMARKS):
        turned = name.startswith("Errors")
        scores = {
            each: middle + (n if turned else -n) + random.gauss(0, 3 * number)
            for n, each in enumerate(made)
            if n % 7 != number
        }
        report_scores(make_benchmark(name, higher_is_better=not turned), scores)
    report_scores(make_benchmark("Rare"), {made[0]: 1.0, made[1]: 2.0})
    study_judges()
    make_study(agreement, agreement.NAME)


def agreeing(page: Page) -> None:
    compare_yardsticks()
    page.goto("/agreement")
    for summary in page.locator("main summary").all():
        summary.click()


def disagreeing(page: Page) -> None:
    compare_yardsticks()
    page.goto(
        "/agreement?x=benchmark:errors-on-hard-questions&y=judge:bright-judge&by=kendall"
    )


def judges_beside_people(page: Page) -> None:
    """One judge of long-named models, one of its own maker's among them; one waits."""
    models = [
        make_contestant(name=f"{MAKES[n % 8][0]} {n}.{n % 3} Instruct", maker=maker)
        for n, maker in enumerate([MAKES[0][1], *(make[1] for make in MAKES[1:8])] * 2)
    ]
    strengths = [1 - n / 8 for n in range(len(models))]
    judge_all(models, strengths=strengths, volunteers=4)
    judge = judge_of(
        slug="bright",
        name="Bright Judge with a Long Name 70B",
        maker=MAKES[0][1],
        description="Judged all pairs of answers in both orders.",
        licence="CC BY 4.0",
        source="https://judge.example/with/a/long/address/of/its/verdicts",
    )
    lead = {model.pk: 1.5 * s for model, s in zip(models, strengths, strict=True)}
    for answers, tokens in ((models, 9), (models[::3], 30)):
        style = {"tokens": tokens, "headings": 0, "list_items": 0, "bold": 0}
        Answer.objects.filter(contestant__in=answers).update(style=style)
    battles = Battle.objects.order_by("pk")
    say_of_all(judge, battles, strengths=lead, first=0.65)
    score_all(judge, {m: [5 + n % 4, 7, 9 - n % 5, 6, 8] for n, m in enumerate(models)})
    study_of(judge)
    judge_of(name="Judge that waits")
    page.goto("/judges")


def judge_beside_people(page: Page) -> None:
    judges_beside_people(page)
    page.goto("/judges/bright?combined=1")
    for summary in page.locator("main summary").all():
        summary.click()


def waiting_judge(page: Page) -> None:
    page.goto(f"/judges/{judge_of().slug}")


YARDSTICKS: dict[str, str | Callable[[Page], None]] = {
    "agreement": agreeing,
    "two yardsticks": disagreeing,
    "judges": judges_beside_people,
    "judge": judge_beside_people,
    "judge without figures": waiting_judge,
    "judges before there is one": "/judges",
    "agreement before anything can be compared": "/agreement",
}
