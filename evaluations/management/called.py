"""Who is meant by the names that a command is given."""

from django.core.management.base import CommandError

from evaluations.models import Contestant, PromptSet


def contestants_called(names: str) -> list[Contestant]:
    """From slugs with commas between them, or all who play."""
    if names == "all":
        return list(Contestant.objects.playing())
    slugs = set(names.split(","))
    found = list(Contestant.objects.filter(slug__in=slugs))
    if missing := slugs - {one.slug for one in found}:
        raise CommandError(f"There is no contestant {', '.join(sorted(missing))}.")
    return found


def set_called(slug: str) -> PromptSet:
    found = PromptSet.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(PromptSet.objects.values_list("slug", flat=True))
        raise CommandError(f"There is no set {slug}; there are: {known or 'none'}.")
    return found
