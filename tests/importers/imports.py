"""How the tests of the importers call them, and write the files to be imported."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from evaluations.importers import BadInput, Report, SetFields, import_data
from evaluations.models import (
    Answer,
    Battle,
    BattleTurn,
    Contestant,
    ContestantChange,
    Judge,
    JudgeScore,
    JudgeVerdict,
    Prompt,
    PromptSet,
)

OWN_SET = SetFields(slug="own", title="Own", licence="CC0", source="Hedge")
KINDS = (
    *(PromptSet, Prompt, Contestant, ContestantChange, Answer),
    *(Battle, BattleTurn, Judge, JudgeScore, JudgeVerdict),
)


def run(
    format: str,
    path: Path,
    fields: SetFields | None = None,
    *,
    dry_run: bool = False,
) -> Report:
    said = {} if fields is None else {"fields": fields}
    return import_data(
        format=format,
        path=path,
        dry_run=dry_run,
        progress=lambda label, done, total: None,
        **said,
    )


def problems_of(format: str, path: Path, fields: SetFields | None = None) -> list[str]:
    """What is said of a broken file, of which nothing may have been written."""
    before = everything()
    with pytest.raises(BadInput) as caught:
        run(format, path, fields)
    assert everything() == before
    return caught.value.problems


def everything() -> Counter[str]:
    return Counter({kind.__name__: kind._default_manager.count() for kind in KINDS})


def added(report: Report) -> dict[str, int]:
    return {count.kind: count.added for count in report.counts}


def write_lines(path: Path, lines: Iterable[object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(written) + "\n", encoding="utf-8")
    return path
