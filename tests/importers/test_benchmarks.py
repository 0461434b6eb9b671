import csv
from dataclasses import replace
from pathlib import Path

import pytest

from evaluations.importers import BadInput, Report, SetFields, import_data
from evaluations.importers.benchmarks import COLUMNS, FILE
from evaluations.models import Benchmark, BenchmarkScore
from tests import real_data
from tests.factories import make_contestant

pytestmark = pytest.mark.django_db

SMALL = (
    'Model,"MMLU\n(5-shot)","Arena Elo\n[Feb 2, 2024]",Own test\n'
    "heron-7b,61.5,1100,\n"
    "rowan,,1e3\n"
    ",,\n"
    "larch,12\n"
)


OWN = SetFields(licence="CC0", source="Hedge")


def run(path: Path, *, dry_run: bool = False, fields: SetFields = OWN) -> Report:
    return import_data(
        format="benchmarks",
        path=path,
        dry_run=dry_run,
        progress=lambda label, done, total: None,
        fields=fields,
    )


def write(folder: Path, text: str = SMALL) -> Path:
    path = folder / "scores.csv"
    path.write_text(text, encoding="utf-8")
    return path


def cells_of(path: Path) -> list[tuple[str, int, float]]:
    """Every cell with something in it, by the csv module alone."""
    with path.open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    return sorted(
        (row[0], column, float(cell))
        for row in rows
        if row[0]
        for column, cell in enumerate(row[1:])
        if cell
    )


def test_the_real_table_comes_in_whole_and_once():
    folder = real_data.folder("benchmarks")

    first, second = (run(folder, fields=SetFields()) for _ in range(2))

    wanted = cells_of(folder / FILE)
    names = [(known.name, known.version, known.metric) for known in COLUMNS.values()]
    stored = BenchmarkScore.objects.values_list(
        *("reported_as", "benchmark__name", "benchmark__version", "benchmark__metric"),
        "value",
    )
    assert sorted((who, names.index(tuple(at)), n) for who, *at, n in stored) == wanted
    assert len({who for who, *_ in wanted}) == 55
    assert Benchmark.objects.count() == len(names) == 23
    assert [count.added for count in first.counts] == [23, len(wanted)]
    assert [count.already_there for count in second.counts] == [23, len(wanted)]
    assert (second.added, second.changed) == (0, 0)
    assert first.notes == (
        "Column 24 (AlpacaEval output length) is shown, and not compared with other "
        "scores.",
        "1 row without a model's name was skipped (line 75).",
    )
    mmlu = Benchmark.objects.get(name="MMLU")
    assert mmlu.licence == "Apache 2.0" and "tatsu-lab/alpaca_eval" in mmlu.source


def test_known_columns_become_benchmarks_with_a_version(tmp_path):
    run(write(tmp_path))

    mmlu, arena, own = (
        Benchmark.objects.get(name=name) for name in ("MMLU", "Arena Elo", "Own test")
    )
    assert (mmlu.slug, mmlu.version, mmlu.metric) == (
        *("mmlu-5-shot", "5-shot", "accuracy, %"),
    )
    assert (arena.slug, arena.version) == ("arena-elo-feb-2-2024", "Feb 2, 2024")
    assert str(arena.scores.get(reported_as="rowan").measured_on) == "2024-02-02"
    assert (own.metric, own.kind, own.scores.count()) == ("score", "reported", 0)
    assert (mmlu.licence, mmlu.source) == ("CC0", "Hedge")


def test_scores_of_another_source_stand_beside_the_known_ones(tmp_path):
    run(write(tmp_path))
    Benchmark.objects.update(licence="MIT")

    other = write(tmp_path, SMALL.replace("61.5", "70"))
    report = run(other, fields=SetFields(licence="CC BY 4.0", source="Copse"))

    assert (report.added, report.changed) == (4, 0)
    scores = Benchmark.objects.get(name="MMLU").scores
    said = scores.filter(reported_as="heron-7b").values_list("source", "value")
    assert set(said) == {("Hedge", 61.5), ("Copse", 70.0)}
    credits = Benchmark.objects.values_list("licence", "source").distinct()
    assert set(credits) == {("MIT", "Hedge")}


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        (SetFields(licence="CC0"), ["source: required, as files of this format do"]),
        (SetFields(), ["licence: required", "source: required"]),
        (replace(OWN, slug="own"), ["Of scores, licence and source alone are said"]),
    ],
)
def test_a_table_of_ones_own_says_whose_it_is(tmp_path, fields, problems):
    # The known table's name alone does not make it that one.
    path = write(tmp_path).rename(tmp_path / FILE)

    with pytest.raises(BadInput) as caught:
        run(path, fields=fields)

    for problem, start in zip(caught.value.problems, problems, strict=True):
        assert problem.startswith(start)


def test_a_short_row_leaves_the_rest_empty_and_a_nameless_one_is_told(tmp_path):
    report = run(write(tmp_path))

    scores = BenchmarkScore.objects.values_list("reported_as", "value")
    assert set(scores) == {
        *{("heron-7b", 61.5), ("heron-7b", 1100.0)},
        *{("rowan", 1000.0), ("larch", 12.0)},
    }
    assert report.notes == ("1 row without a model's name was skipped (line 6).",)


def test_a_changed_value_replaces_the_old_one_and_is_counted(tmp_path):
    run(write(tmp_path))

    report = run(write(tmp_path, SMALL.replace("61.5", "62.5")))

    assert (report.added, report.changed) == (0, 1)
    assert BenchmarkScore.objects.filter(value=62.5).count() == 1
    assert not BenchmarkScore.objects.filter(value=61.5).exists()


def test_what_is_not_compared_is_told_as_it_stands(tmp_path):
    file = write(tmp_path, "Model,Output Length\nheron-7b,900\n")

    first = run(file)
    Benchmark.objects.update(is_yardstick=True)
    second = run(file)

    assert len(first.notes) == 1
    assert second.notes == ()


def test_a_dry_run_counts_and_writes_nothing(tmp_path):
    report = run(write(tmp_path), dry_run=True)

    assert [count.added for count in report.counts] == [3, 4]
    assert not Benchmark.objects.exists()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SMALL.replace("61.5", "n/a"), r"scores.csv:4: column 2 \(MMLU 5-shot\) is no"),
        (SMALL.replace("61.5", "nan"), "scores.csv:4: column 2"),
        (SMALL.replace("1e3", "1_000"), r"scores.csv:5: column 3 \(Arena Elo Feb 2"),
        (SMALL.replace("larch", "rowan"), "scores.csv:7: this model stands in line 5"),
        (SMALL.replace("larch", "l" * 121), "scores.csv:7: the name is longer"),
        (
            SMALL.replace("12\n", "1,2,3,4,5\n"),
            "scores.csv:7: 4 fields are expected, 6",
        ),
        (SMALL.replace("Own test", ""), "scores.csv:1: column 4 needs a title"),
        (SMALL.replace("Own test", "MMLU (5-shot)"), "scores.csv:1: two columns are"),
        (SMALL + 'x,"1', "scores.csv:8: not readable as CSV"),
        ("", "scores.csv:1: a header"),
    ],
)
def test_a_broken_table_is_refused_whole_with_its_lines(tmp_path, text, problem):
    with pytest.raises(BadInput, match=problem):
        run(write(tmp_path, text))

    assert not Benchmark.objects.exists()


def test_a_name_that_fits_is_suggested_and_no_more(tmp_path):
    heron = make_contestant(slug="heron-7b", name="Heron (7B)")
    rowan = make_contestant(name="R 1", aliases=["grove/rowan"])

    run(write(tmp_path))

    found = dict(BenchmarkScore.objects.values_list("reported_as", "suggested"))
    assert found == {"heron-7b": heron.pk, "rowan": rowan.pk, "larch": None}
    assert not BenchmarkScore.objects.exclude(contestant=None).exists()
    assert not BenchmarkScore.objects.public().exists()


def test_a_folder_without_the_table_is_refused(tmp_path):
    with pytest.raises(BadInput, match="is missing in"):
        run(tmp_path)
