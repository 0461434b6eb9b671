from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evaluations.models import (
    Answer,
    Battle,
    Contestant,
    Judge,
    JudgeVerdict,
    PromptSet,
    Tally,
    Vote,
)
from tests.importers import vicuna_folder
from tests.importers.imports import added, everything, problems_of, run
from tests.importers.vicuna_folder import Files

pytestmark = pytest.mark.django_db

Spoil = Callable[[Files], Any]
REVIEWS = "reviews/review_linnet_wren.jsonl"
WREN = "answers/wren.jsonl"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return vicuna_folder.write(tmp_path, vicuna_folder.files())


def test_the_set_comes_in_frozen_with_licence_and_source(folder: Path) -> None:
    run("vicuna", folder)

    vicuna = PromptSet.objects.get(slug="vicuna")
    assert (vicuna.licence, vicuna.version) == ("Apache 2.0", "1")
    assert vicuna.frozen_at is not None
    prompts = vicuna.prompts.order_by("id")
    assert [prompt.external_id for prompt in prompts] == ["1", "2"]
    assert {prompt.category for prompt in prompts} == {"generic"}


def test_models_come_in_retired_with_rendered_answers(folder: Path) -> None:
    run("vicuna", folder)

    wren = Contestant.objects.get(slug="vicuna-wren")
    assert (wren.state, wren.aliases) == ("retired", ["wren"])
    assert [change.note for change in wren.changes.all()] == ["imported with vicuna"]
    oak = Answer.objects.get(text="An **oak**.")
    assert (oak.contestant, oak.state, oak.origin) == (wren, "ready", "import")
    assert "<strong>oak</strong>" in oak.html


def test_reviews_become_verdicts_beside_the_votes(folder: Path) -> None:
    run("vicuna", folder)

    judge = Judge.objects.get(slug="gpt-4-vicuna")
    assert (judge.maker, judge.contestant) == ("OpenAI", None)
    verdicts = judge.verdicts.order_by("external_id").values_list(
        "external_id", "left", "state", "verdict", "score_a", "score_b", "reason"
    )
    assert list(verdicts) == [
        ("vicuna:r1", "x", "read", "b", 8, 9.5, "The second is bold."),
        ("vicuna:r2", "x", "read", "tie", 1, 1, "Neither."),
    ]
    assert not Vote.objects.exists()
    assert not Tally.objects.exists()


def test_people_may_judge_the_reviewed_pairs_that_show_something(folder: Path) -> None:
    run("vicuna", folder)

    assert Battle.objects.ready().count() == 2
    [offered] = Battle.objects.offered()
    sides = (offered.contestant_x.slug, offered.contestant_y.slug)
    assert sides == ("vicuna-linnet", "vicuna-wren")
    assert offered.prompt.turns == ["Name a tree."]


def test_points_that_could_not_be_read_are_no_tie(folder: Path) -> None:
    files = vicuna_folder.files()
    files[REVIEWS][0]["score"] = [-1, -1]
    run("vicuna", vicuna_folder.write(folder, files))

    verdict = JudgeVerdict.objects.get(external_id="vicuna:r1")
    assert (verdict.state, verdict.verdict, verdict.score_a) == ("unreadable", "", None)


def test_importing_twice_changes_nothing(folder: Path) -> None:
    first, before = run("vicuna", folder), everything()
    second = run("vicuna", folder)

    assert added(first) == {
        "sets": 1,
        "prompts": 2,
        "contestants": 2,
        "answers": 4,
        "battles": 2,
        "judges": 1,
        "verdicts": 2,
    }
    assert (second.added, second.changed) == (0, 0)
    assert [c.already_there for c in second.counts] == [c.added for c in first.counts]
    assert everything() == before


def test_a_dry_run_counts_and_writes_nothing(folder: Path) -> None:
    before = everything()

    assert run("vicuna", folder, dry_run=True).added == 14
    assert everything() == before


def test_an_answer_that_names_its_model_is_marked(folder: Path) -> None:
    files = vicuna_folder.files()
    files[WREN][0]["text"] = "I am wren, a language model trained by LM Sys."
    run("vicuna", vicuna_folder.write(folder, files))

    leaks = Answer.objects.order_by("text").values_list("leak", flat=True)
    assert [bool(leak) for leak in leaks] == [False, True, False, False]


def test_an_own_contestant_of_that_address_is_not_taken_for_it(folder: Path) -> None:
    Contestant.objects.create(slug="vicuna-wren", name="W", maker="Me")

    [problem] = problems_of("vicuna", folder)

    assert problem == "another contestant is registered as W; rename it first."


def change(name: str, line: int, /, **fields: object) -> Spoil:
    return lambda files: files[name][line - 1].update(fields)


BROKEN: dict[str, tuple[Spoil, str]] = {
    "not JSON": (
        lambda files: files["question.jsonl"].__setitem__(1, "{"),
        "question.jsonl:2: Invalid JSON: ",
    ),
    "a question twice": (
        change("question.jsonl", 2, question_id=1),
        "question.jsonl:2: question 1 is listed twice.",
    ),
    "a text twice": (
        change("question.jsonl", 2, text="Name a tree."),
        "question.jsonl:2: the same text stands in an earlier line.",
    ),
    "an empty question": (
        change("question.jsonl", 2, text=" "),
        "question.jsonl:2: a turn is empty.",
    ),
    "a model twice": (
        change("model.jsonl", 2, model_id="wren:v1"),
        "model.jsonl:2: model wren:v1 is listed twice.",
    ),
    "an answer of an unknown model": (
        change(WREN, 2, model_id="dunnock:v1"),
        "wren.jsonl:2: unknown model dunnock:v1.",
    ),
    "an answer to an unknown question": (
        change(WREN, 2, question_id=7),
        "wren.jsonl:2: unknown question 7.",
    ),
    "an answer twice": (
        change(WREN, 2, question_id=1),
        "wren.jsonl:2: this model's answer to this question stands twice.",
    ),
    "an answer too long": (
        change(WREN, 1, text="é" * 32_001),
        "wren.jsonl:1: an answer is longer than 64000 bytes.",
    ),
    "a review of an unknown answer": (
        change(REVIEWS, 2, answer1_id="dunnock2"),
        "review_linnet_wren.jsonl:2: an answer that is reviewed here is not listed.",
    ),
    "a review of answers to another question": (
        change(REVIEWS, 2, answer1_id="linnet1"),
        "review_linnet_wren.jsonl:2: an answer is to another question.",
    ),
    "a model against itself": (
        change(REVIEWS, 1, answer1_id="wren1"),
        "review_linnet_wren.jsonl:1: model wren:v1 stands on both sides.",
    ),
    "a pair reviewed twice": (
        lambda files: files[REVIEWS].append({**files[REVIEWS][0], "review_id": "r3"}),
        "review_linnet_wren.jsonl:3: this pair is judged twice in this order.",
    ),
    "a review's number twice": (
        change(REVIEWS, 2, review_id="r1"),
        "review_linnet_wren.jsonl:2: judgement r1 is listed twice.",
    ),
    "one number for two answers": (
        change(REVIEWS, 1, score=[8]),
        "review_linnet_wren.jsonl:1: score: ",
    ),
    "points beyond ten": (
        change(REVIEWS, 1, score=[8, 11]),
        "review_linnet_wren.jsonl:1: score.1: ",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_line_is_named_and_nothing_is_written(
    case: str, tmp_path: Path
) -> None:
    spoil, expected = BROKEN[case]
    files = vicuna_folder.files()
    spoil(files)

    [problem] = problems_of("vicuna", vicuna_folder.write(tmp_path, files))

    assert problem.startswith(expected)


def test_missing_parts_of_the_folder_are_named(tmp_path: Path) -> None:
    files = vicuna_folder.files()
    del files["model.jsonl"]
    vicuna_folder.write(tmp_path, files)

    problems = problems_of("vicuna", tmp_path)

    assert problems == [f"model.jsonl is missing in {tmp_path}."]


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (
            change("question.jsonl", 1, text="Name a bush."),
            "question.jsonl:1: the set is frozen at version 1 and has this question"
            " otherwise.",
        ),
        (
            change("question.jsonl", 1, question_id=3, text="Name a bush."),
            "question.jsonl:1: the set is frozen at version 1 and does not have this"
            " question.",
        ),
        (
            change(WREN, 1, text="A birch."),
            "wren.jsonl:1: another answer of wren:v1 is stored already.",
        ),
        (
            change(REVIEWS, 1, score=[9, 9]),
            "review_linnet_wren.jsonl:1: another verdict on this pair is stored"
            " already.",
        ),
    ],
)
def test_what_differs_from_the_stored_is_refused(
    spoil: Spoil, expected: str, folder: Path
) -> None:
    run("vicuna", folder)
    files = vicuna_folder.files()
    spoil(files)
    for name in (WREN, "answers/linnet.jsonl", REVIEWS):
        # What belongs to the question goes with it.
        files[name][0]["question_id"] = files["question.jsonl"][0]["question_id"]
    vicuna_folder.write(folder, files)

    assert problems_of("vicuna", folder) == [expected]
