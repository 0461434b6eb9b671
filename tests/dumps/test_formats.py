"""SECURITY: what a spreadsheet would run, and texts that break careless writers."""

import csv
import unicodedata
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from evaluations.dumps import verify
from evaluations.dumps.formats import guarded
from evaluations.models import Answer
from tests.dumps.reading import make_vote, published, rows
from tests.factories import make_battle, make_contestant, make_prompt

FORMULAS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\tplain",
    " =1",
    "  \u00a0=1",
    "\u3000+1",
    "|calc",
    "%0A=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example";"y")',
]
HOSTILE = [
    *FORMULAS,
    'quotes " and "" and ,;',
    "line\r\nends\nand\rmore",
    "'=already guarded",
    "\u202etxet rettel",
    "\u2028 line and paragraph \u2029 \u0085 separators",
    "👩‍👩‍👧‍👦 \U0001f3f4\U000e0067\U000e007f",
    "\x01\x1f\x7f control",
    "\ufeff mark",
    "[1, 2]",
    "null",
    "long " + "x" * 200_000,
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", ["", "plain", "1+1=2", "a@b", "100 %", "[=1]", "'=1"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@pytest.fixture
def hostile_dump(db: None) -> Path:
    for number, text in enumerate(HOSTILE):
        name = f"{text[:60]} {number}"
        contestant = make_contestant(name=name, maker=text[:60])
        prompt = make_prompt(text, categories=[text[:40]])
        battle = make_battle(contestant, prompt=prompt)
        Answer.objects.filter(contestant=contestant).update(text=text)
        make_vote(battle, reasons=["clear"] * (number % 3))
    return published()


def test_the_three_formats_hold_the_same_rows(hostile_dump: Path) -> None:
    assert verify(hostile_dump).rows["votes"] == len(HOSTILE)

    parquet = pq.read_table(hostile_dump / "data/votes.parquet").to_pylist()
    assert parquet == rows(hostile_dump)
    asked = {row["conversation_a"][0]["content"] for row in parquet}
    assert asked == set(HOSTILE)


def test_no_cell_of_the_csv_files_is_a_formula(hostile_dump: Path) -> None:
    csv.field_size_limit(2**31 - 1)
    cells = 0
    for name in ("votes", "controls", "conversations"):
        with (hostile_dump / f"csv/{name}.csv").open(newline="") as file:
            for row in csv.reader(file, strict=True):
                for cell in row:
                    cells += 1
                    start = unicodedata.normalize("NFKC", cell.strip() or " ")[0]
                    assert start not in "=+-@|%"
                    assert cell[:1] not in ("\t", "\r", "\n")
    assert cells > len(HOSTILE) * 20


def test_the_card_names_the_parquet_files_alone(hostile_dump: Path) -> None:
    head = (hostile_dump / "README.md").read_text().split("---\n")[1]

    assert head.count("data_files: ") == 3
    assert "data_files: data/votes.parquet\n" in head
    assert "data_files: data/controls.parquet\n" in head
    assert "data_files: data/conversations.parquet\n" in head
