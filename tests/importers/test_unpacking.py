import zipfile
from pathlib import Path

import pytest

from evaluations.importers import BadInput
from evaluations.importers.unpacking import unpack

LINK = 0o120777 << 16
MOST = 1000


def packed(folder: Path, parts: dict[str, str]) -> Path:
    archive = folder / "set.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return archive


def unpacked(archive: Path, most: int = MOST) -> Path:
    into = archive.parent / "into"
    into.mkdir()
    return unpack(archive=archive, into=into, most_bytes=most)


def refusal(archive: Path) -> str:
    with pytest.raises(BadInput) as caught:
        unpacked(archive)
    return caught.value.problems[0]


def test_a_folder_of_folders_is_unpacked(tmp_path: Path) -> None:
    parts = {"set/question.jsonl": "{}", "set/answers/a.jsonl": "[]"}
    beside = {"__MACOSX/set/._question.jsonl": "x", "set/.DS_Store": "x"}

    folder = unpacked(packed(tmp_path, {**parts, **beside}))

    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*.*")}
    assert files == {"question.jsonl", "answers/a.jsonl"}


def test_a_single_file_is_found_where_it_lies(tmp_path: Path) -> None:
    file = unpacked(packed(tmp_path, {"set/own.csv": "prompt"}))

    assert (file.name, file.read_text()) == ("own.csv", "prompt")


@pytest.mark.parametrize(
    "name", ["../out.csv", "/out.csv", "in/../../out.csv", "..\\out.csv"]
)
def test_nothing_is_written_outside_the_folder(name: str, tmp_path: Path) -> None:
    said = refusal(packed(tmp_path, {name: "x"}))

    assert said.endswith("would lie outside the folder.")
    assert not list(tmp_path.rglob("out.csv"))


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("own.csv")
    link.external_attr = LINK
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as file:
        file.writestr(link, "/etc/passwd")

    assert refusal(tmp_path / "set.zip") == "part 'own.csv' is no plain file."


def test_more_than_is_allowed_is_refused_by_what_comes_out(tmp_path: Path) -> None:
    archive = packed(tmp_path, {"a.csv": "x" * MOST, "b.csv": "x"})
    assert archive.stat().st_size < MOST

    assert refusal(archive) == "unpacked it is larger than allowed."


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    archive = packed(tmp_path, {f"{n}.csv": "" for n in range(2001)})

    assert refusal(archive) == "more than 2000 files are packed."


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_comes_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as file:
        file.writestr("own.csv", "a")
        file.writestr("own.csv", "b")

    assert refusal(tmp_path / "set.zip") == "set.zip: a file is in it twice."


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "set.zip").write_bytes(b"PK\3\4 and no more")

    assert refusal(tmp_path / "set.zip") == "set.zip: not readable as a zip file."


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    archive = packed(tmp_path, {"own.csv": "prompt\n" + "Why?\n" * 50})
    content = bytearray(archive.read_bytes())
    content[45:50] = b"\0\0\0\0\0"
    archive.write_bytes(content)

    assert refusal(archive) == "set.zip: not readable as a zip file."


# Bytes in the list of an archive's parts, counted from its first entry.
VERSION, FLAGS, METHOD, CHECKSUM, OFFSET = 6, 8, 10, 16, 42


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        (VERSION, 255, "set.zip: packed in a way that is not read here."),
        (FLAGS, 0x01, "part 'own.csv' is encrypted."),
        (FLAGS, 0x20, "set.zip: packed in a way that is not read here."),
        (FLAGS, 0x40, "set.zip: packed in a way that is not read here."),
        (METHOD, 99, "part 'own.csv' is packed in a way that is not read here."),
        (CHECKSUM, 0, "set.zip: not readable as a zip file."),
        (OFFSET, 9, "set.zip: not readable as a zip file."),
        # In the end record: where the list begins.
        (-3, 9, "set.zip: not readable as a zip file."),
    ],
)
def test_what_a_part_says_of_itself_is_not_believed(
    place: int, value: int, sentence: str, tmp_path: Path
) -> None:
    archive = packed(tmp_path, {"own.csv": "prompt\n" * 9})
    content = bytearray(archive.read_bytes())
    listed = content.index(b"PK\1\2")
    content[place if place < 0 else listed + place] = value
    archive.write_bytes(content)

    assert refusal(archive) == sentence


@pytest.mark.parametrize("name", ["ä" * 150, "x" * 201, ".", "own\n.csv"])
def test_a_name_that_no_file_can_have_is_refused(name: str, tmp_path: Path) -> None:
    archive = packed(tmp_path, {"first.csv": "x", name: "x"})

    assert refusal(archive).endswith(" has a name that cannot be used.")


def test_a_part_without_a_name_is_refused(tmp_path: Path) -> None:
    archive = packed(tmp_path, {"q": "x"})
    content = archive.read_bytes().replace(b"q", b"")
    listed = content.index(b"PK\1\2")
    changed = bytearray(content)
    changed[26] = changed[listed + 28] = 0
    # The list of one part without a name has 46 bytes.
    changed[-10:-6] = (46).to_bytes(4, "little")
    changed[-6:-2] = listed.to_bytes(4, "little")
    archive.write_bytes(changed)

    assert refusal(archive) == "part '' has a name that cannot be used."
