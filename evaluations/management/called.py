"""Who is meant by the names that a command is given."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from django.core.management.base import CommandError

from evaluations.models import Benchmark, Contestant, PromptSet


def contestants_called(names: str) -> list[Contestant]:
    """From slugs with commas between them, or all who play."""
    if names == "all":
        return list(Contestant.objects.playing())
    slugs = {name.strip() for name in names.split(",")}
    found = list(Contestant.objects.filter(slug__in=slugs))
    if missing := sorted(slugs - {one.slug for one in found}):
        playing = Contestant.objects.playing().order_by("slug")
        known = list(playing.values_list("slug", flat=True))
        raise CommandError(" ".join(_unknown("contestant", missing, known)))
    return found


def benchmark_called(slug: str) -> Benchmark:
    found = Benchmark.objects.filter(slug=slug).first()
    if found is None:
        own = Benchmark.objects.exclude(kind=Benchmark.Kind.REPORTED)
        known = list(own.values_list("slug", flat=True))
        raise CommandError(" ".join(_unknown("benchmark", [slug], known)))
    return found


def set_called(slug: str) -> PromptSet:
    found = PromptSet.objects.filter(slug=slug).first()
    if found is None:
        known = list(PromptSet.objects.values_list("slug", flat=True))
        raise CommandError(" ".join(_unknown("set", [slug], known)))
    return found


def _unknown(kind: str, missing: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    """Sentences that name the nearest of those there are, and then all."""
    yield f"There is no {kind} {', '.join(one or repr(one) for one in missing)}."
    near = [close for one in missing for close in get_close_matches(one, known)]
    if near:
        yield f"Do you mean {' or '.join(dict.fromkeys(near))}?"
    yield f"There are: {', '.join(known) or 'none'}."
