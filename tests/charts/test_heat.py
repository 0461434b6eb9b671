import pytest

from evaluations.charts import Cell, Words, heat_plot, heat_table
from evaluations.charts.heat import shade
from tests.charts.reading import WIDE, parsed, parts

CELLS = {
    (0, 1): Cell(0.75, "75", "A won 75 % against B"),
    (1, 0): Cell(0.25, "25", "B won 25 % against A"),
}


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.5, ""),
        (0.51, ""),
        (0.53, "h1"),
        (0.57, "h2"),
        (0.69, "h4"),
        (1.0, "h4"),
        (0.47, "l1"),
        (0.0, "l4"),
    ],
)
def test_the_shade_tells_who_wins_and_how_far(share: float, expected: str) -> None:
    assert shade(share) == expected


def test_each_pair_has_a_cell_and_none_meets_itself() -> None:
    table = parsed(heat_table(["A", "B", "C"], CELLS, caption="Caption"))

    rows = table.findall("tbody/tr")
    assert [row.findtext("th") for row in rows] == ["1. A", "2. B", "3. C"]
    cells = [["".join(cell.itertext()) for cell in row.findall("td")] for row in rows]
    assert cells == [
        ["same model", "75", "never met"],
        ["25", "same model", "never met"],
        ["never met", "never met", "same model"],
    ]
    assert rows[0].findall("td")[1].get("class") == "h4"
    assert table.findtext("caption") == "Caption"


def test_columns_are_numbers_that_name_their_model() -> None:
    table = parsed(heat_table(["A", "<B>"], CELLS, caption=""))

    heads = [(abbr.text, abbr.get("title")) for abbr in table.iter("abbr")]
    assert heads == [("1", "A"), ("2", "<B>")]


def test_the_drawing_has_the_same_cells() -> None:
    drawn = heat_plot(["A", "B"], CELLS, face=WIDE)

    first, second = parts(drawn, "cell")
    assert (first.get("class"), second.get("class")) == ("cell h4", "cell l4")
    assert float(first.get("x")) > float(second.get("x"))
    assert float(first.get("y")) < float(second.get("y"))


def test_of_half_a_table_each_pair_stands_once_with_its_way_on() -> None:
    cells = {(1, 0): Cell(0.9, "0.80", "A and B: 0.80", 0.125, "?x=a&y=b", "12")}
    words = Words("Yardstick", "the same", "too few models")

    table = parsed(
        heat_table(["A", "B", "C"], cells, caption="", words=words, is_half=True)
    )

    rows = table.findall("tbody/tr")
    assert [len(row.findall("td")) for row in rows] == [1, 2, 3]
    [link] = table.iter("a")
    assert link.get("href") == "?x=a&y=b"
    assert link.findtext("span[@class='sr']") == "A and B: 0.80"
    assert [part.text for part in link if part.get("aria-hidden")] == ["0.80", "12"]
    assert rows[1].find("td").get("class") == "h4"
    assert table.findtext("thead/tr/th") == "Yardstick"
    assert "".join(rows[2].findall("td")[0].itertext()) == "too few models"


def test_a_longer_step_shades_less() -> None:
    assert [shade(share, 0.125) for share in (0.6, 0.7, 0.8, 0.1)] == [
        "h1",
        "h2",
        "h3",
        "l4",
    ]
