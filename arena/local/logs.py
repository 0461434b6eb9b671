import re
from pathlib import Path

from arena.local.steps import say

WARNING = re.compile(r"Z (WARNING|ERROR|CRITICAL) ")  # as arena.log writes them
LINES_AT_ONCE = 5


class FollowedLog:
    """The log of a process; its new warnings are shown on the terminal."""

    def __init__(self, path: Path, *, name: str) -> None:
        self.path = path
        self._name = name
        path.touch(mode=0o600)
        self._seen = path.stat().st_size

    def new_lines(self) -> list[str]:
        with self.path.open("rb") as file:
            file.seek(self._seen)
            text = file.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._seen += len(whole)
        return whole.decode(errors="replace").splitlines()

    def show_warnings(self) -> None:
        warnings = [line for line in self.new_lines() if WARNING.search(line)]
        for line in warnings[:LINES_AT_ONCE]:
            say(f"  ! {self._name}: {line[:300]}")
        more = len(warnings) - LINES_AT_ONCE
        if more > 0:
            say(f"  ! {self._name}: {more} more warnings in {self.path}")
