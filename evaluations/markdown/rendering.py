from collections.abc import Sequence
from time import process_time
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from evaluations.markdown.formulas import add_formulas
from evaluations.markdown.highlighting import add_highlighting
from evaluations.markdown.links import add_links
from evaluations.markdown.protocol import Context, Growth
from evaluations.markdown.sanitising import sanitise
from evaluations.markdown.splitting import add_splitting, split
from evaluations.markdown.structure import add_structure

# Nine lists inside each other. What lies deeper the parser would silently leave out.
_MAX_NESTING = 20


class TooDeep(Exception):
    pass


def render(text: str) -> str:
    """Render in this process, without a limit: for the renderer's own processes."""
    env: dict[str, Any] = {}
    return _write(_MARKDOWN.parse(text, env), env).strip()


def render_growing(text: str, context: Context) -> Growth:
    """Render what will stay as it is and what may still change, each for itself."""
    start = process_time()
    parts = split(_MARKDOWN, text, context)
    return Growth(
        length=parts.length,
        final=_write(parts.final, parts.env),
        tail=_write(parts.tail, parts.env).strip(),
        context=parts.context,
        seconds=process_time() - start,
    )


def _write(tokens: Sequence[Token], env: dict[str, Any]) -> str:
    if not tokens:
        return ""
    if any(t.nesting == 1 and t.level >= _MAX_NESTING - 1 for t in tokens):
        raise TooDeep("Lists or quotes lie too deep inside each other.")
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, env)
    return sanitise(html)


def _parser() -> MarkdownIt:
    # `breaks`: a poem's or an address's line ends are part of the answer.
    options = {"html": False, "breaks": True, "tasklists": True}
    md = MarkdownIt("commonmark", {**options, "maxNesting": _MAX_NESTING})
    md.enable(["table", "strikethrough"])
    # A bare address is text; only what the contestant marked as a link is one.
    md.disable("autolink")
    for add in (add_formulas, add_highlighting, add_links, add_structure):
        add(md)
    add_splitting(md)
    return md


_MARKDOWN = _parser()
