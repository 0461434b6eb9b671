"""What stands on a page: its sections, and the rows of its tables."""

import re


def plain(text: str) -> str:
    """The words without the tags."""
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", text)).strip()


def section(text: str, name: str) -> str:
    """The section with the heading of that id."""
    return text.partition(f'aria-labelledby="{name}"')[2].partition("</section>")[0]


def rows(text: str) -> list[list[str]]:
    """The words of each cell of the first table."""
    body = text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", body)
    ]
