"""Question sets: frozen at a version, so that all answer the same questions."""

from django.db import transaction
from django.db.models.functions import Now

from evaluations.models import Prompt, PromptSet


class NothingToFreeze(Exception):
    """A set of no questions, or of none that was approved."""

    def __init__(self, prompt_set: PromptSet) -> None:
        super().__init__(f"{prompt_set} has no approved question to freeze.")


class StillGrows(NothingToFreeze):
    """A set that volunteers add to: they could ask, and erase, nothing any more."""

    def __init__(self, prompt_set: PromptSet) -> None:
        Exception.__init__(
            self, f"{prompt_set} grows with its volunteers and is never frozen."
        )


def freeze(*, prompt_set: PromptSet, version: str = "") -> bool:
    """Fix the questions at a version; say whether they were not fixed before.

    From then on a trigger keeps the set's questions as they are.
    """
    with transaction.atomic():
        # The lock keeps two from giving the set different versions, and waits for who
        # is changing its questions: their trigger holds the set.
        locked = PromptSet.objects.select_for_update().get(pk=prompt_set.pk)
        if locked.frozen_at is not None:
            return False
        if locked.prompts.exclude(origin=Prompt.Origin.SET).exists():
            raise StillGrows(locked)
        if not locked.prompts.filter(state=Prompt.State.APPROVED).exists():
            raise NothingToFreeze(locked)
        locked.version = version or locked.version
        PromptSet.objects.filter(pk=locked.pk).update(
            frozen_at=Now(), version=locked.version
        )
    prompt_set.refresh_from_db()
    return True
