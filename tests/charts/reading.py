"""Drawings as trees, to look at their parts."""

from xml.etree import ElementTree

from evaluations.charts import Face

WIDE = Face("test", "Title", "Description", 620)
NARROW = Face("test", "Title", "Description", 350, "narrow")


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)  # noqa: S314  our own drawing


def parts(drawing: str, name: str) -> list[ElementTree.Element]:
    """The parts of this class, in the order of the drawing."""
    return [
        part for part in parsed(drawing).iter() if name in part.get("class", "").split()
    ]


def words(drawing: str, name: str) -> list[str | None]:
    return [part.text for part in parts(drawing, name)]
