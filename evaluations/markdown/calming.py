"""Show the end of a text that is still being written without flickering marks."""

import re

# A last line of marks alone may yet become a rule, an underline, a list's next item.
_ONLY_MARKS = re.compile(r"(?:\A|(?<=\n))[ \t]*[-=+*_#>~|:$\\ \t]+\Z")
_NUMBER = re.compile(r"(?<=\n)[ \t]*\d{1,3}[.)]?[ \t]*\Z")
_LAST_MARKS = re.compile(r"(?<!`)(?:``?|[*_~$\\]+)\Z")
_CODE_LINE = re.compile(r"(?<=\n)[ \t]*[`~]{0,2}\Z")
_UNSETTLED = frozenset("-=+*_#>~|:$\\ \t`.)0123456789")
_LOOK_BACK = 200
_OPEN_FENCE = ("```", "~~~")

_SKIPPED = re.compile(r"\\.|(`+)(?!`).*?(?<!`)\1(?!`)")
_RUN = re.compile(r"`+|\*{1,3}|_{1,2}|~~")
_OPEN_ADDRESS = re.compile(r"(?<!\\)!?\[([^\[\]]*)\]\([^()\s]*\Z")


def settled(source: str) -> str:
    """Leave out the marks at the very end whose meaning the next characters tell."""
    source = source.removesuffix("\r")
    if source[-1:] not in _UNSETTLED:
        return source
    if source.startswith(_OPEN_FENCE):
        found = _CODE_LINE.search(source, max(0, len(source) - _LOOK_BACK))
        return source[: found.start()] if found else source
    for pattern in (_ONLY_MARKS, _NUMBER, _LAST_MARKS):
        found = pattern.search(source, max(0, len(source) - _LOOK_BACK))
        if found:
            return source[: found.start()]
    return source


def closed(content: str) -> str:
    """Close the emphasis and code that the last line leaves open."""
    before, newline, line = content.rpartition("\n")
    line = _OPEN_ADDRESS.sub(r"\1", line)
    closers = _closers(line)
    if closers:
        line = line.rstrip() + closers
    return before + newline + line


def _closers(line: str) -> str:
    plain = _SKIPPED.sub(lambda match: "x" * len(match[0]), line)
    opened: list[str] = []
    for run in _RUN.finditer(plain):
        mark, before, after = run[0], plain[: run.start()][-1:], plain[run.end() :][:1]
        if mark[0] == "`":
            opened.append(mark)
            break
        if mark in opened and before.strip():
            del opened[opened.index(mark) :]
        elif after.strip() and not before.isalnum():
            opened.append(mark)
    return "".join(reversed(opened))
