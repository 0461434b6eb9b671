"""Write what needs no parser in the caller's own process, byte for byte the same."""

import re
from html import escape

# Whatever may mean something to the parser or be rewritten by the sanitiser.
_MARKS = re.compile(
    r"[\\`*_~\[\]$\0-\x09\x0b-\x1f\x7f-\xa0"
    r"\u1680\u2000-\u200f\u2028-\u202f\u205f\u3000\ufdd0-\ufdef\ufeff\ufff0-\uffff"
    r"\ud800-\udfff\U0001fffe-\U0001ffff]"
)
_CODE_MARKS = re.compile(r"[\0-\x08\x0b-\x1f\x7f-\xa0\ud800-\udfff\ufdd0-\uffff]")
_ENTITY = re.compile(r"&[#A-Za-z]")
_LETTER = r"[A-Za-z\u00c0-\uffff]"
_ODD_LINE = re.compile(rf"\n(?!\n|\Z|[\"'(]?{_LETTER}|[0-9]+(?![0-9.)]))")
_FENCE = re.compile(r"(?:`{3,}|~{3,})[^`~\n]*\n")
_MAYBE_CLOSED = re.compile(r"\n[ \t]*(?:```|~~~)")

# A line that is text from its start, whatever is added, and the text at its end.
_TEXT_LINE = re.compile(
    rf"([ ]*(?:(?:[-*+]|\d{{1,9}}[.)]) +)?(?:#{{1,6}} +)?)[*_\"'(]*{_LETTER}"
)
_UP_TO_MARK = re.compile(r".*[\\`*_~\[\]$&]")
_LONGEST_CLOSING = 200
_CLOSING = re.compile(r"(?:</(?:p|li|ul|ol|em|strong|s|blockquote|h[3-6])>\n?)*\Z")


def paragraphs(source: str) -> tuple[int, str, str] | None:
    """Return the final part's length, its HTML and the tail's, or None."""
    if _MARKS.search(source) or _ODD_LINE.search("\n" + source):
        return None
    if "&" in source and _ENTITY.search(source):
        return None
    length = source.rfind("\n\n") + 2
    if length == 1:
        return 0, "", as_lines(source)
    final = [as_lines(text) for text in source[:length].split("\n\n")]
    stable = "".join(f"{html}\n" for html in final if html)
    return length, stable, as_lines(source[length:])


def open_code(source: str) -> str | None:
    """Return the HTML of a code block whose end has not come, or None."""
    fence = _FENCE.match(source) if source.startswith(("```", "~~~")) else None
    if fence is None or _CODE_MARKS.search(source):
        return None
    if _MAYBE_CLOSED.search(source, fence.end() - 1):
        return None
    code = escape(source[fence.end() :], quote=False)
    return f'<div class="hl"><pre tabindex="0"><code>{code}</code></pre></div>'


def lengthened(tail: str, source: str, added: str) -> str | None:
    """Return the tail with text put at its end, or None where marks may matter."""
    if not tail or "\n" in added or "&" in added or _MARKS.search(added):
        return None
    if ")" in added and "](" in source:
        return None
    line = source[source.rfind("\n") + 1 :]
    start = _TEXT_LINE.match(line)
    if start is None:
        return None
    before = _UP_TO_MARK.match(line)
    if before and before[0].endswith("&"):
        return None
    text = line[before.end() if before else start.end(1) :]
    visible = text.rstrip(" ")
    end = _CLOSING.search(tail, max(0, len(tail) - _LONGEST_CLOSING))
    head = tail[: end.start()] if end else tail
    shown = escape(visible, quote=False)
    if not visible.strip() or not head.endswith(shown):
        return None
    more = (text[len(visible) :] + added).rstrip(" ")
    return head + escape(more, quote=False) + tail[len(head) :]


def as_lines(source: str) -> str:
    """Return the text as one paragraph."""
    lines = escape(source.strip("\n"), quote=False).split("\n")
    html = "<br>\n".join(line.rstrip(" ") for line in lines)
    return f"<p>{html}</p>" if html else ""
