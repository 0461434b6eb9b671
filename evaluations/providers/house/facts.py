import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PAGE = Path(__file__).with_name("facts.md")

_HEADING = re.compile(r"## (?P<title>.+?)(?: \((?P<language>[a-z]{2})\))?")
_FACT = re.compile(r"- \*\*(?P<subject>.+?)\*\*: (?P<text>.+)")


@dataclass(frozen=True)
class Fact:
    heading: str
    language: str
    subject: str
    text: str


class BrokenPage(ValueError):
    """A line of the page of facts is neither a heading nor a fact."""


@cache
def all_facts() -> tuple[Fact, ...]:
    return tuple(read(PAGE.read_text(encoding="utf-8")))


def read(page: str) -> list[Fact]:
    found: list[Fact] = []
    heading, language = "", "en"
    _, _, body = page.partition("\n## ")
    for number, line in enumerate(f"## {body}".splitlines(), start=1):
        if title := _HEADING.fullmatch(line):
            heading, language = title["title"], title["language"] or "en"
        elif fact := _FACT.fullmatch(line):
            found.append(Fact(heading, language, fact["subject"], fact["text"]))
        elif line.strip():
            raise BrokenPage(f"Line {number} after the introduction: {line[:80]}")
    return found
