import re
from fractions import Fraction

from evaluations.providers.house.solving.numbers import NUMBER, found_in, number, show
from evaluations.providers.house.solving.solution import Solution

_SIGN = r"\s*(?:%|per ?cent|percent|prozent|pour ?cent|por ciento)"
_SHARE = re.compile(
    rf"(?P<rate>{NUMBER}){_SIGN}\s+(?:of|von|de)\s+(?P<base>{NUMBER})", re.IGNORECASE
)
_PART_OF = (
    re.compile(
        rf"(?P<part>{NUMBER})\s+(?:is|are)\s+what\s+per ?cent(?:age)?\s+of\s+"
        rf"(?P<whole>{NUMBER})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"what\s+per ?cent(?:age)?\s+of\s+(?P<whole>{NUMBER})\s+(?:is|are)\s+"
        rf"(?P<part>{NUMBER})",
        re.IGNORECASE,
    ),
)
_CHANGE = re.compile(
    rf"(?:change|increase|rise|decrease|grew|grows|rose|fell|growth)\D{{0,40}}?"
    rf"from\s+(?P<old>{NUMBER})\D{{0,20}}?\s+to\s+(?P<new>{NUMBER})",
    re.IGNORECASE,
)
_RATE = re.compile(rf"(?P<rate>{NUMBER}){_SIGN}", re.IGNORECASE)
_DOWN = re.compile(
    r"\b(?:off|discount|reduc|less|cheaper|decreas|minus|drop|fall|lower|cut|rabatt|"
    r"reduziert|billiger|remise|descuento|rebaja)",
    re.IGNORECASE,
)
_UP = re.compile(
    r"\b(?:increas|plus|more|rais|rise|add|tip|tax|vat|dearer|trinkgeld|teurer)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\b(?:same as|instead of|rather than)\b.*", re.IGNORECASE)
_NOT_FOR_HERE = re.compile(r"\b(?:interest|years?|zins)", re.IGNORECASE)


def solve(text: str) -> Solution | None:
    return _share(text) or _part_of(text) or _change(text) or _applied(text)


def _share(text: str) -> Solution | None:
    if not (match := _SHARE.search(text)):
        return None
    rate, base = number(match["rate"]), number(match["base"])
    result = base * rate / 100
    return Solution(
        show(result),
        (
            f"{show(rate)} % means {show(rate)} of every 100",
            f"{show(base)} × {show(rate)} ÷ 100 = {show(result)}",
        ),
    )


def _part_of(text: str) -> Solution | None:
    match = next((found for p in _PART_OF if (found := p.search(text))), None)
    if not match or not (whole := number(match["whole"])):
        return None
    part = number(match["part"])
    result = part / whole * 100
    step = f"{show(part)} ÷ {show(whole)} × 100 = {show(result)}"
    return Solution(f"{show(result)} %", (step,))


def _change(text: str) -> Solution | None:
    match = _CHANGE.search(text)
    if not match or not (old := number(match["old"])):
        return None
    new = number(match["new"])
    rate = (new - old) / old * 100
    word = "increase" if rate >= 0 else "decrease"
    steps = (
        f"the difference is {show(new)} − {show(old)} = {show(new - old)}",
        f"{show(new - old)} ÷ {show(old)} × 100 = {show(rate)}",
    )
    return Solution(f"{show(abs(rate))} % {word}", steps)


def _applied(text: str) -> Solution | None:
    """Apply one discount or surcharge after the other to the only plain number."""
    text = _ASIDE.sub("", text)
    down, up = _DOWN.search(text), _UP.search(text)
    rates = [number(match["rate"]) for match in _RATE.finditer(text)]
    bases = found_in(_RATE.sub(" ", text))
    if not rates or len(bases) != 1 or not (down or up) or _NOT_FOR_HERE.search(text):
        return None
    sign = -1 if down else 1
    value, steps = bases[0], []
    for rate in rates:
        change = value * rate / 100
        after = value + sign * change
        steps.append(f"{show(rate)} % of {show(value)} is {show(change)}")
        mark = "−" if sign < 0 else "+"
        steps.append(f"{show(value)} {mark} {show(change)} = {show(after)}")
        value = after
    return Solution(show(value) + _overall(bases[0], value, len(rates)), tuple(steps))


def _overall(before: Fraction, after: Fraction, count: int) -> str:
    if count < 2 or not before:
        return ""
    rate = (after - before) / before * 100
    word = "less" if rate < 0 else "more"
    return f" (altogether {show(abs(rate))} % {word}, not the sum of the rates)"
