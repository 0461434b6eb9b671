from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from evaluations import moderation
from evaluations.models import Prompt, PromptEmbedding, PromptSet
from evaluations.models.prompts import digest_of
from evaluations.question_sets import freeze
from tests.factories import make_battle
from tests.importers.imports import (
    OWN_SET,
    everything,
    problems_of,
    run,
    write_lines,
)

pytestmark = pytest.mark.django_db

CSV = [
    "id,prompt,turns,categories,language,reference",
    'a,Name a tree.,,"plants; names",en,Oak',
    'b,,"[""Zähle."", ""Weiter.""]",,de,',
]
JSONL = [
    {"id": "a", "prompt": "Name a tree.", "category": "plants", "reference": "Oak"},
    {"turns": ["Zähle.", "Weiter."], "language": "de", "reference": ["1", "2"]},
]


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "own.csv", CSV)


@pytest.fixture
def jsonl(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "own.jsonl", JSONL)


def test_a_csv_file_becomes_a_set(csv: Path) -> None:
    run("csv", csv, OWN_SET)

    first, second = Prompt.objects.order_by("external_id")
    assert (first.turns, first.references) == (["Name a tree."], ["Oak"])
    assert (first.categories, first.language) == (["plants", "names"], "en")
    assert (second.turns, second.language) == (["Zähle.", "Weiter."], "de")
    assert {first.state, second.state} == {"approved"}


def test_a_jsonl_file_becomes_a_set(jsonl: Path) -> None:
    run("jsonl", jsonl, replace(OWN_SET, language="fr"))

    first, second = Prompt.objects.order_by("id")
    assert (first.external_id, first.categories, first.language) == (
        "a",
        ["plants"],
        "fr",
    )
    assert (second.external_id, second.references, second.language) == (
        None,
        ["1", "2"],
        "de",
    )


def test_the_set_is_frozen_where_that_is_wished(jsonl: Path) -> None:
    run("jsonl", jsonl, replace(OWN_SET, freeze_at="2026-1"))

    own = PromptSet.objects.get()
    assert own.version == "2026-1"
    assert own.frozen_at is not None


def test_importing_twice_changes_nothing(csv: Path) -> None:
    run("csv", csv, OWN_SET)
    before = everything()

    report = run("csv", csv, OWN_SET)

    assert (report.added, report.changed) == (0, 0)
    assert everything() == before


def test_a_question_that_differs_is_changed(csv: Path) -> None:
    run("csv", csv, OWN_SET)
    write_lines(csv, [CSV[0], CSV[1].replace("tree", "bush"), CSV[2]])

    report = run("csv", csv, replace(OWN_SET, title="Ours"))

    assert (report.added, report.changed) == (0, 2)
    bush = Prompt.objects.get(external_id="a")
    assert bush.turns == ["Name a bush."]
    assert bush.digest == digest_of(["Name a bush."])
    assert PromptSet.objects.get().title == "Ours"
    assert run("csv", csv, replace(OWN_SET, title="Ours")).changed == 0


def test_new_words_are_like_nothing_yet(csv: Path) -> None:
    run("csv", csv, OWN_SET)
    PromptEmbedding.objects.create(
        prompt=Prompt.objects.get(external_id="a"), model="m", vector=b"\0" * 4
    )
    moderation.group_prompts()
    write_lines(csv, [CSV[0], CSV[1].replace("tree", "bush"), CSV[2]])
    run("csv", csv, OWN_SET)

    compared = Prompt.objects.filter(near_checked_at__isnull=False)
    assert [prompt.external_id for prompt in compared] == ["b"]
    assert not PromptEmbedding.objects.exists()


def test_what_a_file_does_not_say_stays(csv: Path) -> None:
    run("csv", csv, OWN_SET)
    fields = ("turns", "categories", "references", "language", "external_id")
    before = list(Prompt.objects.order_by("id").values_list(*fields))
    b = 'b,,"[""Zähle."", ""Weiter.""]"'
    lines = ["id,prompt,turns", "a,Name a tree.,", b]
    bare = write_lines(csv.parent / "bare.csv", lines)

    assert run("csv", bare, OWN_SET).changed == 0
    assert list(Prompt.objects.order_by("id").values_list(*fields)) == before


@pytest.mark.parametrize("version", ["2", ""])
def test_a_frozen_set_takes_no_other_question(version: str, csv: Path) -> None:
    run("csv", csv, OWN_SET)
    freeze(prompt_set=PromptSet.objects.get())
    PromptSet.objects.update(version=version)
    bush, good = CSV[1].replace("tree", "bush"), CSV[2] + "Null"
    write_lines(csv, [CSV[0], bush, good, "c,New?,,,,"])

    where = f"the set is frozen at version {version} and"
    assert problems_of("csv", csv, OWN_SET) == [
        f"own.csv:2: {where} has this question otherwise.",
        f"own.csv:3: {where} has this question otherwise.",
        f"own.csv:4: {where} does not have this question.",
    ]


def test_two_lines_are_not_one_question_of_the_set(csv: Path) -> None:
    run("csv", csv, OWN_SET)
    write_lines(csv, [CSV[0], "a,Name a bush.,,,,", "c,Name a tree.,,,,"])

    assert problems_of("csv", csv, OWN_SET) == [
        "own.csv:3: an earlier line is the same question of the set."
    ]


def test_a_question_that_was_asked_stays(csv: Path) -> None:
    run("csv", csv, OWN_SET)
    make_battle(prompt=Prompt.objects.get(external_id="a"))
    write_lines(csv, [CSV[0], CSV[1].replace("tree", "bush"), CSV[2]])

    assert problems_of("csv", csv, OWN_SET) == [
        "own.csv:2: the question was asked in battles, and differs here."
    ]


def test_words_of_another_question_are_refused(csv: Path) -> None:
    run("csv", csv, OWN_SET)
    write_lines(csv, [CSV[0], CSV[2].replace("b,,", "a,,")])

    assert problems_of("csv", csv, OWN_SET) == [
        "own.csv:2: the words of question b of the set."
    ]


def test_a_stored_set_needs_no_second_description(csv: Path) -> None:
    run("csv", csv, OWN_SET)

    assert run("csv", csv, type(OWN_SET)(slug="own")).changed == 0


NOTHING_ASKED = "neither a prompt nor turns stand here."
BROKEN_CSV = {
    "neither prompt nor turns": ("a,,,,en,", NOTHING_ASKED),
    "both": ('a,x,"[""y""]",,,', "a prompt and turns as well: one of them is enough."),
    "a cell too many": ("a,x,,,en,y,z", "6 fields are expected, 7 stand here."),
    "turns that are no JSON": ("a,,[x],,,", "turns: not a list in JSON."),
    "deep turns": (f"a,,{'[' * 100_000},,,", "turns: not a list in JSON."),
    "turns that are numbers": ("a,,[1],,,", "turns.0: Input should be a valid string."),
    "an empty turn": ('a,,"[""x"", "" ""]",,,', "a turn is empty."),
    "a long language": ("a,x,,,a language of its own,", "language: "),
}


@pytest.mark.parametrize("case", BROKEN_CSV)
def test_a_broken_row_is_named_and_nothing_is_written(
    case: str, tmp_path: Path
) -> None:
    row, expected = BROKEN_CSV[case]
    path = write_lines(tmp_path / "own.csv", [CSV[0], CSV[2], row])

    [problem] = problems_of("csv", path, OWN_SET)

    assert problem.startswith(f"own.csv:3: {expected}")


BROKEN_HEADERS = {
    "id,question": "no column 'prompt' or 'turns'.",
    "id;prompt": "no column 'prompt' or 'turns'.",
    "id,prompt,prompt": "column 'prompt' stands twice.",
}


@pytest.mark.parametrize("header", BROKEN_HEADERS)
def test_columns_that_cannot_be_meant_are_named_once(
    header: str, tmp_path: Path
) -> None:
    path = write_lines(tmp_path / "own.csv", [header, "a,b,c", "d,e,f"])

    expected = f"own.csv:1: {BROKEN_HEADERS[header]}"
    assert problems_of("csv", path, OWN_SET) == [expected]


BROKEN_JSONL = {
    '{"id": 1, "prompt": ': "Invalid JSON: EOF while parsing a value.",
    '{"id": 1.5, "prompt": "x"}': "id: Input should be a valid integer.",
    '{"id": 1, "promt": "x"}': NOTHING_ASKED,
}


def test_broken_lines_are_told_of_without_inner_names(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "own.jsonl", [*BROKEN_JSONL, '{"id": 2}'])

    assert problems_of("jsonl", path, OWN_SET) == [
        *(
            f"own.jsonl:{line}: {text}"
            for line, text in enumerate(BROKEN_JSONL.values(), 1)
        ),
        f"own.jsonl:4: {NOTHING_ASKED}",
    ]


def test_a_file_of_no_question_is_refused(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "own.csv", CSV[:1])

    assert problems_of("csv", path, OWN_SET) == ["own.csv: no question is in it."]


def test_a_folder_is_no_own_set(tmp_path: Path) -> None:
    assert problems_of("jsonl", tmp_path, OWN_SET) == [f"{tmp_path} is not a file."]


BROKEN_FIELDS = {
    "slug": ("not an address", "slug: letters, digits, - and _ only."),
    "licence": ("", "licence: required, as files of this format do not say it."),
    "title": ("x" * 201, "title: at most 200 characters."),
}


@pytest.mark.parametrize("name", BROKEN_FIELDS)
def test_what_is_said_of_the_set_is_checked(name: str, csv: Path) -> None:
    value, expected = BROKEN_FIELDS[name]

    assert problems_of("csv", csv, replace(OWN_SET, **{name: value})) == [expected]


def test_a_format_that_knows_its_set_takes_no_other(tmp_path: Path) -> None:
    asked = {"id": "koala_0", "prompt": "Why?"}
    path = write_lines(tmp_path / "koala_test_set.jsonl", [asked])

    [problem] = problems_of("koala", path, OWN_SET)

    assert problem == "This format says itself which set it is."
    assert run("koala", tmp_path).added == 2


def test_the_command_takes_the_set_from_its_options(
    csv: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"slug": "house", "title": "House", "licence": "CC0", "source": "Us"}
    call_command("import_data", "csv", str(csv), dry_run=True, **options)

    assert "prompts            2         0               0" in capsys.readouterr().out
    with pytest.raises(CommandError, match="--licence: required"):
        call_command("import_data", "csv", str(csv), "--set", "house")
