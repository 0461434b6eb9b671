"""The questions that a set has, and what an import may make of them."""

from collections.abc import Iterable

from evaluations.models import Battle, Prompt, PromptSet

TAKEN_OVER = (
    *("turns", "categories", "references", "language", "external_id"),
    *("digest", "first_digest", "wording"),
)
# What the votes on a prompt were counted by.
COUNTED_BY = ("turns", "categories", "language")
FROZEN = ("turns", "references")
# What a file does not say takes nothing away.
KEPT_UNLESS_SAID = ("categories", "references", "language", "external_id")


class Standing:
    """The prompts that a set has, by number and by words."""

    def __init__(self, prompt_set: PromptSet) -> None:
        rows = list(prompt_set.prompts.all())
        self.frozen = prompt_set.frozen_at is not None
        self.where = f"the set is frozen at version {prompt_set.version} and"
        self.by_id = {row.external_id: row for row in rows if row.external_id}
        self.by_digest = {row.digest: row for row in rows}
        battles = Battle.objects.filter(prompt__prompt_set=prompt_set)
        self.asked = set(battles.values_list("prompt_id", flat=True).distinct())
        self._met: set[int] = set()

    def match(self, wanted: Prompt) -> tuple[Prompt | None, str]:
        """The stored prompt that this one is, and why it cannot be taken if so."""
        same_words = self.by_digest.get(wanted.digest)
        stored = self.by_id.get(wanted.external_id or "") or same_words
        if same_words and same_words is not stored:
            return None, f"the words of question {same_words.external_id} of the set."
        if stored is None:
            lacks = f"{self.where} does not have this question."
            return None, lacks if self.frozen else ""
        if stored.pk in self._met:
            return None, "an earlier line is the same question of the set."
        self._met.add(stored.pk)
        for name in KEPT_UNLESS_SAID:
            setattr(wanted, name, getattr(wanted, name) or getattr(stored, name))
        return stored, self._fault(wanted, stored)

    def _fault(self, wanted: Prompt, stored: Prompt) -> str:
        if self.frozen:
            otherwise = _differ(wanted, stored, FROZEN)
            return f"{self.where} has this question otherwise." if otherwise else ""
        if stored.pk in self.asked and _differ(wanted, stored, COUNTED_BY):
            return "the question was asked in battles, and differs here."
        return ""

    def take_over(self, wanted: Prompt, stored: Prompt) -> list[str]:
        """Put what the file says into the stored row; say in which fields it differed.

        A frozen set stays as it is.
        """
        names = [] if self.frozen else _differ(wanted, stored, TAKEN_OVER)
        for name in names:
            setattr(stored, name, getattr(wanted, name))
        return names


def _differ(one: Prompt, other: Prompt, names: Iterable[str]) -> list[str]:
    return [name for name in names if getattr(one, name) != getattr(other, name)]
