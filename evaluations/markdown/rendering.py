from typing import Any

from markdown_it import MarkdownIt

from evaluations.markdown.formulas import add_formulas
from evaluations.markdown.highlighting import add_highlighting
from evaluations.markdown.links import add_links
from evaluations.markdown.sanitising import sanitise
from evaluations.markdown.structure import add_structure

# Nine lists inside each other. What lies deeper the parser would silently leave out.
_MAX_NESTING = 20


class TooDeep(Exception):
    pass


def render(text: str) -> str:
    """Render in this process, without a limit: for the renderer's own processes."""
    env: dict[str, Any] = {}
    tokens = _MARKDOWN.parse(text, env)
    if any(t.nesting == 1 and t.level >= _MAX_NESTING - 1 for t in tokens):
        raise TooDeep("Lists or quotes lie too deep inside each other.")
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, env)
    return sanitise(html).strip()


def _parser() -> MarkdownIt:
    # `breaks`: a poem's or an address's line ends are part of the answer.
    options = {"html": False, "breaks": True, "tasklists": True}
    md = MarkdownIt("commonmark", {**options, "maxNesting": _MAX_NESTING})
    md.enable(["table", "strikethrough"])
    # A bare address is text; only what the contestant marked as a link is one.
    md.disable("autolink")
    for add in (add_formulas, add_highlighting, add_links, add_structure):
        add(md)
    return md


_MARKDOWN = _parser()
