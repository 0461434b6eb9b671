"""Split a growing text into blocks that stay as they are and the one in progress."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from evaluations.markdown.calming import closed
from evaluations.markdown.protocol import Context

# A formula's own lines may look like lists or headings until its end has come.
_OPENS_FORMULA = re.compile(r" {0,3}(?:\$\$|\\\[)")
_ENDS_ITSELF = frozenset({"heading_open", "hr", "math_block"})
_ENDED_BY_BLANK = frozenset({"blockquote_open", "paragraph_open", "table_open"})
_MAX_ADDRESSES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The tokens of both parts, and where in the source the first one ends."""

    length: int
    final: Sequence[Token]
    tail: Sequence[Token]
    env: dict[str, Any]
    context: Context


def add_splitting(md: MarkdownIt) -> None:
    """Find the last safe cut where the caller asks for one in `env`."""
    md.core.ruler.after("block", "growing", _cut)


def split(md: MarkdownIt, source: str, context: Context) -> Parts:
    references = {
        label: {"href": href, "title": "", "map": [0, 0]}
        for label, href in context.addresses.items()
    }
    env: dict[str, Any] = {
        "growing": True,
        "headings": context.headings,
        "references": references,
    }
    tokens = md.parse(source, env)
    line = env["cut"]
    index = next((i for i, t in enumerate(tokens) if _is_block(t, line)), len(tokens))
    return Parts(
        length=sum(len(text) + 1 for text in source.split("\n")[:line]),
        final=tokens[:index],
        tail=_undecorated(tokens[index:], source),
        env=env,
        context=_context_after(tokens[:index], env, context),
    )


def _is_block(token: Token, line: int) -> bool:
    return bool(token.level == 0 and token.map and token.map[0] >= line)


def _context_after(final: list[Token], env: dict[str, Any], before: Context) -> Context:
    headings = [token for token in final if token.type == "heading_open"]
    addresses = {
        label: reference["href"]
        for label, reference in env["references"].items()
        if reference["map"][1] <= env["cut"]
    }
    return Context(
        headings=headings[-1].meta["outline"] if headings else before.headings,
        addresses=dict(list(addresses.items())[:_MAX_ADDRESSES]),
    )


def _undecorated(tail: list[Token], source: str) -> list[Token]:
    """Leave code uncoloured that will be drawn again: colours are dear."""
    for token in tail:
        if token.type == "fence" and (token.level or not _is_closed(token)):
            token.info = ""
    return tail


def _is_closed(fence: Token) -> bool:
    start, end = fence.map or (0, 0)
    lines = fence.content.count("\n")
    if fence.content and not fence.content.endswith("\n"):
        lines += 1
    return end - start - 1 > lines


def _cut(state: StateCore) -> None:
    if "growing" not in state.env:
        return
    lines = state.src.split("\n")
    blocks = [t for t in state.tokens if t.level == 0 and t.nesting >= 0 and t.map]
    state.env["cut"] = cut = _cut_line(blocks, lines)
    last = next((t for t in reversed(state.tokens) if t.type == "inline"), None)
    if last is not None and last.map and last.map[0] >= cut and lines[-1].strip():
        last.content = closed(last.content)


def _cut_line(blocks: list[Token], lines: list[str]) -> int:
    """Return the first line of what may still change.

    Only complete lines count: the last one may yet become something else.
    """
    complete = len(lines) - 1
    for i in range(len(blocks) - 1, -1, -1):
        start, end = blocks[i].map or (0, 0)
        if _has_ended(blocks[i], lines) and not _in_open_formula(start, lines):
            return _after_blanks(end, lines)
        if i and start < complete and _begins_anew(blocks[i - 1], start, lines):
            return start
    return 0


def _has_ended(block: Token, lines: list[str]) -> bool:
    """Tell whether nothing that follows can change the block."""
    end = block.map[1] if block.map else 0
    complete = len(lines) - 1
    if block.type in _ENDED_BY_BLANK:
        return end < complete and not lines[end].strip(" \t")
    closes = block.type in _ENDS_ITSELF
    return end <= complete and (closes or (block.type == "fence" and _is_closed(block)))


def _begins_anew(before: Token, start: int, lines: list[str]) -> bool:
    if not lines[start - 1].strip(" \t"):
        return True
    # Lines between two blocks are a link's definition, whose title may go on.
    touches = before.map is not None and before.map[1] == start
    return touches and not _in_open_formula(start, lines)


def _in_open_formula(start: int, lines: list[str]) -> bool:
    while start and lines[start - 1].strip(" \t"):
        start -= 1
        if _OPENS_FORMULA.match(lines[start]):
            return True
    return False


def _after_blanks(line: int, lines: list[str]) -> int:
    while line < len(lines) - 1 and not lines[line].strip(" \t"):
        line += 1
    return line
