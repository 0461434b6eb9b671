"""A folder that has grown since: exactly what is new comes in, and that once."""

from pathlib import Path

import pytest

from evaluations.importers import Report
from evaluations.models import Battle, JudgeVerdict
from tests.importers import llmfao_folder, vicuna_folder
from tests.importers.imports import (
    OWN_SET,
    added,
    everything,
    problems_of,
    run,
    write_lines,
)

pytestmark = pytest.mark.django_db


def grown(report: Report) -> dict[str, int]:
    assert report.changed == 0
    return {kind: number for kind, number in added(report).items() if number}


def test_a_model_and_reviews_join_vicunas(tmp_path: Path) -> None:
    files = vicuna_folder.files()
    run("vicuna", vicuna_folder.write(tmp_path, files))
    adder = {"answer_id": "adder1", "model_id": "adder:v1", "question_id": 1}
    review = files["reviews/review_linnet_wren.jsonl"][0]
    files["model.jsonl"].append({"model_id": "adder:v1", "model_name": "adder"})
    # Files that are read before those of the first time, and turn their pair.
    files["answers/adder.jsonl"] = [{**adder, "text": "A yew"}]
    files["reviews/review_adder.jsonl"] = [
        {**review, "review_id": "r3", "answer1_id": "adder1", "answer2_id": "wren1"},
        {**review, "review_id": "r4", "answer1_id": "wren1", "answer2_id": "linnet1"},
    ]

    more = run("vicuna", vicuna_folder.write(tmp_path, files))
    before = everything()
    again = run("vicuna", tmp_path)

    assert grown(more) == {"contestants": 1, "answers": 1, "battles": 1, "verdicts": 2}
    assert (grown(again), everything()) == ({}, before)
    turned = JudgeVerdict.objects.get(external_id="vicuna:r4")
    assert (turned.left, turned.verdict) == ("y", "b")
    assert turned.battle.judge_verdicts.count() == 2


def test_a_model_joins_fastchats_pairs(tmp_path: Path) -> None:
    numbers = range(6)
    asked = [{"question_id": n, "turns": [f"Ask {n}"]} for n in numbers]
    write_lines(tmp_path / "question.jsonl", asked)

    def answer(model: str) -> None:
        said = {"model_id": model, "choices": [{"turns": [f"{model}!"]}]}
        lines = [{**said, "question_id": n} for n in numbers]
        write_lines(tmp_path / "model_answer" / f"{model}.jsonl", lines)

    for model in ("linnet", "robin", "wren"):
        answer(model)
    run("fastchat", tmp_path, OWN_SET)
    stood = set(Battle.objects.values_list("pk", flat=True))
    answer("adder")

    more = run("fastchat", tmp_path, OWN_SET)
    before = everything()
    again = run("fastchat", tmp_path, OWN_SET)

    assert grown(more) == {"contestants": 1, "answers": 6, "battles": 9}
    assert (grown(again), everything()) == ({}, before)
    new = Battle.objects.exclude(pk__in=stood)
    assert all(
        "own-adder" in (row.contestant_x.slug, row.contestant_y.slug) for row in new
    )


def test_a_model_with_votes_joins_llmfaos(tmp_path: Path) -> None:
    files = llmfao_folder.files() | llmfao_folder.verdicts()
    run("llmfao", llmfao_folder.write(tmp_path, files))
    files["models.jsonl"].append(
        {"id": 4, "name": "Robin", "org": "Copse", "api": "own", "api_id": "own/4"}
    )
    files["results.jsonl"].insert(
        0, {"model": 4, "prompt": 10, "result": "A yew", "duration": 3}
    )
    pair = files["pairs-crowd.jsonl"][0]
    joined = {**pair, "id": 5, "model_y": 4, "result_y": "A yew"}
    files["pairs-crowd.jsonl"].insert(0, joined)
    said = "right,Linnet (7B),Robin"
    files["crowd-comparisons.csv"].insert(1, f"5,10,1,4,7,{said}")
    files["gpt4-crowd-comparisons.csv"].insert(1, f"5,10,1,4,{said}")

    more = run("llmfao", llmfao_folder.write(tmp_path, files))
    again = run("llmfao", tmp_path)

    kinds = ("contestants", "answers", "battles", "votes", "verdicts")
    assert (grown(more), grown(again)) == (dict.fromkeys(kinds, 1), {})


def test_a_renumbered_review_is_the_one_that_is_stored(tmp_path: Path) -> None:
    files = vicuna_folder.files()
    run("vicuna", vicuna_folder.write(tmp_path, files))
    review = files["reviews/review_linnet_wren.jsonl"][0]
    review["review_id"] = "r9"

    assert grown(run("vicuna", vicuna_folder.write(tmp_path, files))) == {}
    review["score"] = [9, 1]
    assert problems_of("vicuna", vicuna_folder.write(tmp_path, files)) == [
        "review_linnet_wren.jsonl:1: another verdict on this pair is stored already."
    ]
