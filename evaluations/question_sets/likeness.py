"""Near duplicates of a prompt: found by its words, and gone with them."""

from collections.abc import Collection

from django.db.models import Q

from evaluations.models import Prompt, PromptEmbedding


def forget_likeness(*, prompts: Collection[Prompt]) -> None:
    """What prompts were found near to, once their words have changed."""
    PromptEmbedding.objects.filter(prompt__in=prompts).delete()
    alike = Prompt.objects.filter(
        Q(pk__in=[prompt.pk for prompt in prompts]) | Q(near__in=prompts)
    )
    alike.update(near=None, near_found="", near_similarity=None, near_checked_at=None)
