"""Each against each: a table whose cells are shaded, and the same as a drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluations.charts.face import LETTER, Face, drawing, shortened
from evaluations.charts.svg import Svg, element

# A share this near to one half has no shade; each further step has one more.
EVEN = 0.02
SHADE = 0.06
SHADES = 4
CELL, HEAD = 26, 24


@dataclass(frozen=True)
class Cell:
    """One pair from its row's side: the share won, and what is written in it.

    step: by how much the share differs from shade to shade; href: where it leads; note:
    a second line, smaller.
    """

    share: float
    text: str
    tip: str
    step: float = SHADE
    href: str = ""
    note: str = ""


@dataclass(frozen=True)
class Words:
    """What the table calls its corner, a pair of the same, and one without a cell."""

    corner: str = "Row wins against …"
    itself: str = "same model"
    nothing: str = "never met"


def shade(share: float, step: float = SHADE) -> str:
    """h1 to h4 where the row wins more, l1 to l4 where it loses more, else empty."""
    off = share - 0.5
    if abs(off) < EVEN:
        return ""
    return f"{'h' if off > 0 else 'l'}{min(SHADES, int(abs(off) / step) + 1)}"


def heat_table(
    names: Sequence[str],
    cells: Mapping[tuple[int, int], Cell],
    *,
    caption: str,
    words: Words = Words(),
    is_half: bool = False,
) -> Svg:
    """A table; cells are keyed by the numbers of row and column.

    is_half: each pair stands once, where its row comes after its column.
    """
    heads = [
        element("th", element("abbr", f"{n}", title=name), scope="col")
        for n, name in enumerate(names, start=1)
    ]
    first = element("th", words.corner, scope="col")
    size = len(names)
    rows = [
        _row(row, name, row + 1 if is_half else size, cells, words)
        for row, name in enumerate(names)
    ]
    return element(
        "table",
        element("caption", caption, class_="sr"),
        element("thead", element("tr", first, *heads)),
        element("tbody", *rows),
        class_="heat",
    )


def _row(
    row: int,
    name: str,
    columns: int,
    cells: Mapping[tuple[int, int], Cell],
    words: Words,
) -> Svg:
    head = element("th", f"{row + 1}. {name}", scope="row")
    return element(
        "tr",
        head,
        *(
            _cell(cells.get((row, column)), row == column, words)
            for column in range(columns)
        ),
    )


def _cell(cell: Cell | None, is_itself: bool, words: Words) -> Svg:
    if is_itself:
        return element("td", _unseen(words.itself), class_="self")
    if cell is None:
        return element("td", _unseen(words.nothing))
    named = shade(cell.share, cell.step)
    shaded = {"class_": named} if named else {}
    return element("td", *_written(cell), data_tip=cell.tip, **shaded)


def _written(cell: Cell) -> list[str]:
    if not cell.href:
        return [cell.text]
    note = element("small", cell.note, aria_hidden="true")
    # Its name is the whole sentence: a figure alone tells nothing from afar.
    shown = element("span", cell.text, aria_hidden="true")
    told = _unseen(cell.tip)
    return [element("a", shown, note, told, href=cell.href)]


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
            class_=f"cell {shade(cell.share, cell.step)}".strip(),
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
