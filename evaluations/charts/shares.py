"""How far a share seen in a few cases may be from the true one."""

from math import sqrt

# The normal quantile of a two-sided 95 % interval.
REACH = 1.959963984540054


def wilson(share: float, cases: int) -> tuple[float, float]:
    """The 95 % score interval (E. B. Wilson, 1927) of a share; cases > 0.

    Half points (ties) vary less than wins and losses, so with them it is wide enough.
    """
    weight = REACH**2 / cases
    middle = (share + weight / 2) / (1 + weight)
    spread = sqrt(share * (1 - share) / cases + weight / (4 * cases)) * REACH
    half = spread / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)
