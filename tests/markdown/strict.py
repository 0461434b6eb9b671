"""A second opinion on rendered HTML, with its own list of what may appear."""

import re
from html.parser import HTMLParser

TEXT_TAGS = frozenset(
    {"a", "bdi", "blockquote", "br", "code", "div", "em", "h3", "h4", "h5", "h6", "hr"}
    | {"li", "ol", "p", "pre", "s", "span", "strong", "table", "tbody", "td", "th"}
    | {"thead", "tr", "ul"}
)
MATH_TAGS = frozenset(
    {"math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "ms"}
    | {"mpadded", "mphantom", "mprescripts", "mroot", "mrow", "mspace", "msqrt"}
    | {"mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder"}
    | {"munderover", "none"}
)
REL = "nofollow ugc noopener noreferrer"
VALUES = {
    ("a", "href"): re.compile(
        r"(?:https?://[a-z0-9_-][a-z0-9._-]*(?::\d+)?(?:[/?#].*)?|mailto:[^?:]+)", re.I
    ),
    ("a", "rel"): re.compile(REL),
    ("a", "target"): re.compile("_blank"),
    ("div", "aria-label"): re.compile("Table"),
    ("div", "class"): re.compile("hl|tbl"),
    ("div", "role"): re.compile("group"),
    ("div", "tabindex"): re.compile("0"),
    ("li", "class"): re.compile("task"),
    ("math", "tabindex"): re.compile("0"),
    ("ol", "start"): re.compile(r"\d{1,9}"),
    ("pre", "tabindex"): re.compile("0"),
    ("span", "aria-label"): re.compile("Done|Not done"),
    ("span", "class"): re.compile("k|s1|c1|mi|nf|gi|gd"),
    ("span", "role"): re.compile("img"),
}
MATH_VALUE = re.compile(r"[a-z0-9.+ -]{0,300}")
MATH_NAMES = frozenset(
    {"accent", "accentunder", "columnalign", "columnspacing", "depth", "display"}
    | {"displaystyle", "fence", "form", "height", "largeop", "linethickness", "lspace"}
    | {"mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowspacing"}
    | {"rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset"}
    | {"width"}
)
VOID_TAGS = frozenset({"br", "hr"})


def violations(html: str) -> list[str]:
    """Name everything in the HTML that the renderer must never let through."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found + [f"<{tag}> left open" for tag in reader.open]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TEXT_TAGS | MATH_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            self._check_attribute(tag, name, value or "")
        if tag == "a" and dict(attrs).get("rel") != REL:
            self.found.append("<a> without its rel")
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append(f"</{tag}> out of place")

    def handle_comment(self, data: str) -> None:
        self.found.append("a comment")

    def handle_decl(self, decl: str) -> None:
        self.found.append("a declaration")

    def handle_pi(self, data: str) -> None:
        self.found.append("a processing instruction")

    def unknown_decl(self, data: str) -> None:
        self.found.append("an unknown declaration")

    def _check_attribute(self, tag: str, name: str, value: str) -> None:
        pattern = VALUES.get((tag, name))
        if pattern is None and tag in MATH_TAGS and name in MATH_NAMES:
            pattern = MATH_VALUE
        if pattern is None:
            self.found.append(f"<{tag} {name}>")
        elif not pattern.fullmatch(value):
            self.found.append(f'<{tag} {name}="{value}">')
