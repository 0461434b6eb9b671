"""Whether an answer names the model that wrote it."""

import functools

from evaluations.leaks import Registry
from evaluations.models import Contestant

Names = tuple[tuple[str, str, tuple[str, ...]], ...]


def find_leak(text: str) -> str:
    """The rule by which an answer gives its model away; empty where it does not."""
    rows = Contestant.objects.order_by("pk").values_list("name", "maker", "aliases")
    leak = _registry(tuple((n, m, tuple(a)) for n, m, a in rows)).find(text)
    return leak.rule if leak else ""


@functools.lru_cache(maxsize=1)
def _registry(rows: Names) -> Registry:
    return Registry.of(
        names=[name for name, _, _ in rows],
        makers={maker for _, maker, _ in rows},
        aliases=[alias for _, _, aliases in rows for alias in aliases],
    )
