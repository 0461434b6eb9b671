"""Pairs to judge whose answers look like answers."""

from evaluations.markdown import render_safely
from evaluations.models import Battle
from tests.factories import make_answer, make_battle, make_contestant, make_prompt

EXPLAINED = """
Appending is **cheap on average**: most appends are free, a few are expensive.

## How the list grows

1. The list keeps spare room behind its visible length.
2. When the room is used up, it takes `12.5 %` more.

```python
items = []
for n in range(64):
    items.append(n)  # now and then the list moves
```

With growth factor $g$ the work is $$n + \\frac{n}{g} \\le \\frac{gn}{g - 1}$$
See [the manual](https://docs.python.org/3/).
"""
REWORDED = EXPLAINED.replace("expensive", "costly").replace("visible", "outward")
TABULATED = """
It depends on what you do most.

| Structure | Append | Index |
|---|---|---|
| list | constant | constant |
| deque | constant | linear |

> Think of moving house.
"""
LONG_CODE = "```python\n" + "\n".join(f"line_{n} = {n}" for n in range(60)) + "\n```\n"


def make_pair(
    x: str = EXPLAINED, y: str = TABULATED, *, prompt: str = "", number: int = 0
) -> Battle:
    """A ready battle between two models of telling names."""
    asked = make_prompt(prompt or f"Why is appending to a list cheap? ({number})")
    sides = (
        make_contestant(
            name=f"Larch {number}", maker="Heath", open_weights=True, licence="MIT"
        ),
        make_contestant(name=f"Rowan {number}", maker="Grove", parameters_b=70),
    )
    for contestant, text in zip(sides, (x, y), strict=True):
        html = render_safely(text).html
        make_answer(contestant, asked, text=text, html=html)
    return make_battle(*sides, asked)
