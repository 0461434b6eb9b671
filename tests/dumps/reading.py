"""Votes in the ledger, and what a dump says of them."""

import gzip
import json
from pathlib import Path
from typing import Any

from django.utils import timezone

from evaluations.dumps import folder_of, publish_dump
from evaluations.models import Battle, Dump, Volunteer, Vote
from tests.factories import make_volunteer


def make_vote(battle: Battle, **values: Any) -> Vote:
    """A vote that counts."""
    defaults: dict[str, Any] = {
        "verdict": "a",
        "left": "x",
        "state": Vote.State.COUNTED,
        "cast_at": timezone.now(),
    }
    volunteer: Volunteer = values.pop("volunteer", None) or make_volunteer()
    return Vote.objects.create(
        battle=battle, volunteer=volunteer, **{**defaults, **values}
    )


def published() -> Path:
    """The folder of a dump built now."""
    dump = publish_dump()
    assert dump.state == Dump.State.PUBLISHED, dump.note
    return folder_of(dump.version)


def rows(folder: Path, table: str = "votes") -> list[dict[str, Any]]:
    with gzip.open(folder / f"jsonl/{table}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def everything(folder: Path) -> bytes:
    """All that anyone can read out of a dump's files."""
    content = b""
    for path in folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            content += gzip.decompress(raw) if path.suffix == ".gz" else raw
    return content
