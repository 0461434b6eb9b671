"""What a coefficient of style control means, in Elo points."""

from evaluations.rating.table import ELO_PER_LOGIT


def points(coefficient: float, *, difference: float = 1.0) -> float:
    """Elo points that a difference is worth; coefficient in logits per unit of it.

    For the place on the left the difference is 1, for form it lies within -1 and 1.
    """
    return ELO_PER_LOGIT * coefficient * difference
