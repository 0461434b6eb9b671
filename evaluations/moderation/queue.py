"""The prompts that wait for a decision, one at a time."""

from dataclasses import dataclass

from evaluations.live import pooling
from evaluations.models import Prompt


@dataclass(frozen=True)
class Waiting:
    """One of them, its place from 1, and the keys of those before and after it."""

    prompt: Prompt
    place: int
    number: int
    before: int | None
    after: int | None


def waiting_at(pk: int | None = None) -> Waiting | None:
    """The one of this key, else the next one behind it, else the first; None if none.

    The oldest comes first.
    """
    keys = list(pooling.waiting().order_by("pk").values_list("pk", flat=True))
    if not keys:
        return None
    place = next((n for n, key in enumerate(keys) if pk and key >= pk), 0)
    prompt = Prompt.objects.select_related("prompt_set", "near").get(pk=keys[place])
    return Waiting(
        prompt=prompt,
        place=place + 1,
        number=len(keys),
        before=keys[place - 1] if place else None,
        after=keys[place + 1] if place + 1 < len(keys) else None,
    )
