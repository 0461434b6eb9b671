"""One spelling for a text, so that the forms need to know one only.

Characters are swapped one for one or dropped, never joined, so a place in the
folded text leads back to its place in the original.
"""

from dataclasses import dataclass
from functools import cached_property

# Zero-width marks, direction marks, soft hyphens and Markdown's emphasis.
DROPPED = (
    "*~\u00ad\u034f\u061c\u180e\ufe0e\ufe0f\ufeff\u2060\u2061\u2062\u2063\u2064"
    + (
        "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
        "\u2066\u2067\u2068\u2069"
    )
)
SPACES = "_\t\u00a0\u1680\u202f\u205f\u3000\u2800" + "".join(
    map(chr, range(0x2000, 0x200B))
)
APOSTROPHES = "\u2018\u2019\u201b\u02bc\u02b9\u00b4\uff07"
HYPHENS = "\u2010\u2011\u2012\u2043\u2212\ufe63"
DASHES = "\u2013\u2015"
QUOTES = "\u201c\u201d\u201e\u201f"

_TABLE: dict[int, int | None] = {
    # Full-width letters, digits and signs have ASCII twins at a fixed distance.
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{ord(sign): ord(" ") for sign in SPACES},
    **{ord(sign): ord("'") for sign in APOSTROPHES},
    **{ord(sign): ord("-") for sign in HYPHENS},
    **{ord(sign): ord("\u2014") for sign in DASHES},
    **{ord(sign): ord('"') for sign in QUOTES},
    # The only letter whose lower case is longer than itself.
    ord("\u0130"): ord("I"),
    **{ord(sign): None for sign in DROPPED},
}


def fold(text: str) -> str:
    """Swap look-alike signs and drop marks that nobody sees; keep the case."""
    return text.translate(_TABLE)


@dataclass(frozen=True)
class Folded:
    """A text in its one spelling, with and without case: both of one length."""

    original: str

    @cached_property
    def cased(self) -> str:
        return fold(self.original)

    @cached_property
    def lower(self) -> str:
        return self.cased.lower()

    def place(self, at: int) -> int:
        """Lead a place in the folded text back to the original."""
        kept = 0
        for index, sign in enumerate(self.original):
            if _TABLE.get(ord(sign), 0) is None:
                continue
            if kept == at:
                return index
            kept += 1
        return len(self.original)
