"""Elements of a drawing; every value is escaped on its way in."""

from html import escape


class Svg(str):
    """Finished markup: template engines that ask for __html__ leave it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def element(name: str, *children: str, **attributes: object) -> Svg:
    """`class_` means class, and other underscores mean hyphens.

    A child that is not yet Svg is text, and escaped.
    """
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
    )
    if not children:
        return Svg(f"<{name}{pairs}/>")
    inside = "".join(c if isinstance(c, Svg) else escape(c) for c in children)
    return Svg(f"<{name}{pairs}>{inside}</{name}>")
