from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from evaluations.dumps import request_dump
from tests.dumps.reading import make_vote
from tests.factories import make_battle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.ARENA_VAR = tmp_path
    return tmp_path / "dumps"


def test_a_dump_is_published_and_verified_by_command(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_vote(make_battle())

    call_command("publish_dump")
    [version] = folder.iterdir()
    call_command("verify_dump", str(version))

    said = capsys.readouterr().out.splitlines()
    name = version.name
    assert said == [
        f"Published dump {name}: 1 votes and 2 conversations in {version}",
        f"{version} is sound: 13 files, 1 votes, 0 controls, 2 conversations.",
    ]


def test_a_forged_dump_ends_the_command_with_what_is_wrong(folder: Path) -> None:
    call_command("publish_dump")
    [version] = folder.iterdir()
    (version / "LICENSE").write_text("All rights reserved.")

    with pytest.raises(CommandError, match="LICENSE has another SHA-256 sum"):
        call_command("verify_dump", str(version))


def test_while_a_dump_is_under_way_no_other_is_built() -> None:
    standing = request_dump(by=None)

    with pytest.raises(CommandError, match=f"Dump {standing} is being built"):
        call_command("publish_dump")
