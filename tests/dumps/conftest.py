from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def dumps_home(settings: Any, tmp_path: Path) -> Path:
    """Each test has a folder of dumps of its own."""
    settings.ARENA_VAR = tmp_path / "var"
    return tmp_path / "var" / "dumps"
