"""Groups once more, with the form of the answers and their place held equal."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.special import ndtri

from evaluations.rating.effects import points
from evaluations.rating.groups import Group
from evaluations.rating.style import StyleEstimate, style_estimate
from evaluations.rating.style_tallies import StyleTallies

METHOD: Final = "contextual-bradley-terry"
# COVARIATES as tables name them.
NAMES: Final = ("length", "headings", "lists", "bold", "position")
_REACH: Final = float(ndtri(0.975))


@dataclass(frozen=True, slots=True)
class Coefficient:
    """What one of NAMES is worth in Elo points a unit, with its 95 % interval."""

    name: str
    elo: float
    low: float
    high: float


def styled(
    groups: tuple[Group, ...], tallies: StyleTallies
) -> tuple[tuple[Group, ...], list[Coefficient]]:
    """Estimate the same groups with style control; coefficients of the largest."""
    place = {name: number for number, name in enumerate(tallies.names)}
    estimates = [
        style_estimate(
            tallies.among(np.array([place[name] for name in group.names])),
            group.estimate,
        )
        for group in groups
    ]
    pairs = zip(groups, estimates, strict=True)
    made = tuple(replace(group, estimate=e.estimate) for group, e in pairs)
    return made, _coefficients(estimates[0]) if estimates else []


def _coefficients(estimated: StyleEstimate) -> list[Coefficient]:
    return [
        Coefficient(
            name=name,
            elo=points(value),
            low=points(value - _REACH * error),
            high=points(value + _REACH * error),
        )
        for name, value, error in zip(
            NAMES,
            estimated.coefficients.tolist(),
            estimated.errors.tolist(),
            strict=True,
        )
    ]
