from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# The page has the prompt at h1 and each answer at h2.
_TOP_LEVEL = 3
_LOWEST_LEVEL = 6

_TABLE_BOX = '<div class="tbl" tabindex="0" role="group" aria-label="Table">'


def add_structure(md: MarkdownIt) -> None:
    """Fit headings, tables and task lists into a page that reads well aloud."""
    md.core.ruler.push("headings", _shift_headings)
    md.core.ruler.push("empty_heads", _unmark_empty_heads)
    md.core.ruler.push("boxes", _draw_boxes)
    md.add_render_rule("table_open", _open_table)
    md.add_render_rule("table_close", _close_table)
    md.add_render_rule("task_box", _render_box)


def _shift_headings(state: StateCore) -> None:
    """Number headings by their depth in the outline, so that no level is skipped."""
    state.tokens = list(_without_empty_headings(state.tokens))
    above: list[int] = list(state.env.get("headings", ()))
    for token in state.tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
            token.meta["outline"] = tuple(above)
        if token.type in ("heading_open", "heading_close"):
            depth = _TOP_LEVEL + len(above) - 1
            token.tag = f"h{min(depth, _LOWEST_LEVEL)}"


def _without_empty_headings(tokens: list[Token]) -> Iterator[Token]:
    kept = iter(tokens)
    for token in kept:
        if token.type != "heading_open":
            yield token
            continue
        inline, close = next(kept), next(kept)
        if inline.content.strip():
            yield from (token, inline, close)


def _unmark_empty_heads(state: StateCore) -> None:
    """Make an empty table heading an ordinary cell: it names nothing."""
    for i, (token, inline) in enumerate(pairwise(state.tokens)):
        if token.type == "th_open" and not inline.content:
            token.tag = state.tokens[i + 2].tag = "td"


def _draw_boxes(state: StateCore) -> None:
    """Show a task's box as a sign: a form control in an answer would serve nobody."""
    for i, token in enumerate(state.tokens):
        if token.type == "list_item_open" and "checked" in token.meta:
            checked = token.meta.pop("checked")
            token.attrs = {"class": "task"}
            text = _first_inline(state.tokens, i + 1)
            if text is not None and text.children is not None:
                text.children.insert(0, Token("task_box", "", 0, meta={"on": checked}))


def _first_inline(tokens: list[Token], start: int) -> Token | None:
    following = tokens[start : start + 2]
    return next((token for token in following if token.type == "inline"), None)


def _open_table(self: RendererProtocol, *_: Any) -> str:
    return f"{_TABLE_BOX}<table>\n"


def _close_table(self: RendererProtocol, *_: Any) -> str:
    return "</table></div>\n"


def _render_box(
    self: RendererProtocol, tokens: Sequence[Token], idx: int, *_: Any
) -> str:
    sign, name = ("☑", "Done") if tokens[idx].meta["on"] else ("☐", "Not done")
    return f'<span role="img" aria-label="{name}">{sign}</span> '
