import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evaluations.providers.house import reading

PAGE = Path(__file__).with_name("snippets.md")

_ENTRY = re.compile(
    r"## (?P<title>.+?) \((?P<language>\w+)\)\n"
    r"Words: (?P<words>.+)\n"
    r"(?P<code>```\w+\n.+?\n```)\n"
    r"(?P<note>.+)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Snippet:
    title: str
    language: str
    terms: frozenset[str]
    title_terms: frozenset[str]
    code: str
    note: str


class BrokenSnippet(ValueError):
    """An entry of the page of snippets lacks one of its four parts."""


@cache
def all_snippets() -> tuple[Snippet, ...]:
    _, *entries = PAGE.read_text(encoding="utf-8").split("\n## ")
    return tuple(_read(f"## {entry}") for entry in entries)


def _read(entry: str) -> Snippet:
    match = _ENTRY.fullmatch(entry.strip())
    if not match:
        raise BrokenSnippet(entry.partition("\n")[0])
    return Snippet(
        title=match["title"],
        language=match["language"],
        terms=frozenset(reading.terms(f"{match['title']} {match['words']}")),
        title_terms=frozenset(reading.terms(match["title"])),
        code=match["code"],
        note=match["note"].strip(),
    )
