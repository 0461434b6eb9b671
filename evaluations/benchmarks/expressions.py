"""A benchmark's own regular expression, tried in a process that can be killed.

Python's matcher may take for ever on a pattern such as (a+)+b and cannot be stopped
from within, so neither the door nor a run waits for it longer than a moment.
"""

import json
import os
import re
import subprocess
import sys

SECONDS = 2.0
# Long runs of one character, with and without another at the end: what is slow on
# none of them is taken.
_TRIAL = 2_000
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_PROGRAM = """
import json, re, sys
pattern, texts = json.load(sys.stdin)
expression = re.compile(pattern)
last = ""
for text in texts:
    for match in expression.finditer(text):
        last = match[1] or ""
json.dump(last, sys.stdout)
"""


class BadExpression(ValueError):
    """The expression cannot be used; the message is a sentence."""


class _TookTooLong(Exception):
    """The expression was still at it when its time was over."""


def check_expression(expression: str) -> None:
    """Raise BadExpression where it is broken, finds nothing, or takes too long."""
    try:
        compiled = re.compile(expression)
    except re.error as error:
        raise BadExpression(f"Not a regular expression: {error}.") from None
    if not compiled.groups:
        raise BadExpression("The expression needs a group that holds the answer.")
    runs = [
        character * _TRIAL + end
        for character in sorted({*expression, *"aA0 .x\n"})
        for end in ("", "!")
    ]
    try:
        _last_group(expression, runs)
    except _TookTooLong:
        raise BadExpression(
            f"The expression takes more than {SECONDS:g} s on simple texts: "
            "write it without repeats of repeats."
        ) from None


def found_by(expression: str, text: str) -> str:
    """The first group of the last match; empty where there is none in time."""
    try:
        return _last_group(expression, [text])
    except _TookTooLong:
        return ""


def _last_group(expression: str, texts: list[str]) -> str:
    environment = {
        name: os.environ[name] for name in _ENVIRONMENT if name in os.environ
    }
    try:
        done = subprocess.run(  # noqa: S603  our own program; texts go by its input
            [sys.executable, "-I", "-S", "-c", _PROGRAM],
            input=json.dumps([expression, texts]),
            capture_output=True,
            check=True,
            encoding="utf-8",
            env=environment,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise _TookTooLong from None
    return str(json.loads(done.stdout))
