import re
from dataclasses import dataclass

_FENCE = re.compile(r"[ \t]{0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+\S")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\S")
_CODE = re.compile(r"`[^`\n]*`")
_BOLD = re.compile(r"\*\*[^*\n]+\*\*|__[^_\n]+__")
_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleFeatures:
    """What of an answer's form may sway a judge apart from its content."""

    characters: int
    tokens: int
    headings: int
    list_items: int
    bold: int


def style_features(text: str) -> StyleFeatures:
    """Count an answer's length and marks; code blocks count for length only."""
    prose = _lines_outside_code(text)
    return StyleFeatures(
        characters=len(text),
        tokens=sum(1 for _ in _TOKEN.finditer(text)),
        headings=sum(1 for line in prose if _HEADING.match(line)),
        list_items=sum(1 for line in prose if _LIST_ITEM.match(line)),
        bold=sum(len(_BOLD.findall(_CODE.sub("", line))) for line in prose),
    )


def _lines_outside_code(text: str) -> list[str]:
    lines: list[str] = []
    fence = ""
    for line in text.splitlines():
        match = _FENCE.match(line)
        if fence:
            if match and match[1].startswith(fence):
                fence = ""
        elif match:
            fence = match[1]
        else:
            lines.append(line)
    return lines
