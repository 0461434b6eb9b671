"""What it takes for a sentence to name its own author.

A form stands around a name or a maker that was found first: `before` ends where the
name begins, `after` starts where it ends. The tongues write their forms in short: a
blank is any white space, `~` white space or none, AI a machine's noun, MADE a
participle of making, CLAUSE the start of a clause, ADV up to three words that do not
deny, FILL up to four words.
"""

import re
from dataclasses import dataclass
from functools import cached_property

# What may stand between "I am" and a name without a change of meaning.
WRAP = r"[\s\"'`\[(<:«「『《【\u2014-]*"
# A clause starts here: nothing, a stop or a comma stands before.
_CLAUSE = r"(?:(?<=[.!?,;:\n(—])|(?<=[.!?,;:(—]\s)|(?<![\s\S]))"
Pair = tuple[str, str]


@dataclass(frozen=True)
class Tongue:
    """The forms of one language, each alternative in short."""

    code: str
    machine: str
    made: str
    no: str
    naming: str = ""
    kin: str = ""
    made_by: str = ""
    maker_made_me: str = ""
    framed_name: tuple[Pair, ...] = ()
    framed_maker: tuple[Pair, ...] = ()
    denied: str = ""
    doubt: str = ""
    spaced: bool = True

    def expand(self, form: str) -> str:
        edge = r"(?<!\w)" if self.spaced else ""
        form = form.replace(" ?", "~")
        form = form.replace("CLAUSE", _CLAUSE)
        form = form.replace("AI", f"(?:{self.machine})")
        form = form.replace("MADE", f"(?:{self.made})")
        form = form.replace("ADV", rf"(?:(?!(?:{self.no})\b)[\w'-]+,? ){{0,3}}?")
        form = form.replace("FILL", r"(?:[\w'.-]+ ){0,4}?")
        form = form.replace("GAP", rf"(?:(?!(?:{self.no})\b)[^\s.!?\"]+ ){{0,12}}?")
        return f"{edge}(?:{form})".replace("~", r"\s*").replace(" ", r"\s+")


def ending(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<form>{form}){WRAP}\Z")


def starting(form: str) -> re.Pattern[str]:
    return re.compile(rf"[\"'`)\]»」』》】]*(?:{form})")


@dataclass(frozen=True)
class Framed:
    before: re.Pattern[str]
    after: re.Pattern[str]


@dataclass(frozen=True)
class Grammar:
    """All tongues as few compiled patterns: a hit is held against each once."""

    tongues: tuple[Tongue, ...]

    def _joined(self, part: str) -> str:
        forms = [
            tongue.expand(getattr(tongue, part))
            for tongue in self.tongues
            if getattr(tongue, part)
        ]
        return "|".join(forms)

    def _framed(self, part: str) -> tuple[Framed, ...]:
        return tuple(
            Framed(ending(tongue.expand(before)), starting(_bare(tongue, after)))
            for tongue in self.tongues
            for before, after in getattr(tongue, part)
        )

    @cached_property
    def naming(self) -> re.Pattern[str]:
        return ending(self._joined("naming"))

    @cached_property
    def kin(self) -> re.Pattern[str]:
        return ending(self._joined("kin"))

    @cached_property
    def made_by(self) -> re.Pattern[str]:
        return ending(self._joined("made_by"))

    @cached_property
    def maker_made_me(self) -> re.Pattern[str]:
        forms = [
            _bare(tongue, tongue.maker_made_me)
            for tongue in self.tongues
            if tongue.maker_made_me
        ]
        return starting("|".join(forms))

    @cached_property
    def framed_name(self) -> tuple[Framed, ...]:
        return self._framed("framed_name")

    @cached_property
    def framed_maker(self) -> tuple[Framed, ...]:
        return self._framed("framed_maker")

    @cached_property
    def denied(self) -> re.Pattern[str]:
        forms = [_bare(t, t.denied) for t in self.tongues if t.denied]
        return starting("|".join(forms))

    @cached_property
    def doubt(self) -> re.Pattern[str]:
        noes = "|".join(tongue.no for tongue in self.tongues if tongue.spaced)
        return re.compile(
            rf"(?:{self._joined('doubt')})[\s,:\"'`—-]*\Z|(?<!\w)(?:{noes})\s+\Z"
        )

    @cached_property
    def machine(self) -> re.Pattern[str]:
        words = [
            rf"(?<!\w)(?:{t.machine})(?!\w)" if t.spaced else t.machine
            for t in self.tongues
        ]
        # A machine's noun in a person's trade: "assistant to the mayor".
        text = "|".join(words).replace(" ", r"\s+")
        return re.compile(rf"(?:{text})(?!\s+(?:to|professor|manager|director)\b)")


def _bare(tongue: Tongue, form: str) -> str:
    """Expand a form that follows a name, so that no edge is asked for."""
    return tongue.expand(form).removeprefix(r"(?<!\w)")
