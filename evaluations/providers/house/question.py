"""What kind of question is asked, and about what."""

import re
from typing import Literal

from evaluations.providers.house import reading

Kind = Literal[
    "compare", "why", "how", "define", "list", "write", "code", "plan", "what"
]

LONGEST_TOPIC_WORDS = 7
LONGEST_READ = 4_000

# The first that fits counts, so the narrow ones stand before the wide ones.
_SIGNS: dict[Kind, tuple[str, ...]] = {
    "code": (
        r"python|javascript|sql|java|code|function|regex|html|css|bash|git|api|script",
        r"program|programm|bug|loop|funktion|fonction|función",
    ),
    "compare": (
        r"differen\w+|compare\w*|versus|vs|pros and cons|better\b.+\bor",
        r"unterschied\w*|différence|diferencia",
    ),
    "plan": (
        r"plan(?:s|ned|ning|en)?|prepar\w+|schedule|organi[sz]e|itinerary|checklist",
        r"weekend trip|steps to|train for|planifi\w+",
    ),
    "write": (
        r"writ\w+|compose|draft|poem\w*|haiku|limerick|story|slogan|letter|toast",
        r"schreib\w*|gedicht|écris|rédige|escribe",
    ),
    "why": (r"why|how come|reason\w*|warum|wieso|pourquoi|por qué",),
    "how": (r"how (?:do|does|can|to|should|did|is|are)|wie|comment|cómo",),
    "list": (
        r"list|suggest\w*|examples of",
        r"(?:name|give me) (?:\w+ )?(?:three|four|five|six|ten|some|\d+)",
    ),
    "define": (
        r"what (?:is|are|does)|define|meaning|explain|was ist|erkläre",
        r"qu.est-ce|explique|qué es",
    ),
}
_KINDS = [
    (kind, re.compile(rf"\b(?:{'|'.join(signs)})\b", re.IGNORECASE))
    for kind, signs in _SIGNS.items()
]
# A topic is named plainly (about), loosely (for), or by its place only (in the).
_TOPICS = tuple(
    re.compile(rf"\b(?:{words})\s+(?P<topic>[^.,;:!?\n]{{2,120}})", re.IGNORECASE)
    for words in (
        "about|on the topic of|regarding|über|zum thema|sur|sobre",
        "for(?! about)|on|because of|pour|para|für|wegen",
        "(?:in|at|of) (?:an?|the)",
    )
)
_LEADS = re.compile(
    r"^(?:the difference between|difference between|compare|versus|what is|what are|"
    r"explain|describe|why (?:is|are|do|does|did)|how (?:is|are|do|does|did|can|to)|"
    r"is|are|the|a|an|my|our|your|der|die|das|den|dem|le|la|les|un|une|el|los|las|una)\s+",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"(?:difference between|differences between|compare|unterschied zwischen|"
    r"différence entre|diferencia entre)\s+(?P<a>[^.,?!\n]{2,60}?)\s+"
    r"(?:and|with|to|und|et|y|versus|vs\.?)\s+(?P<b>[^.,?!\n]{2,60})|"
    r"(?<![\w-])(?P<c>[\w-]{1,30}(?: [\w-]{1,30})?)\s(?:versus|vs\.?)\s"
    r"(?P<d>[\w-]{1,30}(?: [\w-]{1,30})?)|"
    r"\bdoes (?P<e>[^.,?!\n]{2,40}?) differ from (?P<f>[^.,?!\n]{2,40})|"
    r"\b(?:between) (?P<g>[^.,?!\n]{2,40}?) (?:and) (?P<h>[^.,?!\n]{2,40})|"
    r"(?<![\w-])(?P<i>[\w-]{1,30}ing) or (?P<j>[\w-]{1,30}ing)\b",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s+(?:that|who|which|with|without|in (?:under|about|at most|exactly)|because|and "
    r"(?:who|explain|say|ask|tell|give)|but|using|i|we|you|der|die|das|qui|que)\b.*",
    re.IGNORECASE,
)
_NOT_A_WORD = re.compile(r"[^\w\s'’&/-]")
_SELF = re.compile(r"\b(?:i am|i'm|as an|my name|ich bin|je suis|yo soy|soy)\b", re.I)


def kind(text: str) -> Kind:
    read = text[:LONGEST_READ]
    found = (name for name, pattern in _KINDS if pattern.search(read))
    return next(found, "what")


def topic(text: str) -> str:
    """Return the few words that name what to write about, or nothing."""
    for pattern in _TOPICS:
        for match in pattern.finditer(text[:LONGEST_READ]):
            if found := _cleaned(match["topic"]):
                return found
    return ""


def keywords(text: str, count: int = 2) -> list[str]:
    """Return the longest words that carry meaning, in their order."""
    found = [
        word
        for word in dict.fromkeys(re.findall(r"[^\W\d_]{3,20}", text[:LONGEST_READ]))
        if reading.terms(word)
    ]
    chosen = sorted(found, key=len, reverse=True)[:count]
    return [word for word in found if word in chosen]


def compared(text: str) -> tuple[str, str] | None:
    match = _COMPARED.search(text[:LONGEST_READ])
    if not match:
        return None
    sides = [_cleaned(side) for side in match.groups() if side]
    if len(sides) != 2 or not all(map(reading.terms, sides)):
        return None
    return sides[0], sides[1]


def _cleaned(phrase: str) -> str:
    phrase = _NOT_A_WORD.sub(" ", _CUT.sub("", phrase)).replace("_", " ")
    previous = None
    while phrase != previous:
        previous, phrase = phrase, _LEADS.sub("", phrase.strip())
    if _SELF.search(phrase):
        return ""
    if phrase[:1].isdecimal():  # "about 80 words" names a length
        return ""
    return " ".join(phrase.split()[:LONGEST_TOPIC_WORDS])[:80]
