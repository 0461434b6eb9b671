"""How a registered name may be spelled, and how much a spelling proves."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from evaluations.leaks.folding import fold
from evaluations.leaks.known import FAMILIES, MAKERS, WORDLIKE, rows

# Words that tell a size, a make or a date, never a family.
_TRIMMINGS = """
    instruct chat base turbo mini preview it hf gguf awq gptq sft rlhf dpo latest
    beta alpha exp experimental large medium small nano lite pro plus max ultra
    flash instant opus sonnet haiku thinking reasoning coder code python control
    extended supreme light mid bison version model api online free high low next ai
    fp8 bf16 int4 int8 q4 q8 k m l2 epoch v the
"""
# Too plain to stand for a family even beside a machine's words.
_PLAIN = """
    open stable red text new long super big world deep smart simple program house
    chat code model assistant ai llm bot test demo local my your our good best first
    fast grand micro mega tiny little echo random markov baseline
"""
TRIMMINGS = frozenset(_TRIMMINGS.split())
PLAIN = frozenset(_PLAIN.split())
LETTERS = "a-z\u00c0-\u024f\u0400-\u04ff"
LETTER = "0-9" + LETTERS
SEPARATOR = r"[\s\-_.]{0,2}"
# Versions, sizes and makes after a family: "3.1 8B Instruct", "4o-mini", "R+".
VERSION = r"v?\d+(?:\.\d+)*(?:[a-z]{1,2})?(?![a-z0-9])"
MAKE = (
    r"(?:instruct|chat|turbo|mini|pro|flash|ultra|opus|sonnet|haiku|instant|coder|plus"
    r"|max|nano|lite|large|medium|small|preview|thinking|next|nemo)(?![a-z0-9])"
)
SUFFIX = rf"(?P<suffix>(?:[\s\-_]?(?:{VERSION}|{MAKE}))*)"
# Marks of Indian scripts are no word characters, so the rest is told by what it is not.
_TOKEN = re.compile(rf"[{LETTERS}]+\+?|\d+|[^\s\d\-_.,:;()/'\"+&!?]+")
_SIZE = re.compile(r"(?<![\w.])v?\d+(?:\.\d+)?\s?[bmk]?(?![\w.])", re.IGNORECASE)


@dataclass(frozen=True)
class Spelling:
    """One way to write a name; `distinct` ones prove a leak by "I am X" alone."""

    name: bool = False
    maker: bool = False
    distinct: bool = False


def tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(fold(text).lower()))


def key(text: str) -> str:
    return "".join(tokens(text))


def stems(name: str) -> Iterable[tuple[str, bool]]:
    """Give the family's spellings with whether each is distinct.

    "Llama 3.1 8B Instruct" gives "Llama"; versions and sizes are found as what
    follows a family. A name of several words, or of inner capitals or digits, is
    distinct; a single word may be any word, so it is not, unless it is well known.
    """
    last = name.rsplit("/", 1)[-1].split(":")[0]
    plain = _SIZE.sub(" ", re.sub(r"\([^)]*\)|[_\-]", " ", fold(last)))
    words = [word for word in plain.split() if key(word)]
    while words and words[-1].lower().strip(".") in TRIMMINGS:
        words.pop()
    kept = [word for word in words if word.lower() not in TRIMMINGS]
    if len(kept) > 1:
        yield " ".join(kept), True
    if kept and kept[0].lower() not in PLAIN and len(key(kept[0])) > 1:
        yield kept[0], _coined(kept[0])


def _coined(word: str) -> bool:
    """Tell whether capitals or digits inside a word show that it was made up."""
    inner = word[1:]
    mixed = any(sign.isupper() for sign in inner) and not word.isupper()
    return len(key(word)) > 3 and (mixed or any(sign.isdigit() for sign in inner))


class Spellings:
    """All spellings by their key; what is known of a word outweighs its looks."""

    def __init__(self) -> None:
        self.by_key: dict[str, Spelling] = {}
        self.forms: dict[str, tuple[str, ...]] = {}

    def add(self, text: str, spelling: Spelling) -> None:
        parts = tokens(text)
        if not parts:
            return
        joined = "".join(parts)
        old = self.by_key.get(joined, Spelling())
        self.by_key[joined] = Spelling(
            name=old.name or spelling.name,
            maker=old.maker or spelling.maker,
            distinct=old.distinct or spelling.distinct,
        )
        if len(parts) > len(self.forms.get(joined, ())):
            self.forms[joined] = parts

    def pattern(self) -> re.Pattern[str]:
        """Compile one pattern, grouped by first letter, the longest first."""
        groups: dict[str, list[str]] = {}
        for joined in sorted(self.forms, key=len, reverse=True):
            groups.setdefault(joined[0], []).append(_spelled(self.forms[joined]))
        grouped = "|".join(
            re.escape(first)
            + "(?:"
            + "|".join(form[len(re.escape(first)) :] for form in forms)
            + ")"
            for first, forms in sorted(groups.items())
        )
        return re.compile(
            rf"(?<![{LETTER}])(?P<stem>{grouped}){SUFFIX}(?![{LETTER}]|\.\d)"
        )


def _spelled(parts: tuple[str, ...]) -> str:
    """Let hyphens, dots and spaces come and go, but keep the dot of a version."""
    out = re.escape(parts[0])
    for before, after in pairwise(parts):
        both = before.isdigit() and after.isdigit()
        out += (r"[\s\-_.]" if both else SEPARATOR) + re.escape(after)
    return out


def spellings(
    names: Iterable[str], makers: Iterable[str], aliases: Iterable[str]
) -> Spellings:
    known = Spellings()
    for row in rows(FAMILIES):
        known.add(row, Spelling(name=True, distinct=True))
    for row in rows(WORDLIKE):
        known.add(row, Spelling(name=True))
    wordlike = {key(row) for row in rows(WORDLIKE)}
    for row in rows(MAKERS):
        known.add(row, Spelling(maker=True))
    for name in (*names, *aliases):
        for stem, distinct in stems(name):
            spelling = Spelling(name=True, distinct=distinct)
            if key(stem) in wordlike and not _coined(stem):
                spelling = replace(spelling, distinct=False)
            known.add(stem, spelling)
    for maker in makers:
        if len(key(maker)) > 1:
            known.add(maker, Spelling(maker=True))
    return known
