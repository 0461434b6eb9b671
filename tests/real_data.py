"""Public data sets beside the repository; tests skip where they are missing."""

import os
from pathlib import Path

import pytest

from arena.env import BASE


def folder(name: str) -> Path:
    home = Path(os.environ.get("ARENA_DATA_DIR", BASE.parent / "shared" / "data"))
    if not (home / name).is_dir():
        pytest.skip(f"no real data: set ARENA_DATA_DIR to the folder that has {name}")
    return home / name


def golden(name: str) -> Path:
    home = Path(os.environ.get("ARENA_DESIGN_DIR", BASE.parent / "shared" / "design"))
    path = home / "golden" / name
    if not path.is_file():
        pytest.skip(f"no golden figures: set ARENA_DESIGN_DIR to have golden/{name}")
    return path
