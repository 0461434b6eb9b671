"""Answer with a plan: questions first, then steps spread over the time given."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evaluations.providers.house import reading
from evaluations.providers.house.program import Program, Request
from evaluations.providers.house.solving.numbers import tidied

PAGE = Path(__file__).with_name("plans.md")
GENERAL = "general"
MOST_SPANS = 60
LONGEST_READ = 2_000

_SPAN = re.compile(
    r"\b(?P<count>\d{1,3})[\s-]+(?P<unit>day|week|month|hour|minute)s?\b", re.IGNORECASE
)
_NAMED_SPANS = {"weekend": (2, "day"), "week": (7, "day"), "month": (4, "week")}
_OPENINGS = (
    "Before starting, two things to settle:",
    "First answer these for yourself:",
    "The plan hangs on two answers:",
)
_STEPS = ("Then, in this order:", "**Steps**", "What to do:")
_CLOSINGS = (
    "If one step slips, move the date of the next one, not the order.",
    "Tick one box a day and look at the list each evening.",
    "Begin with the first box today; the rest follows more easily.",
)
_ABROAD = {
    "de": (
        "Schreibe auf, woran man das fertige Ergebnis erkennt",
        "Lege einen Tag fest, an dem es fertig sein soll",
        "Ordne die Schritte danach, was wovon abhängt",
        "Beginne heute mit einem Schritt von fünf Minuten",
        "Prüfe auf halbem Weg, was du streichen kannst",
    ),
    "fr": (
        "Écris à quoi on reconnaîtra le résultat",
        "Fixe une date de fin",
        "Range les étapes selon ce qui dépend de quoi",
        "Commence aujourd'hui par une étape de cinq minutes",
        "À mi-chemin, vois ce que tu peux supprimer",
    ),
    "es": (
        "Escribe cómo se reconocerá el resultado",
        "Fija una fecha final",
        "Ordena los pasos según qué depende de qué",
        "Empieza hoy con un paso de cinco minutos",
        "A mitad de camino, mira qué puedes quitar",
    ),
}


@dataclass(frozen=True)
class Plan:
    kind: str
    terms: frozenset[str]
    steps: tuple[str, ...]
    questions: tuple[str, ...]


@cache
def all_plans() -> tuple[Plan, ...]:
    _, *entries = PAGE.read_text(encoding="utf-8").split("\n## ")
    return tuple(map(_read, entries))


def respond(request: Request) -> str:
    if request.language in _ABROAD:
        return _boxes(_ABROAD[request.language])
    plan = _fitting(request)
    questions = "\n".join(f"- {line}" for line in plan.questions)
    return "\n\n".join(
        (
            f"{request.choose(_OPENINGS)}\n\n{questions}",
            request.choose(_STEPS, "steps"),
            _boxes(_dated(plan.steps, request.text)),
            request.choose(_CLOSINGS, "closing"),
        )
    )


def _fitting(request: Request) -> Plan:
    wanted = set(reading.terms(request.subject))
    general = next(plan for plan in all_plans() if plan.kind == GENERAL)
    best = max(all_plans(), key=lambda plan: len(wanted & plan.terms))
    return best if wanted & best.terms else general


def _dated(steps: Sequence[str], text: str) -> list[str]:
    """Put the steps on the days or weeks that the text gives for them."""
    count, unit = _span(text)
    if count < 2 or any(step.startswith("Weeks") for step in steps):
        return list(steps)
    name = unit.capitalize()
    return [
        f"**{name} {1 + number * count // len(steps)}:** {step}"
        for number, step in enumerate(steps)
    ]


def _span(text: str) -> tuple[int, str]:
    read = tidied(text[:LONGEST_READ])
    spans = [
        (int(match["count"]), match["unit"].lower()) for match in _SPAN.finditer(read)
    ]
    whole = [(n, unit) for n, unit in spans if unit in ("day", "week", "month")]
    if whole and whole[0][0] <= MOST_SPANS:
        return whole[0]
    for name, span in _NAMED_SPANS.items():
        if reading.mentions(read, name):
            return span
    return 0, ""


def _boxes(steps: Sequence[str]) -> str:
    return "\n".join(f"- [ ] {step}" for step in steps)


def _read(entry: str) -> Plan:
    title, *lines = entry.strip().splitlines()
    kind, _, words = title.partition(": ")
    return Plan(
        kind=kind,
        terms=frozenset(reading.terms(words)),
        steps=tuple(line[2:] for line in lines if line.startswith("- ")),
        questions=tuple(line[2:] for line in lines if line.startswith("? ")),
    )


PROGRAM = Program(
    slug="planner",
    name="House Planner",
    description="Turns whatever is asked into questions to settle and a check-list, "
    "spread over the days or weeks given.",
    respond=respond,
)
