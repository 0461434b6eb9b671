import csv
import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evaluations.dumps import DumpBroken, verify
from tests.dumps.reading import make_vote, published
from tests.factories import make_battle

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder() -> Path:
    for verdict in ("a", "b", "tie", "both_bad"):
        make_vote(make_battle(), verdict=verdict)
    return published()


def broken(folder: Path) -> str:
    with pytest.raises(DumpBroken) as caught:
        verify(folder)
    return str(caught.value)


def sum_up_anew(folder: Path) -> None:
    """What a forger would do: the sums fit the forged files."""
    names = [line.split("  ")[1] for line in _sums(folder).read_text().splitlines()]
    lines = [
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in names
    ]
    _sums(folder).write_text("".join(lines))


def _sums(folder: Path) -> Path:
    return folder / "checksums.txt"


def test_a_sound_dump_is_sound(folder: Path) -> None:
    verified = verify(folder)

    assert verified.rows == {"votes": 4, "controls": 0, "conversations": 8}
    assert verified.files == 13


def test_a_changed_byte_is_found(folder: Path) -> None:
    path = folder / "jsonl/votes.jsonl.gz"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)

    assert broken(folder) == (
        "jsonl/votes.jsonl.gz has another SHA-256 sum than checksums.txt says."
    )


def test_missing_and_strange_files_are_found(folder: Path) -> None:
    (folder / "csv/votes.csv").rename(folder / "csv/other.csv")
    _sums(folder).write_text(
        "\n".join(
            line
            for line in _sums(folder).read_text().splitlines()
            if "README" not in line
        )
    )
    (folder / "README.md").unlink()

    assert broken(folder).splitlines() == [
        "csv/votes.csv is missing.",
        "csv/other.csv is not in checksums.txt.",
        "README.md is missing.",
    ]


def test_a_folder_that_is_no_dump_is_refused(tmp_path: Path) -> None:
    assert broken(tmp_path) == "checksums.txt is missing or not readable."


def lose_a_line(folder: Path) -> None:
    path = folder / "jsonl/votes.jsonl.gz"
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(b"".join(lines[:-1])))


def change_a_json_value(folder: Path) -> None:
    path = folder / "jsonl/votes.jsonl.gz"
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    row = json.loads(lines[1])
    lines[1] = json.dumps({**row, "model_a": "Another"})
    path.write_bytes(gzip.compress("\n".join(lines).encode()))


def change_a_csv_cell(folder: Path) -> None:
    path = folder / "csv/votes.csv"
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    rows[3][rows[0].index("tstamp")] = "2020-01"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)


def invent_a_winner(folder: Path) -> None:
    """In all three formats alike."""
    parquet = folder / "data/votes.parquet"
    table = pq.read_table(parquet)
    winners = table.column("winner").to_pylist()
    old = json.dumps(winners[0])
    column = pa.array(["model_c", *winners[1:]])
    at = table.column_names.index("winner")
    pq.write_table(table.set_column(at, table.field("winner"), column), parquet)
    lines = gzip.decompress((folder / "jsonl/votes.jsonl.gz").read_bytes())
    new = lines.replace(f'"winner":{old}'.encode(), b'"winner":"model_c"', 1)
    (folder / "jsonl/votes.jsonl.gz").write_bytes(gzip.compress(new))
    path = folder / "csv/votes.csv"
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    rows[1][rows[0].index("winner")] = "model_c"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)


def drop_a_column(folder: Path) -> None:
    path = folder / "data/votes.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["judge"]), path)


def count_wrongly(folder: Path) -> None:
    path = folder / "schema.json"
    schema = json.loads(path.read_text())
    schema["tables"]["conversations"]["rows"] = 9
    path.write_text(json.dumps(schema))


def forget_the_tables(folder: Path) -> None:
    (folder / "schema.json").write_text('{"tables": []}')


def cut_a_file(folder: Path) -> None:
    path = folder / "data/conversations.parquet"
    path.write_bytes(path.read_bytes()[:-9])


FORGERIES: dict[Callable[[Path], None], str] = {
    lose_a_line: "The formats of votes have different numbers of rows.",
    change_a_json_value: "Row 2 of votes differs in Parquet and JSON lines.",
    change_a_csv_cell: "Row 3 of votes differs in Parquet and CSV.",
    invent_a_winner: "Row 1 of votes has an unknown winner.",
    drop_a_column: "data/votes.parquet has other columns than schema.json.",
    count_wrongly: "schema.json counts 9 conversations, 8 stand in the files.",
    forget_the_tables: "schema.json is not the schema of a dump.",
    cut_a_file: "A file of conversations is not readable (ArrowInvalid).",
}


@pytest.mark.parametrize("forge", FORGERIES)
def test_forgeries_with_sums_that_fit_are_found(
    forge: Callable[[Path], None], folder: Path
) -> None:
    forge(folder)
    sum_up_anew(folder)

    assert broken(folder) == FORGERIES[forge]
