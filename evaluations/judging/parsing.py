"""Read a judge's reply strictly: one verdict in the form asked for, or none at all."""

import re
from dataclasses import dataclass

LOWEST, HIGHEST = 1.0, 10.0
VERDICTS = {"a": "a", "b": "b", "tie": "tie", "both bad": "both_bad"}
VERDICT = re.compile(r"\[\[(a|b|tie|both bad)\]\]", re.IGNORECASE | re.ASCII)
SCORE = re.compile(r"\[\[(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)\]\]", re.ASCII)


class Unreadable(Exception):
    """The reply holds no verdict in the form that was asked for; says why not."""


@dataclass(frozen=True)
class Verdict:
    """a is the answer that was shown first, b the second."""

    verdict: str
    reason: str


@dataclass(frozen=True)
class Score:
    score: float
    reason: str


def read_verdict(text: str) -> Verdict:
    """Read `[[A]]`, `[[B]]`, `[[tie]]` or `[[both bad]]` off the last line.

    >>> read_verdict("A is shorter and right." + chr(10) + "[[A]]")
    Verdict(verdict='a', reason='A is shorter and right.')

    Raise Unreadable where the last line is anything else, or where the reply holds
    another verdict besides.
    """
    reason, last = _apart(text)
    given = VERDICT.fullmatch(last)
    if given is None:
        raise Unreadable("The last line is no verdict.")
    if len({found.lower() for found in VERDICT.findall(text)}) > 1:
        raise Unreadable("There are several verdicts.")
    return Verdict(VERDICTS[given[1].lower()], reason)


def read_score(text: str) -> Score:
    """Read `[[7]]` off the last line, from 1 to 10; raise Unreadable as for verdicts.

    >>> read_score("Mostly right." + chr(10) + "[[7]]")
    Score(score=7.0, reason='Mostly right.')
    """
    reason, last = _apart(text)
    given = SCORE.fullmatch(last)
    if given is None:
        raise Unreadable("The last line is no score.")
    if len({float(found) for found in SCORE.findall(text)}) > 1:
        raise Unreadable("There are several scores.")
    score = float(given[1])
    if not LOWEST <= score <= HIGHEST:
        raise Unreadable(f"A score goes from {LOWEST:.0f} to {HIGHEST:.0f}.")
    return Score(score, reason)


def _apart(text: str) -> tuple[str, str]:
    """What is said before the last line, and that line."""
    reason, _, last = text.strip().rpartition("\n")
    return reason.strip(), last.strip()
