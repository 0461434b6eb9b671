"""The panel is held to the public pages' measure of accessibility."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page

from evaluations import runs
from evaluations.models import Battle, ImportJob, Prompt, Report, Run
from tests.browser.test_pages import RULES, SETTLE, violations
from tests.factories import make_battle, make_prompt, vote_for
from tests.verdicts import judge_of, say

VIEWS = {("light", 1280), ("dark", 390)}
ADDRESSES = (
    "evaluations/contestant/",
    "evaluations/contestant/add/",
    "evaluations/prompt/",
    "evaluations/prompt/add/",
    "evaluations/prompt/moderate/",
    "evaluations/decision/",
    "evaluations/vote/",
    "evaluations/report/",
    "evaluations/dump/add/",
    "evaluations/importjob/add/",
    "evaluations/importjob/1/change/",
    "evaluations/run/",
    "evaluations/run/1/change/",
    "evaluations/run/2/change/",
    "evaluations/judge/",
    "evaluations/judgetemplate/add/",
    "evaluations/judgeverdict/1/change/",
    "auth/user/1/change/",
)


def enter(page: Page) -> None:
    page.fill("[name=username]", "ada")
    page.fill("[name=password]", "a long pass phrase")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Pairs ready")


def check(page: Page) -> None:
    page.evaluate(SETTLE)
    assert violations(page, RULES) == [], page.url


@pytest.mark.parametrize(("theme", "width"), sorted(VIEWS))
def test_the_panel_is_accessible(open_page, theme, width):
    User.objects.create_superuser("ada", password="a long pass phrase", pk=1)
    battle = make_battle()
    vote_for(battle)
    Report.objects.create(battle=battle, reason="private")
    count = {"kind": "prompts", "added": 80, "changed": 0, "already_there": 0}
    ImportJob.objects.create(
        pk=1, format="csv", file_name="own.csv", state="tried", counts=[count]
    )
    make_runs(battle)
    say(judge_of(name="GPT-4"), battle, pk=1)
    make_prompt("Write to ada@lovelace.org", set="older")
    make_prompt(
        "write to ADA@lovelace.org", set="new", state="pending", origin="volunteer"
    )
    page = open_page(
        reduced_motion="reduce",
        color_scheme=theme,
        viewport={"width": width, "height": 800},
    )

    page.goto("/admin/login/")
    check(page)
    enter(page)
    check(page)
    for address in ADDRESSES:
        page.goto(f"/admin/{address}")
        check(page)
    for rows, action in (("promptset", "evaluate"), ("judge", "ask")):
        page.goto(f"/admin/evaluations/{rows}/")
        check(page)
        page.check("[name=_selected_action]")
        page.select_option("[name=action]", action)
        page.click("[name=index]")
        page.wait_for_selector("text=Show the estimate")
        check(page)


def make_runs(battle: Battle) -> None:
    """One that is planned, and one that has failures."""
    prompts, asked = battle.prompt.prompt_set, battle.contestant_x
    for number in (1, 2):
        run = Run.objects.create(pk=number, kind="evaluation", prompt_set=prompts)
        run.contestants.add(asked)
        runs.plan_run(run=run)
    runs.start_run(run=run)
    run.items.update(state="failed", note="The server said no.")


def test_what_waits_is_decided_on_with_keys_alone(open_page):
    User.objects.create_superuser("ada", password="a long pass phrase", pk=1)
    for number in range(4):
        make_prompt(f"Prompt number {number}?", state="pending", origin="volunteer")
    page = open_page(reduced_motion="reduce")
    page.goto("/admin/login/")
    enter(page)
    page.goto("/admin/evaluations/prompt/moderate/")

    def press(keys: str, then: str) -> None:
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_selector(f"text={then}")

    press("j", "number 1?")
    press("k", "number 0?")
    press("a", "number 1?")
    press("r2", "number 2?")
    press("u", "It is no longer rejected")
    page.keyboard.press("e")
    page.wait_for_selector("[name=language]:focus")
    page.keyboard.press("Control+A")
    page.keyboard.type("de")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=German")
    check(page)

    states = Prompt.objects.order_by("pk").values_list("state", "language")
    assert list(states) == [
        ("approved", "en"),
        ("pending", "de"),
        ("pending", "en"),
        ("pending", "en"),
    ]
