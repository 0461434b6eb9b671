import functools
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token as MarkdownToken
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class, get_all_lexers
from pygments.token import Token

# Few classes keep the HTML small and the style sheet finite; the names are Pygments'.
# Its `sr` (a regular expression) must not appear: pages use it for hidden text.
_CLASSES = {
    Token.Comment: "c1",
    Token.Comment.Preproc: "k",
    Token.Generic.Deleted: "gd",
    Token.Generic.Inserted: "gi",
    Token.Keyword: "k",
    Token.Literal.Number: "mi",
    Token.Literal.String: "s1",
    Token.Name.Class: "nf",
    Token.Name.Decorator: "nf",
    Token.Name.Function: "nf",
    Token.Name.Tag: "k",
    Token.Operator.Word: "k",
}
CODE_CLASSES = frozenset(_CLASSES.values())


def add_highlighting(md: MarkdownIt) -> None:
    """Write code blocks as scrollable boxes, coloured where the language is known."""
    md.add_render_rule("fence", _render_code)
    md.add_render_rule("code_block", _render_code)


def highlight(code: str, language: str) -> str:
    """Return the code as HTML; spans carry classes where the language is known."""
    lexer = _lexer(language)
    if lexer is None:
        return escape(code, quote=False)
    try:
        pieces = list(lexer.get_tokens(code))
    except Exception:
        # Hundreds of lexers by as many hands: a fault in one costs the colours only.
        return escape(code, quote=False)
    if "".join(text for _, text in pieces) != code:
        # Some lexers trim or add; what the contestant wrote goes before the colours.
        return escape(code, quote=False)
    return "".join(_spans(pieces))


def _render_code(
    self: RendererProtocol, tokens: Sequence[MarkdownToken], idx: int, *_: Any
) -> str:
    token = tokens[idx]
    language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
    code = highlight(token.content, language.lower())
    return f'<div class="hl"><pre tabindex="0"><code>{code}</code></pre></div>\n'


def _spans(pieces: list[tuple[Any, str]]) -> Iterator[str]:
    for name, group in groupby(pieces, key=lambda piece: _class_of(piece[0])):
        shown = escape("".join(text for _, text in group), quote=False)
        yield f'<span class="{name}">{shown}</span>' if name else shown


@functools.cache
def _class_of(kind: Any) -> str:
    while kind.parent is not None:
        if kind in _CLASSES:
            return _CLASSES[kind]
        kind = kind.parent
    return ""


@functools.cache
def _languages() -> dict[str, str]:
    # Pygments' own look-up searches the installed packages for plug-ins at every
    # unknown name, which a text full of unknown names turns into minutes.
    return {
        alias: name
        for name, aliases, _, _ in get_all_lexers(plugins=False)
        for alias in aliases
    }


@functools.lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    name = _languages().get(language)
    lexer_class = find_lexer_class(name) if name else None
    return lexer_class(stripnl=False, ensurenl=False) if lexer_class else None
