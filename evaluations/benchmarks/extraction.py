"""Read the answer out of a reply, and say whether it is right. Pure text.

Each kind has a rule of its own: the letter of a choice, the last number, or the words
of the last line. A benchmark may bring a regular expression instead.
"""

import re
import string
import unicodedata
from collections.abc import Callable, Sequence
from fractions import Fraction

from evaluations.benchmarks.expressions import found_by

EXACT, CHOICE, NUMBER = "exact", "choice", "number"
# Of a longer reply its end is read, where the answer stands.
LONGEST_REPLY = 16_000

# "The answer is …", "Answer: …"; of several the last one holds.
_MARK = r"\banswer(?:\s+is)?\b\s*[:=]?\s*"
_WRAPPING = r"[\s*_(\[{\"'“$]*"
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_NOT_WORDS = re.compile(r"[^\w\s]|_")

_DIGITS = r"(?:\d{1,3}(?:[,\u00a0\u2009\u202f]\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_NUMBER = re.compile(
    # A sign is one only where nothing stands before it: 10-4 holds 10 and 4.
    rf"(?P<sign>(?<![\w.)])-)?(?:(?P<whole>\d+)\s(?=\d+/\d))?"
    rf"(?P<top>{_DIGITS})(?:/(?P<bottom>\d+(?:\.\d+)?)(?![/\d]))?",
    re.ASCII,
)
# No question asks for more, and Python reads no number of thousands of them.
MOST_DIGITS = 1_000
_MINUS = re.compile("[\u2212\u2013](?=\\d)")


def letters_of(choices: Sequence[str]) -> str:
    """A, B, C …: as many as there are choices, 26 at most."""
    return string.ascii_uppercase[: len(choices)]


def extracted(
    reply: str, *, kind: str, choices: Sequence[str] = (), expression: str = ""
) -> str:
    """What the reply gives as its answer; empty where none can be read."""
    end = reply[-LONGEST_REPLY:]
    if expression:
        return found_by(expression, end).strip()
    if kind == CHOICE:
        return letter_in(end, choices)
    return number_in(end) if kind == NUMBER else words_in(end)


def is_right(given: str, *, kind: str, answers: Sequence[str]) -> bool:
    """Whether what was read is one of the right answers; nothing is never right."""
    if kind == NUMBER:
        value = value_of(given)
        return value is not None and value in map(value_of, answers)
    fold: Callable[[str], str] = str.upper if kind == CHOICE else normalised
    return bool(fold(given)) and fold(given) in map(fold, answers)


# --- multiple choice


def letter_in(reply: str, choices: Sequence[str]) -> str:
    """The letter chosen: named as the answer, standing alone, or by its text."""
    if not choices:
        return ""
    ways = (_letter_named, _letter_alone, _letter_marked)
    found = (way(reply, letters_of(choices)) for way in ways)
    return next(filter(None, found), "") or _letter_of_text(reply, choices)


def _letter_named(reply: str, letters: str) -> str:
    """In "the answer is (B)" and \\boxed{B}."""
    named = rf"(?i:{_MARK}(?:(?:option|choice)\s+)?){_WRAPPING}([{letters}])\b(?!['’])"
    boxed = rf"\\boxed\{{(?:\\text\{{)?\s*\(?([{letters}])\b"
    found = re.findall(rf"{named}|{boxed}", reply)
    return next(filter(None, found[-1]), "") if found else ""


def _letter_alone(reply: str, letters: str) -> str:
    """On a line of its own, or at the head of the only line: "B", "(b)", "B) Paris"."""
    lines = [line for line in reply.splitlines() if line.strip()]
    alone = re.compile(rf"[\W_]*([{letters}])[\W_]*", re.IGNORECASE)
    found = [match[1].upper() for line in lines if (match := alone.fullmatch(line))]
    if found:
        return found[-1] if len(set(found)) == 1 else ""
    if len(lines) != 1:
        return ""
    marked = set(re.findall(rf"\b([{letters}])\b[*_]*[).:\]]", lines[0]))
    head = re.match(rf"[\s*_(\[]*([{letters}])[*_]*[).:\]]", lines[0])
    return head[1] if head and len(marked) == 1 else ""


def _letter_marked(reply: str, letters: str) -> str:
    """The only letter that is set off: "(B)", "**B**", "option B"."""
    bold = rf"\*\*\(?([{letters}])\)?[.:]?\*\*"
    marked = rf"\(([{letters}])\)|{bold}|(?i:\boption) ([{letters}])\b"
    found = {
        letter for match in re.findall(marked, reply) for letter in match if letter
    }
    return found.pop() if len(found) == 1 else ""


def _letter_of_text(reply: str, choices: Sequence[str]) -> str:
    """The letter of the only choice whose words stand in the reply."""
    said = f" {normalised(reply)} "
    texts = {
        letter: normalised(c)
        for letter, c in zip(letters_of(choices), choices, strict=False)
    }
    found = {
        letter: text for letter, text in texts.items() if text and f" {text} " in said
    }
    # "dark red" says nothing for "red".
    whole = [
        letter
        for letter, text in found.items()
        if not any(
            f" {text} " in f" {other} " and text != other for other in found.values()
        )
    ]
    return whole[0] if len(whole) == 1 else ""


# --- numbers


def number_in(reply: str) -> str:
    """The number named as the answer, else the last one; as it stands there."""
    text = _MINUS.sub("-", reply.replace("{,}", ","))
    named = re.findall(rf"(?i:{_MARK}|####\s*|\\boxed\{{)([^\n]*)", text)
    for part, place in [*((part, 0) for part in reversed(named)), (text, -1)]:
        found = [match.group() for match in _NUMBER.finditer(part)]
        if found:
            return found[place]
    return ""


def value_of(text: str) -> Fraction | None:
    """1,234.5, -3/4 and 1 1/2 as fractions; None where it is no number."""
    if len(text) > MOST_DIGITS:
        return None
    match = _NUMBER.fullmatch(_MINUS.sub("-", text.strip()))
    if match is None:
        return None
    top = Fraction(re.sub(r"[^\d.]", "", match["top"]))
    bottom = Fraction(match["bottom"] or 1)
    if not bottom:
        return None
    value = Fraction(match["whole"] or 0) + top / bottom
    return -value if match["sign"] else value


# --- words


def words_in(reply: str) -> str:
    """What is named as the answer, else the last line."""
    named = re.findall(rf"(?i:{_MARK})([^\n]+)", reply)
    if named:
        return str(named[-1]).strip()
    lines = [line.strip() for line in reply.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def normalised(text: str) -> str:
    """Without case, marks and articles, as SQuAD compares answers.

    Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text",
    2016, section 6.1.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = _ARTICLES.sub(" ", _NOT_WORDS.sub(" ", folded))
    return " ".join(bare.split())
