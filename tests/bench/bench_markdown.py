"""Time the renderer: texts of usual sizes, and hostile shapes up to the limit.

    python tests/bench/bench_markdown.py

Prints the times and writes var/bench/markdown.json.
"""

import json
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from evaluations.markdown import Renderer  # noqa: E402
from evaluations.markdown.rendering import render  # noqa: E402
from tests.markdown.hostile_shapes import SHAPES  # noqa: E402

# One section of an answer as models write them: about 700 characters.
SECTION = r"""
## Why a list grows in steps

Appending is **amortised** constant time: most calls write into *reserved* memory, and
`list.append` copies only when the reserve is used up ([notes](https://example.org/a)).

1. The list keeps spare room behind its end.
2. A full list asks for an eighth more and copies once.
   - The copies become rarer as it grows.

| structure | append | index |
|-----------|-------:|------:|
| list      | $O(1)$ | $O(1)$ |
| chain     | $O(1)$ | $O(n)$ |

```python
def grow(size: int) -> int:
    return size + (size >> 3) + 6  # room for the next ones
```

The total for \(n\) appends is bounded:
\[ \sum_{k=0}^{\infty} n \left(\frac{8}{9}\right)^k = 9n \]
"""


def main() -> None:
    texts = {
        "two words": "**two** words",
        "one section": SECTION,
        "four sections": SECTION * 4,
        "twenty-five sections": SECTION * 25,
    }
    renderer = Renderer()
    start = perf_counter()
    renderer.render("The first text starts the process.")
    first = {"text": "first call, with its process", "ms": 1000 * since(start)}
    rows = [first, *(usual(renderer, *item) for item in texts.items())]
    shapes = [
        hostile(renderer, name, shape, size)
        for name, shape in SHAPES.items()
        for size in (20_000, 64_000)
    ]
    renderer.close()
    report({"usual": rows, "hostile": shapes})


def usual(renderer: Renderer, name: str, text: str) -> dict[str, Any]:
    repeats = 20 if len(text) > 10_000 else 200
    times = sorted(timed(lambda: renderer.render(text)) for _ in range(repeats))
    start = process_time()
    for _ in range(repeats):
        render(text)
    return {
        "text": name,
        "characters": len(text),
        "ms": 1000 * times[len(times) // 2],
        "ms_p95": 1000 * times[int(len(times) * 0.95)],
        "in_process_cpu_ms": 1000 * (process_time() - start) / repeats,
    }


def hostile(
    renderer: Renderer, name: str, shape: Callable[[int], str], size: int
) -> dict[str, Any]:
    text = shape(size)
    start = perf_counter()
    rendered = renderer.render(text)
    return {
        "text": f"{name}, {size // 1000} kB",
        "ms": 1000 * since(start),
        "html_bytes": len(rendered.html.encode()),
        "plain": rendered.fallback,
    }


def timed(act: Callable[[], object]) -> float:
    start = perf_counter()
    act()
    return since(start)


def since(start: float) -> float:
    return perf_counter() - start


def report(results: dict[str, list[dict[str, Any]]]) -> None:
    for row in [*results["usual"], *results["hostile"]]:
        notes = {k: v for k, v in row.items() if k not in ("text", "ms")}
        shown = ", ".join(f"{k} {v:.4g}" for k, v in notes.items())
        print(f"{row['text']:45} {row['ms']:9.2f} ms   {shown}")
    path = ROOT / "var" / "bench" / "markdown.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"python": platform.python_version(), **results}, indent=2)
    )
    print(f"written to {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
