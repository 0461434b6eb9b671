from pathlib import Path

import pytest

from evaluations.importers import BadInput
from evaluations.models import Answer, Battle, BattleTurn, Contestant, Prompt, PromptSet
from tests.importers.imports import (
    OWN_SET,
    added,
    everything,
    problems_of,
    run,
    write_lines,
)

pytestmark = pytest.mark.django_db

QUESTIONS = [
    {"question_id": 81, "category": "writing", "turns": ["Rhyme.", "Again."]},
    {"question_id": 82, "category": "math", "turns": ["2+2?"], "reference": ["4"]},
]
ANSWERS = {
    "wren": [["A *rhyme*", "More"], ["four"]],
    "gpt-4": [["Verse", "Verses"], ["4"]],
}


def lines_of(model: str) -> list[dict[str, object]]:
    return [
        {
            "question_id": number,
            "answer_id": f"{model}{number}",
            "model_id": model,
            "choices": [{"index": 0, "turns": turns}],
        }
        for number, turns in zip((81, 82), ANSWERS[model], strict=True)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_lines(tmp_path / "question.jsonl", QUESTIONS)
    for model in ANSWERS:
        write_lines(tmp_path / "model_answer" / f"{model}.jsonl", lines_of(model))
    write_lines(tmp_path / "reference_answer" / "gpt-4.jsonl", lines_of("gpt-4"))
    return tmp_path


def test_questions_come_in_with_turns_and_references(folder: Path) -> None:
    run("fastchat", folder / "question.jsonl", OWN_SET)

    own = PromptSet.objects.get(slug="own")
    assert (own.title, own.licence, own.source) == ("Own", "CC0", "Hedge")
    assert own.frozen_at is None
    prompts = own.prompts.order_by("external_id")
    assert [prompt.turns for prompt in prompts] == [["Rhyme.", "Again."], ["2+2?"]]
    assert [prompt.references for prompt in prompts] == [[], ["4"]]
    assert [prompt.category for prompt in prompts] == ["writing", "math"]


def test_good_answers_come_from_their_folder_where_a_question_has_none(
    folder: Path,
) -> None:
    run("fastchat", folder, OWN_SET)

    prompts = Prompt.objects.order_by("external_id")
    assert [prompt.references for prompt in prompts] == [["Verse", "Verses"], ["4"]]


def test_an_answer_to_a_further_turn_follows_what_was_said(folder: Path) -> None:
    run("fastchat", folder, OWN_SET)

    wren = Contestant.objects.get(slug="own-wren")
    assert (wren.name, wren.state) == ("wren (own)", "retired")
    more = Answer.objects.get(contestant=wren, text="More")
    assert more.messages == [
        {"role": "user", "content": "Rhyme."},
        {"role": "assistant", "content": "A *rhyme*"},
        {"role": "user", "content": "Again."},
    ]
    assert Contestant.objects.get(slug="own-gpt-4").maker == "OpenAI"


def test_people_may_judge_pairs_of_all_turns(folder: Path) -> None:
    run("fastchat", folder, OWN_SET)

    battle = Battle.objects.offered().get(prompt__external_id="81")
    turns = BattleTurn.objects.filter(battle=battle).order_by("number")
    texts = [{turn.answer_x.text, turn.answer_y.text} for turn in turns]
    assert texts == [{"A *rhyme*", "Verse"}, {"More", "Verses"}]


def test_importing_twice_changes_nothing(folder: Path) -> None:
    first, before = run("fastchat", folder, OWN_SET), everything()
    second = run("fastchat", folder, OWN_SET)

    assert added(first) == {
        "sets": 1,
        "prompts": 2,
        "contestants": 2,
        "answers": 6,
        "battles": 2,
    }
    assert (second.added, second.changed) == (0, 0)
    assert everything() == before


BROKEN = {
    "no turns": (
        "question.jsonl",
        [{**QUESTIONS[0], "turns": []}],
        "question.jsonl:1: turns: List should have at least 1 item",
    ),
    "more references than turns": (
        "question.jsonl",
        [{**QUESTIONS[1], "reference": ["4", "5"]}],
        "question.jsonl:1: there are more references than turns.",
    ),
    "a turn unanswered": (
        "model_answer/wren.jsonl",
        [{**lines_of("wren")[0], "choices": [{"turns": ["A rhyme"]}]}],
        "model_answer/wren.jsonl:1: turns asked: 2, turns answered: 1.",
    ),
    "no choice": (
        "model_answer/wren.jsonl",
        [{**lines_of("wren")[0], "choices": []}],
        "model_answer/wren.jsonl:1: choices: List should have at least 1 item",
    ),
    "two models of one address": (
        "model_answer/wren.jsonl",
        [lines_of("wren")[0], {**lines_of("wren")[1], "model_id": "Wren"}],
        "model_answer/wren.jsonl:2: model Wren has no address of its own.",
    ),
    "a good answer twice": (
        "reference_answer/gpt-4.jsonl",
        [lines_of("gpt-4")[0]] * 2,
        "reference_answer/gpt-4.jsonl:2: question 81 is answered twice.",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_line_is_named_and_nothing_is_written(case: str, folder: Path) -> None:
    name, lines, expected = BROKEN[case]
    write_lines(folder / name, lines)

    assert problems_of("fastchat", folder, OWN_SET)[0].startswith(expected)


def test_a_set_without_licence_and_source_is_refused(folder: Path) -> None:
    with pytest.raises(BadInput) as caught:
        run("fastchat", folder)

    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "slug",
        "title",
        "licence",
        "source",
    ]
