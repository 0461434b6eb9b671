"""Self-preference: where a judge is asked about itself or a model of its own maker."""

import re

from evaluations.models import Battle, Contestant, Judge

# OpenAI, Open AI and open-ai are one maker.
NO_LETTER = re.compile(r"[\W_]+")


def is_related(judge: Judge, contestant: Contestant) -> bool:
    """Whether this is the judge itself or a model of the same maker."""
    if judge.contestant_id == contestant.pk:
        return True
    maker = _folded(judge.maker)
    return bool(maker) and maker == _folded(contestant.maker)


def own_sides(*, judge: Judge, battle: Battle) -> frozenset[str]:
    """The sides, x or y, on which the judge itself or its maker's model stands."""
    sides = {"x": battle.contestant_x, "y": battle.contestant_y}
    return frozenset(side for side, one in sides.items() if is_related(judge, one))


def related_ids(judge: Judge) -> set[int]:
    """The judge's own contestant and its maker's others, by primary key."""
    known = Contestant.objects.only("maker")
    return {one.pk for one in known if is_related(judge, one)}


def _folded(maker: str) -> str:
    """Letters and digits alone, in small letters."""
    return NO_LETTER.sub("", maker).lower()
