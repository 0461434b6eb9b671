"""Unpack a stranger's archive: into one folder, of bounded size, plain files alone."""

import errno
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from evaluations.importers.reading import BadInput

MOST_FILES = 2_000
MOST_NAME_CHARS = 200
# What a file system takes as the name of one file or folder.
MOST_PART_BYTES = 255
PIECE = 1024 * 1024
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
# What packing programs add of their own.
BESIDE = ("__MACOSX", ".DS_Store", "Thumbs.db")


def unpack(*, archive: Path, into: Path, most_bytes: int) -> Path:
    """Unpack a zip file; return what is in it: a folder, or the only file.

    Raises:
        BadInput: it is no zip file, a part of it would lie elsewhere or is no plain
            file, or all of it is more than so many bytes.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            _unpack(packed, into, most_bytes)
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError):
        raise BadInput([f"{archive.name}: not readable as a zip file."]) from None
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise BadInput([f"{archive.name}: a file is in it twice."]) from None
    except RuntimeError:
        # A newer or an encrypting way, or a mark of it in a damaged part.
        why = "packed in a way that is not read here"
        raise BadInput([f"{archive.name}: {why}."]) from None
    except OSError as error:
        # A damaged number led to a place before the file's beginning.
        if error.errno != errno.EINVAL:
            raise
        raise BadInput([f"{archive.name}: not readable as a zip file."]) from None
    return _within(into)


def _unpack(packed: zipfile.ZipFile, into: Path, most_bytes: int) -> None:
    parts = [part for part in packed.infolist() if not _is_beside(part)]
    if len(parts) > MOST_FILES:
        raise BadInput([f"more than {MOST_FILES} files are packed."])
    left = most_bytes
    for part in parts:
        sentence = _fault(part)
        if sentence:
            raise BadInput([f"part {part.filename[:80]!r} {sentence}."])
        if part.is_dir():
            continue
        target = into / part.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        with packed.open(part) as source, target.open("xb") as file:
            left -= _copy(source, file, left)


def _is_beside(part: zipfile.ZipInfo) -> bool:
    return any(name in BESIDE for name in PurePosixPath(part.filename).parts)


def _fault(part: zipfile.ZipInfo) -> str:
    path = PurePosixPath(part.filename)
    kind = stat.S_IFMT(part.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or "\\" in part.filename:
        return "would lie outside the folder"
    if not _is_usable(part.filename, path.parts):
        return "has a name that cannot be used"
    if kind and not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        return "is no plain file"
    if part.flag_bits & ENCRYPTED:
        return "is encrypted"
    if part.compress_type not in COMPRESSIONS:
        return "is packed in a way that is not read here"
    return ""


def _is_usable(name: str, parts: tuple[str, ...]) -> bool:
    if not parts or not name.isprintable() or len(name) > MOST_NAME_CHARS:
        return False
    return all(len(part.encode()) <= MOST_PART_BYTES for part in parts)


def _copy(source: IO[bytes], file: IO[bytes], most: int) -> int:
    """Copy all; what the archive says of the size is not believed."""
    copied = 0
    while piece := source.read(PIECE):
        copied += len(piece)
        if copied > most:
            raise BadInput(["unpacked it is larger than allowed."])
        file.write(piece)
    return copied


def _within(folder: Path) -> Path:
    """Into the folders that hold nothing but one thing, down to it."""
    here = folder
    while here.is_dir():
        inside = list(here.iterdir())
        if len(inside) != 1:
            return here
        [here] = inside
    return here
