from dataclasses import replace
from xml.etree import ElementTree

from django.template import Context, Template

from evaluations.charts import Dot, Scale, axis, dot_plot, interval_cell
from evaluations.charts.svg import element
from tests.charts.reading import WIDE, parsed

SCALE = Scale(1000, 1200)


def plotted(*dots: Dot, width: int = 620) -> ElementTree.Element:
    face = replace(WIDE, width=width)
    return parsed(dot_plot(dots, scale=SCALE, reference=1100, face=face))


def test_the_interval_lies_between_its_ends_on_the_scale() -> None:
    cell = parsed(
        interval_cell(SCALE, low=1050, rating=1100, high=1150, reference=1000)
    )

    parts = {part.get("class"): part for part in cell}
    assert (parts["rg"].get("x1"), parts["rg"].get("x2")) == ("26.0%", "74.0%")
    assert parts["pt"].get("cx") == "50.0%"
    assert parts["ref"].get("x1") == parts["ref"].get("x2") == "2.0%"


def test_the_axis_names_round_numbers() -> None:
    drawn = parsed(axis(SCALE))

    assert [text.text for text in drawn] == ["1000", "1050", "1100", "1150", "1200"]


def test_text_and_attributes_are_escaped() -> None:
    drawn = element("text", '<b>&"', data_tip='"><script>')

    assert parsed(drawn).text == '<b>&"'
    assert "<script>" not in drawn


def test_a_template_leaves_a_drawing_as_it_is() -> None:
    drawn = element("g", class_="x")

    assert Template("{{ d }}").render(Context({"d": drawn})) == drawn


def test_a_dot_plot_has_a_line_for_each_dot_and_says_what_it_shows() -> None:
    plot = plotted(
        Dot("First", 1150, 1120, 1180, "First: 1150"),
        Dot("Second", 1050, 1020, 1080, "Second: 1050"),
    )

    groups = plot.findall("g")
    assert [group.findtext("title") for group in groups] == [
        "First: 1150",
        "Second: 1050",
    ]
    first, second = (float(g.find("circle").get("cx")) for g in groups)
    assert first > second
    assert plot.findtext("title") == "Title"
    assert plot.get("aria-labelledby") == "test-wide-t test-wide-d"


def test_labels_stay_inside_a_narrow_plot() -> None:
    plot = plotted(Dot("A name that is far too long " * 3, 1, 1, 1, ""), width=320)

    label = plot.find("g").findtext("text")
    assert label.endswith("…")
    assert len(label) * 6.6 <= 320 * 0.4


def test_a_label_with_room_for_it_is_whole() -> None:
    for letters in range(1, 30):
        label = "m" * letters

        names = [text.text for text in plotted(Dot(label, 1, 0, 2, "")).iter("text")]

        assert label in names


def test_a_hollow_dot_and_a_note_are_drawn() -> None:
    plot = plotted(
        Dot("First", 1150, 1120, 1180, "", note="12 345"),
        Dot("Second", 1100, 1080, 1120, "", is_hollow=True),
    )

    circles = [circle.get("class") for circle in plot.iter("circle")]
    assert circles == ["pt", "pt closed"]
    (note,) = (text for text in plot.iter("text") if text.text == "12 345")
    ends = [float(line.get("x2", 0)) for line in plot.iter("line")]
    assert float(note.get("x", 0)) == 620
    assert max(ends) < 620 - 6 * 6
