"""Answer in one sentence."""

import re

from evaluations.providers.house import question, reading
from evaluations.providers.house.program import Program, Request
from evaluations.providers.house.search import sure_facts
from evaluations.providers.house.solving.registry import solve
from evaluations.providers.house.solving.solution import Unsolvable

_SAYINGS: dict[question.Kind, tuple[str, ...]] = {
    "write": (
        "Say it in your own words, briefly, and mention one concrete detail.",
        "Three honest lines will do: what, why, thanks.",
    ),
    "code": (
        "Look in the standard library first; it is probably one call.",
        "Write the test first, the rest follows.",
    ),
    "plan": (
        "Fix the date, list what must come before, start with the hardest.",
        "One thing a day, the hardest first, and a free day at the end.",
    ),
    "compare": ("It depends on what you need it for; name that first.",),
    "list": ("The first ones that come to your mind will do.",),
    "why": ("I do not know the reason.",),
    "how": ("I do not know how.",),
    "define": ("I cannot say for certain.",),
    "what": ("I do not know.", "That I cannot tell.", "No answer to that from me."),
}
_ABROAD = {"de": "Das weiß ich nicht.", "fr": "Je ne sais pas.", "es": "No lo sé."}


def respond(request: Request) -> str:
    return _solved(request) or _known(request) or _unknown(request)


def _solved(request: Request) -> str:
    if question.kind(request.text) == "code":
        return ""
    try:
        solution = solve(request.text)
    except Unsolvable as refusal:
        return f"Not possible: {refusal}."
    if solution is None:
        return ""
    result = solution.result.removesuffix(".")
    if result.startswith(("x ", "y ")):
        return f"{result}."
    return f"{result[0].upper()}{result[1:]}."


def _known(request: Request) -> str:
    if question.kind(request.text) in ("write", "plan"):
        return ""
    facts = sure_facts(request.subject, language=request.language, limit=1)
    if not facts:
        return ""
    sentence = reading.first_sentence(facts[0].text)
    return re.split(r"[;:]", sentence)[0].rstrip(".") + "."


def _unknown(request: Request) -> str:
    if request.language != "en":
        return _ABROAD[request.language]
    return request.choose(_SAYINGS[question.kind(request.text)])


PROGRAM = Program(
    slug="terse",
    name="House Terse",
    description="One sentence: the result of a sum, the first clause of the best fact, "
    "or a plain word of advice.",
    respond=respond,
)
