import json
from pathlib import Path
from typing import Any

import pytest

from evaluations.models import Battle, Judge, JudgeScore, JudgeVerdict
from evaluations.studies.yardsticks import yardsticks
from tests.importers.imports import (
    OWN_SET,
    added,
    everything,
    problems_of,
    run,
    write_lines,
)

pytestmark = pytest.mark.django_db

SINGLE = "model_judgment/gpt-4_single.jsonl"
PAIR = "model_judgment/gpt-4_pair.jsonl"


def single(score: float, *, turn: int = 1, **fields: Any) -> dict[str, Any]:
    said = {"judgment": f"[[{score}]]", "score": score, "turn": turn, "tstamp": 1.5}
    judge = {"judge": ["gpt-4", "single-v1"], "user_prompt": "?"}
    return {"question_id": 81, "model": "wren", **judge, **said, **fields}


def pair(first: str, second: str, *, turn: int = 2, **fields: Any) -> dict[str, Any]:
    winners = {"g1_winner": first, "g2_winner": second}
    said = {"g1_judgment": "one", "g2_judgment": "two", "turn": turn, "tstamp": 1.5}
    judge = {"judge": ["gpt-4", "pair-v2"], "g1_user_prompt": "?"}
    models = {"model_1": "wren", "model_2": "linnet"}
    return {"question_id": 81, **models, **winners, **judge, **said, **fields}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    asked = {"question_id": 81, "turns": ["Rhyme.", "Again."], "category": "writing"}
    write_lines(tmp_path / "question.jsonl", [asked])
    for model in ("linnet", "wren"):
        turns = [f"{model} {turn}" for turn in (1, 2)]
        answer = {"question_id": 81, "model_id": model, "choices": [{"turns": turns}]}
        write_lines(tmp_path / "model_answer" / f"{model}.jsonl", [answer])
    return tmp_path


def test_points_are_scores_of_the_answers_turn_by_turn(folder: Path) -> None:
    lines = [single(9), single(4.5, turn=2), single(-1, model="linnet")]
    write_lines(folder / SINGLE, lines)
    report = run("fastchat", folder, OWN_SET)

    scores = JudgeScore.objects.order_by("id")
    fields = ("judge__slug", "answer__text", "state", "score", "reason")
    assert list(scores.values_list(*fields)) == [
        ("gpt-4-own", "wren 1", "read", 9, "[[9]]"),
        ("gpt-4-own", "wren 2", "read", 4.5, "[[4.5]]"),
        ("gpt-4-own", "linnet 1", "unreadable", None, "[[-1]]"),
    ]
    assert added(report)["scores"] == 3
    assert not JudgeVerdict.objects.exists()
    # Points alone leave the pairs to people.
    assert Battle.objects.offered().count() == 1
    means = {each.key: each.measures for each in yardsticks()}
    assert means["scores:gpt-4-own"]["own-wren"].value == 6.75


def test_questions_that_begin_alike_share_their_first_score(folder: Path) -> None:
    asked = {"question_id": 82, "turns": ["Rhyme.", "Or not."]}
    answer = {"question_id": 82, "choices": [{"turns": ["wren 1", "wren 3"]}]}
    with (folder / "question.jsonl").open("a") as file:
        file.write(json.dumps(asked))
    with (folder / "model_answer/wren.jsonl").open("a") as file:
        file.write(json.dumps({**answer, "model_id": "wren"}))

    write_lines(folder / SINGLE, [single(9), single(7, question_id=82)])
    [problem] = problems_of("fastchat", folder, OWN_SET)
    write_lines(folder / SINGLE, [single(9), single(9, question_id=82)])
    run("fastchat", folder, OWN_SET)

    assert problem == f"{SINGLE}:2: another score of this answer is stored already."
    assert JudgeScore.objects.count() == 1


def test_a_pair_is_judged_in_both_orders(folder: Path) -> None:
    write_lines(folder / PAIR, [pair("model_1", "tie")])
    run("fastchat", folder, OWN_SET)

    judge = Judge.objects.get(slug="gpt-4-own")
    battle = Battle.objects.get(contestant_x__slug="own-wren")
    said = judge.verdicts.order_by("id")
    fields = ("battle", "left", "order_known", "verdict", "reason")
    assert list(said.values_list(*fields)) == [
        (battle.pk, "x", True, "a", "one"),
        (battle.pk, "y", True, "tie", "two"),
    ]


@pytest.mark.parametrize(
    ("winners", "expected"),
    [
        (("model_1", "model_1"), ["a", "b"]),
        (("model_2", "model_2"), ["b", "a"]),
        (("error", "model_2"), ["", "a"]),
    ],
)
def test_a_winner_is_told_by_its_place(
    winners: tuple[str, str], expected: list[str], folder: Path
) -> None:
    write_lines(folder / PAIR, [pair(*winners)])
    run("fastchat", folder, OWN_SET)

    verdicts = JudgeVerdict.objects.order_by("id").values_list("verdict", flat=True)
    assert list(verdicts) == expected


def test_who_saw_the_first_turn_alone_is_a_judge_of_its_own(folder: Path) -> None:
    lines = [pair("model_1", "model_1", turn=1), pair("tie", "tie")]
    write_lines(folder / PAIR, lines)
    run("fastchat", folder, OWN_SET)

    first, whole = Judge.objects.order_by("-name")
    assert first.name == "gpt-4 turn 1 (own)"
    assert first.description.endswith("It saw no turn after turn 1.")
    assert whole.name == "gpt-4 (own)"
    assert (first.verdicts.count(), whole.verdicts.count()) == (2, 2)
    assert {first.maker, whole.maker} == {"OpenAI"}


def test_grown_files_bring_what_is_new_once(folder: Path) -> None:
    write_lines(folder / SINGLE, [single(9)])
    run("fastchat", folder, OWN_SET)
    write_lines(folder / SINGLE, [single(3, model="linnet"), single(9)])
    write_lines(folder / PAIR, [pair("model_2", "tie")])

    more = run("fastchat", folder, OWN_SET)
    before = everything()
    again = run("fastchat", folder, OWN_SET)

    new = {kind: number for kind, number in added(more).items() if number}
    assert new == {"verdicts": 2, "scores": 1}
    assert (again.added, again.changed, everything()) == (0, 0, before)


@pytest.mark.parametrize(
    ("name", "line", "problem"),
    [
        (SINGLE, single(9, model="rook"), "no answer of model rook to question 81."),
        (SINGLE, single(9, turn=3), "no turn 3 in the answer of model wren"),
        (SINGLE, single(9, judge="gpt-4"), "judge: Input should be a valid"),
        (PAIR, pair("tie", "tie", turn=3), "question 81 has no turn 3."),
        (PAIR, pair("wren", "tie"), "g1_winner: Input should be 'model_1'"),
        (PAIR, pair("tie", "tie", model_2="rook"), "no answer of model rook"),
    ],
)
def test_a_broken_line_is_named(
    name: str, line: dict[str, Any], problem: str, folder: Path
) -> None:
    write_lines(folder / name, [line])

    assert problems_of("fastchat", folder, OWN_SET)[0].startswith(
        f"{name}:1: {problem}"
    )


def test_what_is_said_twice_or_otherwise_than_stored_is_refused(folder: Path) -> None:
    write_lines(folder / SINGLE, [single(9), single(9)])
    twice = problems_of("fastchat", folder, OWN_SET)
    write_lines(folder / SINGLE, [single(9)])
    run("fastchat", folder, OWN_SET)
    write_lines(folder / SINGLE, [single(8)])
    otherwise = problems_of("fastchat", folder, OWN_SET)

    assert twice == [f"{SINGLE}:2: this answer is scored twice."]
    known = "another score of this answer is stored already."
    assert otherwise == [f"{SINGLE}:1: {known}"]
