"""Who beats whom: a table whose cells are shaded, and the same as a drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluations.charts.face import LETTER, Face, drawing, shortened
from evaluations.charts.svg import Svg, element

# A share this near to one half has no shade; each further step of SHADE has one more.
EVEN = 0.02
SHADE = 0.06
SHADES = 4
CELL, HEAD = 26, 24


@dataclass(frozen=True)
class Cell:
    """One pair from its row's side: the share won, and what is written in it."""

    share: float
    text: str
    tip: str


def shade(share: float) -> str:
    """h1 to h4 where the row wins more, l1 to l4 where it loses more, else empty."""
    off = share - 0.5
    if abs(off) < EVEN:
        return ""
    return f"{'h' if off > 0 else 'l'}{min(SHADES, int(abs(off) / SHADE) + 1)}"


def heat_table(
    names: Sequence[str], cells: Mapping[tuple[int, int], Cell], *, caption: str
) -> Svg:
    """A table; cells are keyed by the numbers of row and column."""
    heads = [
        element("th", element("abbr", f"{n}", title=name), scope="col")
        for n, name in enumerate(names, start=1)
    ]
    first = element("th", "Row wins against …", scope="col")
    return element(
        "table",
        element("caption", caption, class_="sr"),
        element("thead", element("tr", first, *heads)),
        element(
            "tbody",
            *(_row(row, name, len(names), cells) for row, name in enumerate(names)),
        ),
        class_="heat",
    )


def _row(row: int, name: str, size: int, cells: Mapping[tuple[int, int], Cell]) -> Svg:
    head = element("th", f"{row + 1}. {name}", scope="row")
    return element(
        "tr",
        head,
        *(_cell(cells.get((row, column)), row == column) for column in range(size)),
    )


def _cell(cell: Cell | None, is_itself: bool) -> Svg:
    if is_itself:
        return element("td", _unseen("same model"), class_="self")
    if cell is None:
        return element("td", _unseen("never met"))
    shaded = {"class_": shade(cell.share)} if shade(cell.share) else {}
    return element("td", cell.text, data_tip=cell.tip, **shaded)


def _unseen(words: str) -> Svg:
    return element("span", words, class_="sr")


def heat_plot(
    names: Sequence[str], cells: Mapping[tuple[int, int], Cell], *, face: Face
) -> Svg:
    """The table as a drawing, for those who take it away."""
    left = min(max(len(name) for name in names) * LETTER + 34, face.width * 0.4)
    side = min((face.width - left) / len(names), 2 * CELL)
    columns = [
        element(
            "text",
            f"{n + 1}",
            x=round(left + (n + 0.5) * side, 1),
            y=HEAD - 8,
            text_anchor="middle",
        )
        for n in range(len(names))
    ]
    rows = [
        element(
            "text",
            shortened(f"{n + 1}. {name}", left - 8),
            class_="strong",
            x=0,
            y=HEAD + n * CELL + 17,
        )
        for n, name in enumerate(names)
    ]
    squares = [
        _square(cell, left + column * side, HEAD + row * CELL, side)
        for (row, column), cell in cells.items()
    ]
    return drawing(face, HEAD + CELL * len(names) + 4, *columns, *rows, *squares)


def _square(cell: Cell, x: float, y: float, side: float) -> Svg:
    return element(
        "g",
        element("title", cell.tip),
        element(
            "rect",
            class_=f"cell {shade(cell.share)}".strip(),
            x=round(x + 1, 1),
            y=y + 1,
            width=round(side - 2, 1),
            height=CELL - 2,
            rx=4,
        ),
        element(
            "text",
            cell.text,
            class_="strong",
            x=round(x + side / 2, 1),
            y=y + 17,
            text_anchor="middle",
        ),
    )
