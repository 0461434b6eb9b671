"""Put question, answers and reference into a judge's template: strings in, strings out.

Each text stands in a block of its own, whose first and last line carry a code that is
worked out from all that is put in. No text can hold that code, so that an answer which
imitates the lines can neither end its own block nor begin another.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Message = dict[str, str]

REFERENCE = "{reference}"
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# What a placeholder is called in the lines around its block.
NAMES = {
    "question": "question",
    "answer_a": "answer A",
    "answer_b": "answer B",
    "answer": "answer",
    "reference": "reference answer",
}
CODE_DIGITS = 12
EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Wording:
    """A template's own words, and what tells it from every other one."""

    label: str
    text: str
    system: str = ""
    reference_text: str = ""


@dataclass(frozen=True)
class Texts:
    """What is judged, turn by turn: several questions have as many answers.

    `answers` has a list of turns for each placeholder: answer_a and answer_b, or answer
    alone. References are there only for the turns that have one.
    """

    questions: Sequence[str]
    answers: Mapping[str, Sequence[str]]
    references: Sequence[str] = field(default=())

    def blocks(self) -> dict[str, list[str]]:
        blocks = {"question": list(self.questions)}
        blocks |= {name: list(turns) for name, turns in self.answers.items()}
        return blocks | {"reference": list(self.references)}


def fill(wording: Wording, texts: Texts) -> list[Message]:
    """Return the messages that ask the judge: equal texts give equal messages."""
    blocks = texts.blocks()
    put_in = [text for turns in blocks.values() for text in turns]
    code = first_absent(_codes(wording, blocks), put_in)
    asked = {
        name: _block(NAMES[name], turns, of=len(texts.questions), code=code)
        for name, turns in blocks.items()
    }
    # One pass over the template alone: what is put in is never looked at again.
    content = PLACEHOLDER.sub(
        lambda found: asked.get(found[1], found[0]), _with_reference(wording, texts)
    )
    system = [{"role": "system", "content": wording.system}] if wording.system else []
    return [*system, {"role": "user", "content": content}]


def placeholders(text: str) -> set[str]:
    """Those a template names.

    >>> sorted(placeholders('{question} {answer_a} {"json": 1} {}'))
    ['answer_a', 'question']
    """
    return set(PLACEHOLDER.findall(text))


def first_absent(codes: Iterable[str], texts: Sequence[str]) -> str:
    """The first code that no text holds.

    >>> first_absent(["3f", "a0"], ["of 3f"])
    'a0'
    """
    return next(code for code in codes if not any(code in text for text in texts))


def _with_reference(wording: Wording, texts: Texts) -> str:
    """The template's text, with its words on the reference only where there is one."""
    has_one = any(text.strip() for text in texts.references)
    part = wording.reference_text if has_one else ""
    return EMPTY_LINES.sub("\n\n", wording.text.replace(REFERENCE, part)).strip()


def _block(title: str, turns: Sequence[str], *, of: int, code: str) -> str:
    if of == 1:
        inside = "\n".join(turns)
    else:
        inside = "\n".join(
            f"----- turn {number} of {of} ({code}) -----\n{text}"
            for number, text in enumerate(turns, 1)
        )
    begins = f"===== {title} begins ({code}) ====="
    return f"{begins}\n{inside}\n===== {title} ends ({code}) ====="


def _codes(wording: Wording, blocks: Mapping[str, Sequence[str]]) -> Iterator[str]:
    words = [wording.label, wording.system, wording.text, wording.reference_text]
    seed = json.dumps([words, blocks], ensure_ascii=False)
    number = 0
    while True:
        digest = hashlib.sha256(f"{number} {seed}".encode("utf-8", "surrogatepass"))
        yield digest.hexdigest()[:CODE_DIGITS]
        number += 1
