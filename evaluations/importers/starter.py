"""The starter pack: what a first run needs to have battles, tests and judges."""

import json
from pathlib import Path
from typing import TypedDict

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from evaluations import enqueue
from evaluations.importers.benchmark_items import TestSet, read, write
from evaluations.importers.report import Count, Report
from evaluations.models import (
    Benchmark,
    Contestant,
    ContestantChange,
    JudgeTemplate,
    Prompt,
    PromptSet,
)
from evaluations.simulated import simulation

PACK = Path(__file__).parents[1] / "starter"
NOTE = "came with the starter pack"
SET = {
    "title": "Starter prompts",
    "licence": "CC BY 4.0",
    "source": "Open Arena",
    "description": "Written for Open Arena, over eight categories.",
}


class PromptEntry(TypedDict):
    category: str
    language: str
    turns: list[str]


class TemplateEntry(TypedDict):
    """A judge's template; its texts are lists of lines."""

    slug: str
    kind: str
    parameters: dict[str, float]
    system: list[str]
    text: list[str]
    reference_text: list[str]


def load_starter_pack(*, dry_run: bool = False) -> Report:
    """Add what is not there yet; leave alone whatever an admin made of the rest.

    Nothing is added to a simulation.
    """
    if simulation():
        return Report(())
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two loads at once would each count the other's rows as their own.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('starter_pack'))")
        battling = Report((_add_contestants(), _add_prompts(), _add_benchmarks()))
        report = Report((*battling.counts, _add_templates()))
        if battling.added:
            enqueue.on_commit("fill_queue")
        transaction.set_rollback(dry_run)
    return report


def _add_contestants() -> Count:
    entries = json.loads((PACK / "contestants.json").read_text(encoding="utf-8"))
    added = sum(_add_contestant(entry) for entry in entries)
    return Count("contestants", added, len(entries) - added)


def _add_contestant(entry: dict[str, str | int]) -> bool:
    """Add a house program, unless its slug or its name is taken."""
    active = Contestant.State.ACTIVE
    try:
        with transaction.atomic():
            contestant = Contestant.objects.create(**entry, state=active)
    except IntegrityError:
        return False
    ContestantChange.objects.create(contestant=contestant, to_state=active, note=NOTE)
    return True


def _add_prompts() -> Count:
    sets = PromptSet.objects.select_for_update(no_key=True)
    prompt_set, _ = sets.get_or_create(slug="starter", defaults=SET)
    lines = (PACK / "prompts.jsonl").read_text(encoding="utf-8").splitlines()
    before = prompt_set.prompts.count()
    # A frozen set stays as it is; its trigger would refuse even what is there already.
    if prompt_set.frozen_at is None:
        Prompt.objects.bulk_create(
            (_prompt(json.loads(line), prompt_set) for line in lines),
            ignore_conflicts=True,
        )
    added = prompt_set.prompts.count() - before
    return Count("prompts", added, len(lines) - added)


def _add_benchmarks() -> Count:
    sets = [read(path) for path in sorted((PACK / "benchmarks").glob("*.jsonl"))]
    added = sum(map(_add_benchmark, sets))
    return Count("benchmarks", added, len(sets) - added)


def _add_benchmark(test_set: TestSet) -> bool:
    """Add one, unless its slug or its name in that version is taken."""
    header = test_set.header
    same = {name: getattr(header, name) for name in ("name", "version", "metric")}
    if Benchmark.objects.filter(Q(slug=header.slug) | Q(**same)).exists():
        return False
    write(test_set)
    return True


def _prompt(entry: PromptEntry, prompt_set: PromptSet) -> Prompt:
    prompt = Prompt(
        prompt_set=prompt_set,
        turns=entry["turns"],
        language=entry["language"],
        categories=[entry["category"]],
        state=Prompt.State.APPROVED,
    )
    prompt.fill_digests()
    return prompt


def _add_templates() -> Count:
    text = (PACK / "judge_templates.json").read_text(encoding="utf-8")
    entries: list[TemplateEntry] = json.loads(text)
    added = sum(_add_template(entry) for entry in entries)
    return Count("judge templates", added, len(entries) - added)


def _add_template(entry: TemplateEntry) -> bool:
    _, is_new = JudgeTemplate.objects.get_or_create(
        slug=entry["slug"],
        version=1,
        defaults={
            "kind": entry["kind"],
            "parameters": entry["parameters"],
            "system": "\n".join(entry["system"]),
            "text": "\n".join(entry["text"]),
            "reference_text": "\n".join(entry["reference_text"]),
        },
    )
    return is_new
