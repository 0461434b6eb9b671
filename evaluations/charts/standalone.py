"""A drawing to take away: its colours written into it, for it has no style sheet."""

from collections.abc import Mapping
from xml.etree import ElementTree

from evaluations.charts.svg import Svg

NAMESPACE = "http://www.w3.org/2000/svg"
FONT = "Inter, system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
PAPER, INK, QUIET, LINE, BRAND = "#ffffff", "#1b1c1f", "#55565c", "#dfdbd3", "#0b6257"
BORDER = "#8b867c"
HUES = {
    "c1": "#1f55c4",
    "c2": "#a8470c",
    "c3": BRAND,
    "c4": "#8a2a7d",
    "c5": "#7a5a00",
}
# The light colours of static/css/tokens.css, by the classes of charts.css.
LOOKS: dict[str, dict[str, str]] = {
    "grid": {"stroke": LINE},
    "ref": {"stroke": BORDER, "stroke-dasharray": "2 3"},
    "strong": {"fill": INK, "font-weight": "600"},
    "front": {"fill": "none", "stroke": BRAND, "stroke-width": "1.5"}
    | {"stroke-dasharray": "4 4"},
    "whisker": {"stroke": BORDER, "opacity": "0.7"},
    "err": {"stroke": BRAND, "stroke-width": "6", "stroke-linecap": "round"}
    | {"opacity": "0.34"},
    "pt": {"fill": BRAND, "stroke": PAPER, "stroke-width": "1.5"},
    "closed": {"fill": PAPER, "stroke": QUIET, "stroke-width": "2"},
    "bar": {"fill": BRAND},
    "ring": {"fill": PAPER, "stroke-width": "2"},
    "line": {"fill": "none", "stroke-width": "2", "stroke-linejoin": "round"},
    "bg": {"stroke": BORDER, "stroke-width": "1.25", "opacity": "0.45"},
    "band": {"opacity": "0.14"},
    "lab": {"font-weight": "600"},
    "cell": {"fill": "#f4f4f4"},
    "h1": {"fill": "#e9eef9"},
    "h2": {"fill": "#d2ddf3"},
    "h3": {"fill": "#b7c9ec"},
    "h4": {"fill": "#9bb5e5"},
    "l1": {"fill": "#f8ede7"},
    "l2": {"fill": "#f0dbcf"},
    "l3": {"fill": "#e6c5b3"},
    "l4": {"fill": "#dcae96"},
}
HUED = {
    "line": "stroke",
    "ring": "stroke",
    "spot": "fill",
    "band": "fill",
    "lab": "fill",
}


def standalone(drawn: Svg) -> str:
    """The drawing as a file of its own, light, on white paper."""
    # Our own drawing, finished a moment ago, without entities or a document type.
    root = ElementTree.fromstring(drawn)  # noqa: S314  # nosec B314
    *_, width, height = root.attrib["viewBox"].split()
    root.attrib |= {
        "xmlns": NAMESPACE,
        "width": width,
        "height": height,
        "font-family": FONT,
        "font-size": "12",
        "font-weight": "500",
    }
    paper = {"width": "100%", "height": "100%", "fill": PAPER}
    _colour(root, "")
    root.insert(2, ElementTree.Element("rect", paper))
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _colour(part: ElementTree.Element, hue: str) -> None:
    """Turn classes into attributes; a group's hue holds for all within it."""
    names = part.attrib.pop("class", "").split()
    hue = next((HUES[name] for name in names if name in HUES), hue)
    look: dict[str, str] = {"fill": QUIET} if part.tag == "text" else {}
    for name in names:
        look |= LOOKS.get(name, {})
        if hue and name in HUED:
            look[HUED[name]] = hue
    part.attrib.update(_unset(look, part.attrib))
    for gone in ("data-tip", "role", "tabindex"):
        part.attrib.pop(gone, None)
    for child in part:
        _colour(child, hue)


def _unset(look: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in look.items() if name not in given}
