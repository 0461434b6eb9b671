"""Votes in the ledger, and what a dump says of them."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.utils import timezone

from evaluations.dumps import folder_of, publish_dump
from evaluations.models import Battle, Dump, Volunteer, Vote
from tests.factories import make_volunteer

# As a stranger reads it: another process, the folder, nothing of the arena, no network.
READER = """
import json, sys
from datasets import load_dataset

folder, out = sys.argv[1:]
for config in ("", "votes", "conversations"):
    table = load_dataset(folder, config) if config else load_dataset(folder)
    table["train"].to_json(f"{out}/{config or 'default'}.jsonl", force_ascii=False)
"""


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


def read_as_a_stranger(folder: Path, out: Path) -> None:
    """Let `datasets` write each config of a dump as JSON lines into `out`."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(out),
        "HF_HOME": str(out / "cache"),
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TMPDIR": str(out),
    }
    subprocess.run(
        [sys.executable, "-c", READER, str(folder), str(out)],
        env=environment,
        cwd=out,
        check=True,
        capture_output=True,
        timeout=300,
    )


def lines_of(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
