"""What a coefficient of style control means, in Elo points."""

from evaluations.rating.table import ELO_PER_LOGIT


def points(coefficient: float, *, difference: float = 1.0) -> float:
    """Elo points that a difference is worth; coefficient in logits per unit of it.

    For the place on the left the difference is 1, for form it lies within -1 and 1.
    """
    return ELO_PER_LOGIT * coefficient * difference


def points_of_ratio(coefficient: float, *, ratio: float = 2.0) -> float:
    """Elo points of an answer with so many times as much of what is counted.

    Twice as many is a difference of (2 - 1) / (2 + 1) = 1/3.
    """
    return points(coefficient, difference=(ratio - 1) / (ratio + 1))
