from pathlib import Path

import pytest

from evaluations.models import Battle, Judge, JudgeVerdict, Prompt
from tests.importers.imports import OWN_SET, added, problems_of, run, write_lines

pytestmark = pytest.mark.django_db

JUDGED = "model_judgment/gpt-4-1106-preview/wren.jsonl"


def judged(*scores: str | None) -> dict[str, object]:
    games = [{"user_prompt": "?", "judgment": f"[[{s}]]", "score": s} for s in scores]
    names = {"model": "wren", "judge": "gpt-4-1106-preview"}
    return {"question_id": "0f", **names, "games": games}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    turns = [{"content": "Name a tree."}]
    asked = {"question_id": "0f", "category": "arena-hard-v0.1", "turns": turns}
    write_lines(tmp_path / "question.jsonl", [asked])
    for model, text in (("gpt-4-0314", "An oak."), ("wren", "A beech.")):
        choices = [{"index": 0, "turns": [{"content": text, "token_len": 3}]}]
        answer = {"question_id": "0f", "model_id": model, "choices": choices}
        write_lines(tmp_path / "model_answer" / f"{model}.jsonl", [answer])
    write_lines(tmp_path / JUDGED, [judged("A>>B", "B>A")])
    return tmp_path


def test_both_games_become_verdicts_in_their_orders(folder: Path) -> None:
    report = run("arena_hard", folder, OWN_SET)

    battle = Battle.objects.get()
    assert battle.contestant_x.slug == "own-gpt-4-0314"
    judge = Judge.objects.get(slug="gpt-4-1106-preview-own")
    assert judge.maker == "OpenAI"
    said = judge.verdicts.order_by("id").values_list("battle", "left", "verdict")
    assert list(said) == [(battle.pk, "x", "a"), (battle.pk, "y", "b")]
    assert added(report)["verdicts"] == 2
    assert run("arena_hard", folder, OWN_SET).added == 0


def test_version_2_comes_in_under_its_own_names(tmp_path: Path) -> None:
    asked = {"category": "hard_prompt", "subcategory": "coding", "prompt": "A tree?"}
    write_lines(tmp_path / "question.jsonl", [{"uid": "0a", **asked}])
    for model, text in (("o3-mini", "An oak."), ("wren", "A beech.")):
        said = [
            {"role": "user", "content": "A tree?"},
            {"role": "assistant", "content": {"answer": text}},
        ]
        answer = {"uid": "0a", "ans_id": "z", "model": model, "messages": said}
        write_lines(tmp_path / "model_answer" / f"{model}.jsonl", [answer])
    game = {"score": "A<<B", "judgment": {"answer": "The second."}, "prompt": []}
    names = {"model": "wren", "judge": "gpt-4.1", "baseline": "o3-mini"}
    line = {"uid": "0a", "category": "hard_prompt", **names, "games": [game, None]}
    write_lines(tmp_path / "model_judgment/gpt-4.1/wren.jsonl", [line])
    run("arena_hard", tmp_path, OWN_SET)

    prompt = Prompt.objects.get()
    assert (prompt.turns, prompt.external_id) == (["A tree?"], "0a")
    assert prompt.categories == ["hard_prompt", "coding"]
    turn = Battle.objects.get().turns.get()
    assert (turn.answer_x.text, turn.answer_y.text) == ("An oak.", "A beech.")
    said = JudgeVerdict.objects.order_by("id")
    fields = ("left", "state", "verdict", "reason")
    assert list(said.values_list(*fields)) == [
        ("x", "read", "b", "The second."),
        ("y", "unreadable", "", ""),
    ]
    assert run("arena_hard", tmp_path, OWN_SET).added == 0


def test_a_verdict_that_could_not_be_read_is_no_tie(folder: Path) -> None:
    write_lines(folder / JUDGED, [judged(None, "A=B")])
    run("arena_hard", folder, OWN_SET)

    said = JudgeVerdict.objects.order_by("id").values_list("state", "verdict")
    assert list(said) == [("unreadable", ""), ("read", "tie")]


def test_questions_may_come_alone(folder: Path) -> None:
    run("arena_hard", folder / "question.jsonl", OWN_SET)

    assert Prompt.objects.get().turns == ["Name a tree."]
    assert not Battle.objects.exists()


def test_a_verdict_on_a_missing_answer_is_named(folder: Path) -> None:
    (folder / "model_answer" / "wren.jsonl").unlink()

    problems = problems_of("arena_hard", folder, OWN_SET)

    place = "model_judgment/gpt-4-1106-preview/wren.jsonl:1"
    assert problems[0] == f"{place}: no answer of model wren to question 0f."


def test_an_unknown_score_is_named(folder: Path) -> None:
    write_lines(folder / JUDGED, [judged("A", "B")])

    [problem] = problems_of("arena_hard", folder, OWN_SET)

    assert problem.startswith(f"{JUDGED}:1: games.0.score: Input should be 'A>>B'")
