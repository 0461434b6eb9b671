import json
import re
from pathlib import Path

from evaluations.management.commands.vendor import (
    ICONS,
    PACKAGES,
    RECORD,
    sha256_of,
)

BASE = Path(__file__).resolve().parent.parent


def record() -> list[dict[str, object]]:
    return list(json.loads((BASE / RECORD).read_text(encoding="utf-8")))


def test_vendored_files_are_those_that_were_fetched() -> None:
    changed = [
        path
        for package in record()
        for path, digest in package["files"].items()  # type: ignore[attr-defined]
        if sha256_of(BASE / path) != digest
    ]

    assert changed == []


def test_the_record_names_every_package_and_file() -> None:
    recorded = {(p["package"], p["version"], p["licence"]) for p in record()}
    files = {path for p in record() for path in p["files"]}  # type: ignore[attr-defined]
    folders = [BASE / package.folder for package in PACKAGES]

    assert recorded == {(p.name, p.version, p.licence) for p in PACKAGES}
    assert files == {
        path.relative_to(BASE).as_posix() for f in folders for path in f.iterdir()
    }


def test_every_icon_is_used_and_every_one_used_is_there() -> None:
    pages = (BASE / "templates").rglob("*.html")
    used = {
        name
        for page in pages
        for name in re.findall(r'{% icon "([^"]+)" %}', page.read_text("utf-8"))
    }

    assert used == set(ICONS.split())
