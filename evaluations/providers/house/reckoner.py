"""Work out sums, units, equations and simple word problems, showing the steps."""

import re
from collections.abc import Sequence
from fractions import Fraction

from evaluations.providers.house import question
from evaluations.providers.house.program import Program, Request
from evaluations.providers.house.search import sure_facts
from evaluations.providers.house.solving.numbers import brief, found_in, tidied
from evaluations.providers.house.solving.registry import solve
from evaluations.providers.house.solving.solution import Solution, Unsolvable

MOST_NUMBERS = 12
LONGEST_READ = 2_000

_WORDS = {
    "en": ("Result", "How it comes about", "Check: put the result back into the text."),
    "de": ("Ergebnis", "Rechenweg", "Probe: das Ergebnis in die Aufgabe einsetzen."),
    "fr": ("Résultat", "Calcul", "Vérification : remettre le résultat dans l'énoncé."),
    "es": ("Resultado", "Pasos", "Comprobación: poner el resultado en el enunciado."),
}
_NO_SUM = {
    "en": "There is nothing to calculate here as far as I can see.",
    "de": "Hier sehe ich nichts zu rechnen.",
    "fr": "Je ne vois rien à calculer ici.",
    "es": "Aquí no veo nada que calcular.",
}
_NO_RULE = {
    "en": "Given: {numbers}. No rule that I know leads from there to a result, so I "
    "give none rather than a wrong one.",
    "de": "Gegeben: {numbers}. Daraus folgt nach keiner Regel, die ich kenne, ein "
    "Ergebnis; lieber keines als ein falsches.",
    "fr": "Données : {numbers}. Aucune règle que je connaisse n'en tire un résultat ; "
    "plutôt aucun qu'un faux.",
    "es": "Datos: {numbers}. Ninguna regla que conozco lleva de ahí a un resultado; "
    "mejor ninguno que uno falso.",
}
_HELP = (
    "A sum, a percentage, a unit, an equation in one unknown, or speed, price and "
    "chance with all figures given would work.",
    "I can work with figures: give me amounts, rates, units or an equation.",
)
_NOT_SUMS: tuple[question.Kind, ...] = ("write", "code", "plan", "list")
_SIGNS = {"×": r"\times", "÷": r"\div", "−": "-", "·": r"\cdot", "≈": r"\approx"}
_FORMULA = re.compile(r"[\d\s.,+×÷−·≈=^()/]+")


def respond(request: Request) -> str:
    try:
        solution = solve(request.text)
        if solution is None and request.earlier:
            solution = solve(f"{request.earlier[-1]} {request.text}")
    except Unsolvable as refusal:
        return f"That cannot be worked out: {refusal}."
    if solution is None:
        return _not_solved(request)
    return _worked_out(solution, request)


def _worked_out(solution: Solution, request: Request) -> str:
    result, way, check = _WORDS[request.language]
    lines = [step.replace("= ≈", "≈") for step in solution.steps]
    if request.language != "en":
        lines = [found.group().strip() for line in lines for found in _sums(line)]
    answer = f"**{result}: {solution.result}**"
    if lines:
        steps = (f"{n}. {_typeset(line)}" for n, line in enumerate(lines, start=1))
        answer += f"\n\n{way}:\n\n" + "\n".join(steps)
    return f"{answer}\n\n{check}" if len(lines) > 2 else answer


def _sums(line: str) -> list[re.Match[str]]:
    """Return the parts of a step that need no language."""
    return [match for match in _FORMULA.finditer(line) if "=" in match.group()]


def _typeset(step: str) -> str:
    """Set a step that is a formula as TeX; leave one with words as it is."""
    if not _FORMULA.fullmatch(step) or not re.search("[=≈]", step):
        return step
    for sign, command in _SIGNS.items():
        step = step.replace(sign, f" {command} ")
    step = re.sub(r"\^(\d+)", r"^{\1}", step).replace(",", "{,}")
    return f"${' '.join(step.split())}$"


def _not_solved(request: Request) -> str:
    facts = sure_facts(request.subject, language=request.language, limit=1)
    if facts:
        return f"{_NO_SUM[request.language]}\n\n{facts[0].text}"
    numbers = found_in(tidied(request.text[:LONGEST_READ]))[:MOST_NUMBERS]
    unsolved = ""
    if numbers and question.kind(request.text) not in _NOT_SUMS:
        unsolved = _unsolved(request.language, numbers)
    return f"{unsolved or _NO_SUM[request.language]} {_help(request)}".strip()


def _unsolved(language: str, numbers: Sequence[Fraction]) -> str:
    return _NO_RULE[language].format(numbers=", ".join(map(brief, numbers)))


def _help(request: Request) -> str:
    return request.choose(_HELP) if request.language == "en" else ""


PROGRAM = Program(
    slug="reckoner",
    name="House Reckoner",
    description="Works out expressions, percentages, units, equations and simple word "
    "problems exactly, with steps. Does not answer anything else.",
    respond=respond,
)
