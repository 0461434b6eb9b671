import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# Strict on purpose: no user part, no escapes, no IPv6, so that the host shown is the
# one every browser goes to. What does not match stays visible as plain text.
_HOST = r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?"
_WEB_ADDRESS = re.compile(rf"https?://({_HOST})(?::\d{{1,5}})?(?:[/?#]|\Z)", re.I)
_MAIL_ADDRESS = re.compile(rf"mailto:([a-z0-9.+_-]+@{_HOST})\Z", re.I)


def add_links(md: MarkdownIt) -> None:
    """Keep links whose host can be shown, show it, and turn images into links."""
    # Part of markdown-it's interface: rules ask the instance for this.
    md.validateLink = lambda url: host_of(url) is not None  # type: ignore[method-assign]
    md.core.ruler.push("links", _show_hosts)


def host_of(url: str) -> str | None:
    """Return the host of a web address, the address of a mailto, None for others."""
    match = _WEB_ADDRESS.match(url) or _MAIL_ADDRESS.match(url)
    return match[1].lower() if match else None


def _show_hosts(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = list(_rewritten(token.children))


def _rewritten(children: list[Token]) -> Iterator[Token]:
    href, label = "", ""
    for child in children:
        if child.type == "link_open":
            href, label = str(child.attrGet("href")), ""
            child.attrs = {"href": href}
            yield child
        elif child.type == "link_close":
            yield from _host_tokens(href, label)
            href = ""
            yield child
        elif child.type == "image":
            text = _plain(child.children or [])
            label += text
            yield from [_text(text)] if href else _image_link(child, text)
        else:
            label += _plain([child])
            yield child


def _image_link(image: Token, text: str) -> Iterator[Token]:
    href = str(image.attrGet("src"))
    yield Token("link_open", "a", 1, attrs={"href": href})
    yield _text(text)
    yield from _host_tokens(href, text)
    yield Token("link_close", "a", -1)


def _host_tokens(href: str, label: str) -> Iterator[Token]:
    host = host_of(href)
    if host is None or _begins_with(label, host):
        return
    shown = f"({host})" if label.strip() else host
    if label.strip():
        yield _text(" ")
    # Isolated, so that a right-to-left label cannot turn the host round.
    yield Token("bdi_open", "bdi", 1)
    yield _text(shown)
    yield Token("bdi_close", "bdi", -1)


def _begins_with(label: str, host: str) -> bool:
    """Tell whether the label is the address itself rather than a name for it."""
    bare = re.sub(r"^(?:https?://|mailto:)", "", label.strip().lower())
    return bare == host or bare.startswith((f"{host}/", f"{host}?", f"{host}#"))


def _plain(tokens: list[Token]) -> str:
    return "".join(
        _plain(token.children or []) if token.type == "image" else token.content
        for token in tokens
    )


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
