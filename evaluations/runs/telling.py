"""An estimate in words and figures, for the terminal and the admin alike."""

from collections.abc import Sequence
from typing import Final

from evaluations.runs.estimating import Estimate, EstimateLine

ESTIMATE_HEAD: Final = (
    "contestant",
    "answered",
    "to ask",
    "tokens in",
    "tokens out",
    "US$",
    "based on",
)


def estimate_rows(figures: Estimate) -> Sequence[Sequence[str]]:
    """A row a contestant, and one of all, in the columns of ESTIMATE_HEAD."""
    rates = f"at least {figures.minutes:.0f} min at their rates"
    lines = [
        (line.contestant.name, *_figures(line), line.basis) for line in figures.lines
    ]
    return [*lines, ("all", *_figures(figures), rates)]


def _figures(of: Estimate | EstimateLine) -> tuple[str, ...]:
    counts = (of.answered, of.calls, of.prompt_tokens, of.completion_tokens)
    return (*(f"{count:,}" for count in counts), f"{of.cost:.4f}")
