import json
from pathlib import Path
from typing import Any

import pytest

from evaluations.importers import IMPORTERS, BadInput, Report
from evaluations.models import Benchmark, BenchmarkItem

pytestmark = pytest.mark.django_db

HEADER = {
    **{"slug": "capitals", "name": "Capitals", "version": "1", "kind": "choice"},
    **{"metric": "accuracy, %", "licence": "CC0-1.0", "source": "tests"},
    "template": "{question}\n{choices}",
}
ITEM = {
    "id": "c1",
    "question": "The capital of France?",
    "choices": ["Rome", "Paris"],
    "answers": ["B"],
}
OTHER = {**ITEM, "id": "c2", "question": "And of Italy?", "answers": ["A"]}
NUMBER = {"kind": "number", "template": "{question}"}


def run(path: Path, *, dry_run: bool = False) -> Report:
    return IMPORTERS["benchmark_items"](
        path=path, dry_run=dry_run, progress=lambda label, done, total: None
    )


def write(folder: Path, *lines: Any, **header: Any) -> Path:
    path = folder / "set.jsonl"
    told = [{"benchmark": {**HEADER, **header}}, *(lines or (ITEM, OTHER))]
    path.write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
    return path


def test_a_benchmark_comes_in_with_its_items_once(tmp_path):
    path = write(tmp_path)

    first, second = run(path), run(path)

    capitals = Benchmark.objects.get()
    assert (capitals.slug, capitals.kind, capitals.licence) == (
        *("capitals", "choice", "CC0-1.0"),
    )
    items = capitals.items.values_list("number", "external_id", "choices", "answers")
    assert list(items) == [
        (1, "c1", ["Rome", "Paris"], ["B"]),
        (2, "c2", ["Rome", "Paris"], ["A"]),
    ]
    assert [count.added for count in first.counts] == [1, 2]
    assert [count.already_there for count in second.counts] == [1, 2]


def test_a_dry_run_writes_nothing(tmp_path):
    assert run(write(tmp_path), dry_run=True).added == 3
    assert not Benchmark.objects.exists()


def test_what_is_stored_is_not_asked_otherwise_under_the_same_name(tmp_path):
    run(write(tmp_path))

    for path in (
        write(tmp_path, ITEM),
        write(tmp_path, ITEM, {**OTHER, "answers": ["B"]}),
        write(tmp_path, template="{choices} {question}"),
        write(tmp_path, slug="capitals-2"),
    ):
        with pytest.raises(BadInput, match="already"):
            run(path)
    assert BenchmarkItem.objects.count() == 2


@pytest.mark.parametrize(
    ("header", "item", "problem"),
    [
        ({"licence": " "}, OTHER, r"set.jsonl:1: benchmark.licence: "),
        ({"slug": "No Slug"}, OTHER, r"set.jsonl:1: benchmark.slug: "),
        ({"kind": "essay"}, OTHER, r"set.jsonl:1: benchmark.kind: "),
        ({"template": "{question}"}, OTHER, r"set.jsonl:1: .*\{choices\} is missing"),
        ({"extraction": "(["}, OTHER, "set.jsonl:1: .*Not a regular expression"),
        ({"extraction": "[AB]"}, OTHER, "set.jsonl:1: .*needs a group"),
        ({}, {"question": "And?"}, "set.jsonl:3: an item needs a question and its"),
        ({}, {**OTHER, "answers": ["C"]}, "set.jsonl:3: an answer is none of the"),
        ({}, {**OTHER, "choices": ["Rome"]}, "set.jsonl:3: at least two choices"),
        ({}, {**OTHER, "choices": "Rome"}, "set.jsonl:3: choices: "),
        ({}, {**ITEM, "id": "c3"}, "set.jsonl:3: the same question stands in line 2"),
        ({}, {"benchmark": HEADER}, "set.jsonl:3: the benchmark is told twice"),
        ({}, {**OTHER, "question": "?" * 40_000}, "set.jsonl:3: more than 32000 char"),
        (NUMBER, {**OTHER, "choices": []}, "set.jsonl:2: only items of a multiple"),
        (NUMBER, {"question": "?", "answers": ["x"]}, "set.jsonl:3: an answer is no n"),
    ],
)
def test_a_broken_set_is_refused_whole_with_its_lines(tmp_path, header, item, problem):
    with pytest.raises(BadInput, match=problem):
        run(write(tmp_path, ITEM, item, **header))

    assert not Benchmark.objects.exists()


def test_a_file_that_does_not_tell_its_benchmark_first_is_refused(tmp_path):
    path = tmp_path / "set.jsonl"
    for text in ("", json.dumps(ITEM), "no json\n" + json.dumps(ITEM)):
        path.write_text(text)
        with pytest.raises(BadInput, match=r"set\.jsonl:1: "):
            run(path)
