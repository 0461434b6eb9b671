"""What a fit costs this process, told as one line of JSON."""

import json
import resource
from collections.abc import Callable
from time import perf_counter


def measured(act: Callable[[], object]) -> dict[str, object]:
    """Act once. wall_s and cpu_s: seconds; peak_mb: of the whole process so far."""
    cpu, start = _cpu(), perf_counter()
    found = act()
    wall = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall_s": wall, "cpu_s": _cpu() - cpu, "peak_mb": peak, "found": found}


def tell(result: dict[str, object]) -> None:
    print(json.dumps(result))


def _cpu() -> float:
    spent = (
        resource.getrusage(who)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return sum(each.ru_utime + each.ru_stime for each in spent)
