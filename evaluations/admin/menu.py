"""The admin panel's menu: rows that are worked on together stand together."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse

from evaluations import models as rows

GROUPS: tuple[tuple[str, tuple[type[Model], ...]], ...] = (
    ("Models", (rows.Contestant, rows.ConnectionTest, rows.Answer)),
    ("Questions", (rows.PromptSet, rows.Prompt, rows.Decision, rows.ImportJob)),
    ("People", (rows.Battle, rows.Vote, rows.Volunteer, rows.Report)),
    (
        "Judge models",
        (rows.Judge, rows.JudgeTemplate, rows.JudgeVerdict, rows.JudgeScore),
    ),
    ("Benchmarks", (rows.Benchmark, rows.BenchmarkScore)),
    ("Runs", (rows.Run, rows.RunItem)),
    ("Published", (rows.Leaderboard, rows.Audit, rows.Dump)),
    ("Access", (User, Group)),
)


def groups(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's hook: titles with the lists that this person may open."""
    apps = admin.site.get_app_list(request)
    may = {line["model"]: line for app in apps for line in app["models"]}
    menu = {
        title: [_item(may[row]) for row in members if row in may]
        for title, members in GROUPS
    }
    if rows.Prompt in may and may[rows.Prompt]["perms"]["change"]:
        decide = reverse("admin:evaluations_prompt_moderate")
        menu["Questions"].append({"title": "Prompts that wait", "link": decide})
    return [{"title": title, "items": items} for title, items in menu.items() if items]


def _item(line: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": line["name"],
        "link": line["admin_url"],
        "add": line["add_url"],
    }
