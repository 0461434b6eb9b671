import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from evaluations.providers.house import reading

T = TypeVar("T")

LONGEST_TEXT = 32_000
LONGEST_SUBJECT = 4_000
ENOUGH_WORDS = 3


@dataclass(frozen=True)
class Request:
    """What is asked now, and what was asked before it."""

    text: str
    earlier: tuple[str, ...] = ()

    @cached_property
    def language(self) -> str:
        return reading.language(self.text)

    @cached_property
    def subject(self) -> str:
        """Return the text to search by: a short follow-up leans on what came before."""
        text = self.text[:LONGEST_SUBJECT]
        if self.earlier and len(reading.terms(text)) < ENOUGH_WORDS:
            return f"{text} {self.earlier[-1][:LONGEST_SUBJECT]}"
        return text

    def choose(self, options: Sequence[T], purpose: str = "") -> T:
        """Pick one option, the same for the same text and purpose."""
        digest = hashlib.sha256(f"{purpose}\n{self.text}".encode("utf-8", "replace"))
        return options[int.from_bytes(digest.digest()[:4]) % len(options)]


@dataclass(frozen=True)
class Program:
    slug: str
    name: str
    description: str
    respond: Callable[[Request], str]

    def answer(self, messages: Sequence[Mapping[str, str]]) -> str:
        return self.respond(_request(messages))


def _request(messages: Sequence[Mapping[str, str]]) -> Request:
    texts = [
        message["content"][:LONGEST_TEXT]
        for message in messages
        if message["role"] == "user"
    ]
    if not texts:
        return Request("")
    return Request(texts[-1], tuple(texts[:-1]))
