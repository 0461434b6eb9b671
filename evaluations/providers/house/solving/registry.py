import re

from evaluations.providers.house.solving import (
    chance,
    equations,
    expression,
    figures,
    geometry,
    money,
    motion,
    percentages,
    proportions,
    sequences,
    stories,
    units,
    weekdays,
)
from evaluations.providers.house.solving.numbers import LONGEST_NUMBER, tidied
from evaluations.providers.house.solving.solution import Solution, Solver, Unsolvable

LONGEST_QUESTION = 2_000

# The special come first: the general ones would see a part of their question.
SOLVERS: tuple[Solver, ...] = (
    sequences.solve,
    weekdays.solve,
    chance.solve,
    money.solve,
    percentages.solve,
    equations.solve,
    motion.solve,
    proportions.solve,
    stories.solve,
    figures.solve,
    geometry.solve,
    units.solve,
    expression.solve,
)
AS_WRITTEN = (sequences.solve, equations.solve)


def solve(text: str) -> Solution | None:
    """Return the first solution found; raise Unsolvable with the reason if refused."""
    question = text[:LONGEST_QUESTION]
    tidy = tidied(question)
    if re.search(rf"\d{{{LONGEST_NUMBER + 1}}}", tidy):
        raise Unsolvable(f"a number has more than {LONGEST_NUMBER} digits")
    for solver in SOLVERS:
        # Tidying would join the terms of a list and hide the unknown's name.
        source = question if solver in AS_WRITTEN else tidy
        if found := solver(source):
            return found
    return None
