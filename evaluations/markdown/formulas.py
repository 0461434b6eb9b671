import functools
import html
import re
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import Converter
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.dollarmath.index import math_inline_dollar

_BLOCK_CLOSERS = {"$$": "$$", r"\[": r"\]"}
_INLINE_CLOSERS = {r"\(": r"\)", r"\[": r"\]"}
_INLINE_TYPES = {r"\(": "math_inline", r"\[": "math_inline_double"}

# The converter knows the outer environments only; inside a formula they mean the same.
_INNER_ENVIRONMENT = re.compile(r"\\(begin|end)\{(?:aligned|split|gathered)\}")

# Long enough for real spacing, too short to push a formula over other parts of a page.
_SMALL_LENGTH = re.compile(
    r"[-+]?(?:\d?(?:\.\d+)?(?:em|ex|width)?|\d{1,2}(?:\.\d+)?(?:px|pt|mu)"
    r"|(?:negative)?(?:very){0,2}(?:thin|medium|thick)mathspace)"
)
_LENGTHS = frozenset(
    {"columnspacing", "depth", "height", "linethickness", "lspace", "maxsize"}
    | {"minsize", "rowspacing", "rspace", "voffset", "width"}
)
_MAX_LENGTHS = 40

# Longer ones are rare, and a thousand of them would fill the process's memory.
_SHORT = 300


def add_formulas(md: MarkdownIt) -> None:
    """Read $…$, $$…$$, \\(…\\) and \\[…\\] as TeX and write it as MathML."""
    md.inline.ruler.before(
        "escape",
        "math_inline",
        math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True),
    )
    md.inline.ruler.before("escape", "math_brackets", _inline_brackets)
    md.block.ruler.before(
        "fence",
        "math_block",
        _block,
        {"alt": ["paragraph", "reference", "blockquote", "list"]},
    )
    md.add_render_rule("math_inline", _render_inline)
    md.add_render_rule("math_inline_double", _render_display)
    md.add_render_rule("math_block", _render_display)


def to_mathml(tex: str, *, display: bool) -> str:
    """Return MathML, or the TeX itself as code where it cannot be read."""
    if len(tex) > _SHORT:
        return _written(tex, display)
    return _remembered(tex, display)


def _written(tex: str, display: bool) -> str:
    try:
        return _convert(tex, "block" if display else "inline")
    except Exception:
        # The converter raises a dozen kinds, RecursionError among them; whatever it
        # is, the reader is better served by the TeX than by no answer.
        return f"<code>{html.escape(tex)}</code>"


# A block that is still being written is drawn again with all the formulas it holds.
_remembered = functools.lru_cache(maxsize=1_000)(_written)


def _convert(tex: str, display: str) -> str:
    tex = _INNER_ENVIRONMENT.sub(r"\\\1{align*}", tex)
    root: Element = Converter(display=display).convert_to_element(tex)
    for element in root.iter():
        _tidy(element)
    if display == "block":
        # It scrolls when it is wide, so the keyboard must be able to reach it.
        root.set("tabindex", "0")
    return tostring(root, encoding="unicode")


def _tidy(element: Element) -> None:
    # The converter writes its signs as entities inside the text. Resolving them here
    # and letting ElementTree escape again keeps `<` a sign, never a tag.
    if element.text:
        element.text = html.unescape(element.text)
    for name, value in list(element.attrib.items()):
        if name in _LENGTHS and not _is_small(value):
            del element.attrib[name]


def _is_small(value: str) -> bool:
    lengths = value.split()
    return len(lengths) <= _MAX_LENGTHS and all(
        _SMALL_LENGTH.fullmatch(length) for length in lengths
    )


def _inline_brackets(state: StateInline, silent: bool) -> bool:
    opener = state.src[state.pos : state.pos + 2]
    if opener not in _INLINE_CLOSERS:
        return False
    start = state.pos + 2
    end = state.src.find(_INLINE_CLOSERS[opener], start, state.posMax)
    if end == -1 or not state.src[start:end].strip():
        return False
    if not silent:
        token = state.push(_INLINE_TYPES[opener], "math", 0)
        token.content = state.src[start:end]
    state.pos = end + 2
    return True


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if state.is_code_block(start_line):
        return False
    start = state.bMarks[start_line] + state.tShift[start_line]
    closer = _BLOCK_CLOSERS.get(state.src[start : start + 2])
    if closer is None:
        return False
    found = _block_content(state, start_line, end_line, closer)
    if found is None:
        return False
    content, last_line = found
    if not silent:
        token = state.push("math_block", "math", 0)
        token.content = content
        token.map = [start_line, last_line + 1]
        state.line = last_line + 1
    return True


def _block_content(
    state: StateBlock, start_line: int, end_line: int, closer: str
) -> tuple[str, int] | None:
    start = state.bMarks[start_line] + state.tShift[start_line] + 2
    end = state.src.find(closer, start)
    # Asked first, because it is cheap where thousands of openers have no end.
    if end == -1 or not _ends_line(state.src, end + 2):
        return None
    lines: list[str] = []
    for number in range(start_line, end_line):
        line = state.src[start : state.eMarks[number]]
        if number > start_line and (
            not line.strip() or state.sCount[number] < state.blkIndent
        ):
            return None
        if end < state.eMarks[number]:
            return "\n".join([*lines, line.replace(closer, "", 1)]), number
        lines.append(line)
        start = state.bMarks[number + 1] + state.tShift[number + 1]
    return None


def _ends_line(source: str, start: int) -> bool:
    """Tell whether only a full stop or the like follows on the line."""
    end = source.find("\n", start)
    rest = source[start:] if end == -1 else source[start:end]
    return not rest.strip(" \t.,;:")


def _render_inline(
    self: RendererProtocol, tokens: Sequence[Token], idx: int, *_: Any
) -> str:
    return to_mathml(tokens[idx].content.strip(), display=False)


def _render_display(
    self: RendererProtocol, tokens: Sequence[Token], idx: int, *_: Any
) -> str:
    return to_mathml(tokens[idx].content.strip(), display=True)
