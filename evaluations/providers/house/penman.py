"""Fill the template of the form that is asked for with the words of the request."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evaluations.providers.house import question, reading
from evaluations.providers.house.program import Program, Request

PAGE = Path(__file__).with_name("templates.md")
PLAIN = "plain"

_HEADING = re.compile(r"(?P<form>[\w-]+) \((?P<language>\w\w)\):(?P<words>.*)")
_NO_TOPIC = {"en": "this", "de": "dies", "fr": "ceci", "es": "esto"}
_AND = {"en": " and ", "de": " und ", "fr": " et ", "es": " y "}


@dataclass(frozen=True)
class Template:
    form: str
    language: str
    words: frozenset[str]
    variants: tuple[str, ...]


@cache
def all_templates() -> tuple[Template, ...]:
    _, *entries = PAGE.read_text(encoding="utf-8").split("\n## ")
    return tuple(map(_read, entries))


def respond(request: Request) -> str:
    template = _fitting(request)
    topic = _topic(request, template)
    text = request.choose(template.variants)
    text = text.replace("{Topic}", topic[0].upper() + topic[1:])
    return _with_line_breaks(text.replace("{topic}", topic))


def _fitting(request: Request) -> Template:
    """Return the template that shares most words; earlier ones win a tie."""
    own = [t for t in all_templates() if t.language == request.language]
    plain = next(template for template in own if template.form == PLAIN)
    if question.kind(request.text) not in ("write", "list", "what", "define", "how"):
        return plain
    words = set(reading.words(request.subject))
    wanted = words | {word.removesuffix("s") for word in words}
    best = max(own, key=lambda template: len(wanted & template.words))
    return best if wanted & best.words else plain


def _topic(request: Request, template: Template) -> str:
    topic = question.topic(request.text)
    if not topic and template.form == PLAIN:
        topic = _AND[request.language].join(question.keywords(request.subject))
    return topic or _NO_TOPIC[request.language]


def _with_line_breaks(text: str) -> str:
    """Keep the lines of verse and greetings apart in Markdown."""
    return re.sub(r"(?<=[^\n>])\n(?=[^\n\-\d*#])", "  \n", text)


def _read(entry: str) -> Template:
    title, _, body = entry.strip().partition("\n")
    match = _HEADING.fullmatch(title)
    if not match:
        raise ValueError(title)
    return Template(
        form=match["form"],
        language=match["language"],
        words=frozenset(reading.words(match["words"])),
        variants=tuple(part.strip() for part in body.split("\n---\n")),
    )


PROGRAM = Program(
    slug="penman",
    name="House Penman",
    description="Writes mails, verse, stories, product texts, names and toasts by "
    "filling templates with the words of the request.",
    respond=respond,
)
