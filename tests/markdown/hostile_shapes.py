"""Texts whose shape, not content, makes a renderer slow or its output huge."""

from collections.abc import Callable


def _repeated(unit: str, size: int) -> str:
    return (unit * (size // len(unit) + 1))[:size]


def _table(*, columns: int, size: int) -> str:
    head = "|a" * columns + "|\n" + "|-" * columns + "|\n"
    return head + _repeated("|\n", max(0, size - len(head)))


def _backticks(size: int) -> str:
    return " ".join("`" * count for count in range(1, int((2 * size) ** 0.5)))


def _deep_list(size: int) -> str:
    return "\n".join("  " * depth + "- a" for depth in range(int(size**0.5)))


def _code(language: str, unit: str, size: int) -> str:
    return f"```{language}\n{_repeated(unit, size)}"


SHAPES: dict[str, Callable[[int], str]] = {
    "brackets never closed": lambda size: _repeated("[", size),
    "images never closed": lambda size: _repeated("![", size),
    "links never closed": lambda size: _repeated("[a](", size),
    "emphasis never closed": lambda size: _repeated("*a_", size),
    "strikes never closed": lambda size: _repeated("~~a", size),
    "backtick runs of every length": _backticks,
    "formulas never closed": lambda size: _repeated("\\[\n", size - 8) + "a \\] b\n",
    "formulas by the thousand": lambda size: _repeated("$x$ ", size),
    "links that grow thirtyfold": lambda size: (
        "[a]: https://b.example\n\n" + _repeated("[a] ", size - 24)
    ),
    "a formula too deep": lambda size: "$" + _repeated("{", size - 2) + "$",
    "a table of one row and many columns": lambda size: _table(
        columns=size // 5, size=size
    ),
    "a table of short rows": lambda size: _table(columns=250, size=size),
    "a flat list": lambda size: _repeated("- a\n", size),
    "a deep list": _deep_list,
    "deep quotes": lambda size: _repeated(">", size),
    "code that traps the Perl lexer": lambda size: _code("perl", "s{", size),
    "code that traps the RST lexer": lambda size: _code("rst", "`a <", size),
    "raw tags": lambda size: _repeated("<div>", size),
}
