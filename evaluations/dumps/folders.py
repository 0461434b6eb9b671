"""Where dumps lie: built aside, made safe on the disk, put in place at once."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from evaluations.simulated import simulation

CHECKSUMS = "checksums.txt"


def home() -> Path:
    var = Path(settings.ARENA_VAR)
    if made_up := simulation():
        # Never among the real ones, and dropped with the simulation.
        return var / "simulations" / made_up.label / made_up.rule / "dumps"
    return var / "dumps"


def folder_of(version: str) -> Path:
    return home() / version


@contextmanager
def part_folder(version: str) -> Iterator[Path]:
    """A folder of this builder's own; what is left of it at the end is removed."""
    home().mkdir(parents=True, exist_ok=True)
    # One dump is built at a time, so any other is what a killed builder left.
    for left in home().glob("*.part"):
        shutil.rmtree(left, ignore_errors=True)
    part = home() / f"{version}.{secrets.token_hex(4)}.part"
    part.mkdir()
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def make_durable(part: Path, after_each: Callable[[], None]) -> None:
    """See to it that after a power cut the files are whole."""
    for path in [*part.rglob("*"), part]:
        _sync(path)
        after_each()


def put_in_place(part: Path, version: str) -> None:
    place = folder_of(version)
    # A builder that died before it said so may have left it.
    shutil.rmtree(place, ignore_errors=True)
    part.rename(place)
    _sync(home())


def remove(version: str) -> None:
    shutil.rmtree(folder_of(version), ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_in(folder: Path) -> list[str]:
    """Names of all files below, tables first, the list of sums left out."""
    names = [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    ]
    return sorted(set(names) - {CHECKSUMS}, key=lambda name: ("/" not in name, name))


def write_checksums(folder: Path, after_each: Callable[[], None]) -> dict[str, str]:
    sums = {}
    for name in files_in(folder):
        sums[name] = sha256_of(folder / name)
        after_each()
    lines = [f"{digest}  {name}\n" for name, digest in sums.items()]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")
    return sums | {CHECKSUMS: sha256_of(folder / CHECKSUMS)}
