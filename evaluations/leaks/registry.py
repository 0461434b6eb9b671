"""Finds the place where an answer tells who wrote it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self

from evaluations.leaks.folding import Folded
from evaluations.leaks.forms import Framed, Grammar
from evaluations.leaks.names import Spelling, key, spellings
from evaluations.leaks.quoting import held_up
from evaluations.leaks.tongues import TONGUES

# How far a form may reach before and after a name, in characters.
BEFORE = 160
AFTER = 160
GRAMMAR = Grammar(TONGUES)
# "Hi! I'm Claude." opens an answer; further on it may belong to a story.
_OPENING = 160
_BARE = re.compile(
    r"[\"'`)\]」』]*\s*(?:[.!?。！\n]|\Z|ですよ?。|입니다|हूँ|[\U0001f300-\U0001faff])"
)
_HUMAN = re.compile(
    r"(?<!\w)(?:born|years old|years ago|painter|mother|father|wife|husband|village"
    r"|grew up|i work (?:at|for)|my (?:dog|cat|son|daughter|brother|sister)|live in"
    r"|i work as"
    r"|geboren|jahre alt|maler(?:in)?|wohne|née?|ans|peintre|habite|vis à"
    r"|nací|años|pintor|vivo|nasci|anos|moro|nato|nata|anni|abito"
    r"|geworden|jaar oud|woon|lat|mieszkam|лет|живу|родил\w+|художник|років|мешкаю"
    r"|yaşında\w*|yaşıyorum|sao tuổi|tuổi|sống ở|tahun|tinggal)(?!\w)|岁|住在|歳|住んで"
    r"|살입니다|살아요"
)
_SIGNED = re.compile(
    r"(?:\n[ \t]*(?:—|--)[ \t]*|(?:regards|sincerely|wishes|cheers|grüße|grüßen"
    r"|cordialement"
    r"|saludos|atenciosamente|cordiali saluti|groeten|pozdrawiam"
    r"|уважением)[,.]?\s*\n\s*)"
    r"(?:your friendly ai,? |your ai assistant,? )?[\"'\[]?\Z"
)
_SIGN_END = re.compile(r"[\s\"'\].!\U0001f300-\U0001faff]*\Z")
_LETTER = re.compile(
    r"(?:^|\n)\s*(?:dear|liebe|lieber|cher|chère|querid|estimad|caro|beste|drog)"
)
_BETWEEN = re.compile(
    r"(?:'s)?[\s-]*(?:ai[\s-]*)?(?:large )?(?:language )?(?:model,?\s*)?\Z"
)


@dataclass(frozen=True)
class Leak:
    """Which form gave the author away, and where in the text it stands."""

    rule: str
    start: int
    end: int


@dataclass(frozen=True)
class _Hit:
    """A name or maker in the folded text."""

    start: int
    end: int
    spelling: Spelling
    numbered: bool


@dataclass(frozen=True)
class Registry:
    """Every name, maker and alias, compiled once; the caller keeps it."""

    by_key: dict[str, Spelling] = field(repr=False)
    pattern: re.Pattern[str] = field(repr=False)

    @classmethod
    def of(
        cls, names: Iterable[str], makers: Iterable[str], aliases: Iterable[str]
    ) -> Self:
        known = spellings(names, makers, aliases)
        return cls(by_key=known.by_key, pattern=known.pattern())

    def find(self, text: str) -> Leak | None:
        """Find the first place of a whole answer that names its author."""
        return self.search(text, whole=True)

    def search(self, text: str, *, whole: bool, since: int = 0) -> Leak | None:
        """Look at the names after a place; of a growing text not at its last ones.

        What follows a name may deny it, so a name waits until its sentence came.
        """
        page = Folded(text[since:])
        until = len(page.lower) if whole else len(page.lower) - AFTER
        for hit in self._hits(page.lower, until):
            found = _judge(page, hit) or (_signature(page, hit) if whole else None)
            if found and since:
                # Only the whole text tells whether a quotation is open here.
                return self.search(text, whole=whole)
            if found:
                rule, start = found
                return Leak(rule, page.place(start), page.place(hit.end - 1) + 1)
        return None

    def _hits(self, lower: str, until: int) -> Iterator[_Hit]:
        last: _Hit | None = None
        for match in self.pattern.finditer(lower):
            if match.end() > until:
                return
            hit = _Hit(
                start=match.start(),
                end=match.end(),
                spelling=self.by_key[key(match["stem"])],
                numbered=bool(match["suffix"].strip()),
            )
            yield hit
            if last and hit.spelling.name and last.spelling.maker:
                yield from _together(lower, last, hit)
            last = hit


def _together(lower: str, maker: _Hit, name: _Hit) -> Iterator[_Hit]:
    """Read "OpenAI's ChatGPT" and "Google Gemini" as one name."""
    if _BETWEEN.fullmatch(lower, maker.end, name.start):
        yield _Hit(maker.start, name.end, Spelling(name=True, distinct=True), True)


def _judge(page: Folded, hit: _Hit) -> tuple[str, int] | None:
    for rule, start in _forms(page, hit):
        if not _is_own_word(page.lower, start):
            continue
        if rule in ("says_its_maker", "maker_made_it") or _is_meant(page, hit, start):
            return rule, start
    return None


def _forms(page: Folded, hit: _Hit) -> Iterator[tuple[str, int]]:
    """Give each form that stands around a name, with where it begins."""
    lower = page.lower
    if GRAMMAR.denied.match(lower, hit.end, hit.end + 40):
        return
    low = max(0, hit.start - BEFORE)
    if hit.spelling.name:
        for rule, pattern in (
            ("says_its_name", GRAMMAR.naming),
            ("says_its_family", GRAMMAR.kin),
        ):
            if match := pattern.search(lower, low, hit.start):
                yield rule, match.start("form")
        yield from _framed("speaks_as", GRAMMAR.framed_name, lower, hit, low)
    if hit.spelling.maker and _is_capital(page, hit):
        if match := GRAMMAR.made_by.search(lower, low, hit.start):
            yield "says_its_maker", match.start("form")
        if GRAMMAR.maker_made_me.match(lower, hit.end, hit.end + AFTER):
            yield "maker_made_it", hit.start
        yield from _framed("says_its_maker", GRAMMAR.framed_maker, lower, hit, low)


def _framed(
    rule: str, frames: tuple[Framed, ...], lower: str, hit: _Hit, low: int
) -> Iterator[tuple[str, int]]:
    for frame in frames:
        if not frame.after.match(lower, hit.end, hit.end + AFTER):
            continue
        if match := frame.before.search(lower, low, hit.start):
            yield rule, match.start("form")


def _is_own_word(lower: str, start: int) -> bool:
    doubted = GRAMMAR.doubt.search(lower, max(0, start - 40), start)
    return not doubted and not held_up(lower, start)


def _is_capital(page: Folded, hit: _Hit) -> bool:
    """Ask a capital of what is written with capitals, unless nothing is."""
    sign = page.cased[hit.start]
    return not sign.islower() or hit.spelling.distinct or page.cased.islower()


def _is_meant(page: Folded, hit: _Hit, start: int) -> bool:
    """Ask more of a word that is a person's, an animal's or a thing's as well."""
    if hit.spelling.distinct or (hit.numbered and hit.end - hit.start > 3):
        return True
    if not _is_capital(page, hit):
        return False
    lower = page.lower
    if GRAMMAR.machine.search(lower, start, hit.start) or GRAMMAR.machine.search(
        lower, hit.end, hit.end + 120
    ):
        return True
    if _HUMAN.search(lower, hit.end, hit.end + 200):
        return False
    return start < _OPENING and _BARE.match(lower, hit.end) is not None


def _signature(page: Folded, hit: _Hit) -> tuple[str, int] | None:
    """Find a name that closes the answer as a signature closes a letter."""
    lower = page.lower
    signed = _SIGNED.search(lower, max(0, hit.start - 60), hit.start)
    if not signed or not hit.spelling.name or not _SIGN_END.match(lower, hit.end):
        return None
    above = lower[: signed.start()].rstrip().rsplit("\n", 1)[-1].lstrip()
    if above.startswith(("—", "--")) or not _is_capital(page, hit):
        return None
    if held_up(lower, hit.start) or (
        _LETTER.search(lower) and not hit.spelling.distinct
    ):
        return None
    return "signs", signed.start()
