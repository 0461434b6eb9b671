import math
import re
from fractions import Fraction

from evaluations.providers.house.solving.numbers import NUMBER, brief, number, show
from evaluations.providers.house.solving.solution import Solution

MOST_YEARS = 100
HIGHEST_RATE = 100

_RATE = re.compile(rf"(?P<rate>{NUMBER})\s*(?:%|per ?cent|percent|prozent)", re.I)
_YEARS = re.compile(rf"(?P<years>{NUMBER})\s+(?:years?|jahren?|ans|años)\b", re.I)
_SHARED = re.compile(
    rf"(?:split|share|divide)\w*\s+(?:a |the )?(?:\w+ ){{0,3}}?(?:of )?"
    rf"(?P<sum>{NUMBER})(?P<money>\s*(?:euros?|dollars?|pounds?|francs?))?"
    r"\D{0,60}?(?P<heads>\d{1,4})\b",
    re.I,
)


def solve(text: str) -> Solution | None:
    return _interest(text) or _shared(text)


def _interest(text: str) -> Solution | None:
    rate, years = _RATE.search(text), _YEARS.search(text)
    if (
        not rate
        or not years
        or not re.search(r"interest|zins|intérêt|interés", text, re.I)
    ):
        return None
    rest = _YEARS.sub(" ", _RATE.sub(" ", text))
    principal = re.search(NUMBER, rest)
    span = number(years["years"])
    if not principal or not 0 < span <= MOST_YEARS or span.denominator != 1:
        return None
    start, share = number(principal.group()), number(rate["rate"]) / 100
    if share > HIGHEST_RATE / 100:
        return None
    if re.search(r"simple interest", text, re.I):
        return _simple(start, share, int(span))
    return _compound(start, share, int(span))


def _simple(start: Fraction, share: Fraction, years: int) -> Solution:
    earned = start * share * years
    steps = (
        f"interest: {show(start)} × {show(share)} × {years} = {show(earned)}",
        f"{show(start)} + {show(earned)} = {show(start + earned)}",
    )
    return Solution(show(start + earned), steps)


def _compound(start: Fraction, share: Fraction, years: int) -> Solution:
    factor = 1 + share
    final = _to_cents(start * factor**years)
    shown_years = [
        f"after year {year}: {brief(_to_cents(start * factor**year))}"
        for year in range(1, min(years, 5) + 1)
    ]
    steps = (
        f"each year multiplies the money by 1 + {show(share)} = {show(factor)}",
        *shown_years,
        f"{show(start)} × {show(factor)}^{years} = {float(final):,.2f}",
    )
    return Solution(
        f"{float(final):,.2f} (interest {float(final - start):,.2f})", steps
    )


def _to_cents(value: Fraction) -> Fraction:
    return Fraction(math.floor(value * 100 + Fraction(1, 2)), 100)


def _shared(text: str) -> Solution | None:
    match = _SHARED.search(text)
    if not match or not (heads := int(match["heads"])):
        return None
    total = number(match["sum"])
    each = total / heads
    money = match["money"] or ""
    step = f"{show(total)} ÷ {heads} = {show(each)}"
    return Solution(f"{show(each)}{money} each", (step,))
