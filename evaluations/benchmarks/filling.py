"""What a contestant is asked: a benchmark's template with one item filled in."""

import re
from collections.abc import Sequence

from evaluations.benchmarks.extraction import letters_of

QUESTION, CHOICES = "{question}", "{choices}"
_PLACES = re.compile(r"\{(question|choices)\}")


def filled(template: str, *, question: str, choices: Sequence[str] = ()) -> str:
    """Fill in both at once, so that no text is taken for a place itself."""
    lines = zip(letters_of(choices), choices, strict=False)
    texts = {
        "question": question,
        "choices": "\n".join(f"{letter}) {choice}" for letter, choice in lines),
    }
    return _PLACES.sub(lambda place: texts[place[1]], template)
