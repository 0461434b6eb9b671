"""Both orders of one battle: what a judge says of it once the place is out of play."""

from collections.abc import Iterable
from dataclasses import dataclass

from evaluations.models import JudgeVerdict
from evaluations.models.judging import Reading

# The judge's two verdicts on one battle are not of one mind.
INCONSISTENT = "inconsistent"
# They are so in the way of a judge that looks at the place: a then a, or b then b.
POSITION = "position"
SIDES = {"x": "y", "y": "x"}


@dataclass(frozen=True)
class BothOrders:
    """A judge's two verdicts on a battle, each as x, y, tie or both_bad."""

    battle_id: int
    x_left: str
    y_left: str

    @property
    def combined(self) -> str:
        """What both orders say, or inconsistent."""
        return self.x_left if self.x_left == self.y_left else INCONSISTENT

    @property
    def disagreement(self) -> str:
        """Empty, position (the same place twice) or inconsistent (any other way)."""
        if self.x_left == self.y_left:
            return ""
        if {self.x_left, self.y_left} == {"x", "y"}:
            return POSITION
        return INCONSISTENT

    @property
    def place(self) -> str:
        """Where the place decided, which: a, the one shown first, or b."""
        if self.disagreement != POSITION:
            return ""
        return "a" if self.x_left == "x" else "b"


def in_terms_of_sides(verdict: str, *, left: str) -> str:
    """Say a or b as x or y; tie and both_bad stay.

    >>> in_terms_of_sides("a", left="y"), in_terms_of_sides("tie", left="y")
    ('y', 'tie')
    """
    return {"a": left, "b": SIDES[left]}.get(verdict, verdict)


def both_orders(verdicts: Iterable[JudgeVerdict]) -> list[BothOrders]:
    """Of one judge and template, the battles that were read in both known orders."""
    by_battle: dict[int, dict[str, str]] = {}
    for one in verdicts:
        if one.state == Reading.READ and one.order_known:
            said = in_terms_of_sides(one.verdict, left=one.left)
            by_battle.setdefault(one.battle_id, {})[one.left] = said
    return [
        BothOrders(battle, said["x"], said["y"])
        for battle, said in sorted(by_battle.items())
        if len(said) == 2
    ]
