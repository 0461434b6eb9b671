"""The rule of three: prices that grow with the count, work that shrinks with hands."""

import re
from fractions import Fraction

from evaluations.providers.house.solving.numbers import NUMBER, number, show
from evaluations.providers.house.solving.solution import Solution

_WORKERS = (
    r"(?:painter|worker|machine|pump|people|person|friend|cook|gardener|tap|printer|"
    r"student|volunteer|builder|maler|arbeiter|ouvrier|obrero|robot|truck)\w*"
)
_TIME = r"(?:second|minute|hour|day|week|stunde|tag|heure|jour|hora|día)\w*"
_INVERSE = re.compile(
    rf"(?P<hands>{NUMBER})\s+{_WORKERS}\b(?!\s+cost)[^.?!\d]{{0,60}}?(?P<time>{NUMBER})\s+"
    rf"(?P<unit>{_TIME}).{{0,120}}?(?P<others>{NUMBER})\s*(?:such |of them )?"
    rf"(?:{_WORKERS})?",
    re.IGNORECASE | re.DOTALL,
)
_SAME_PACE = re.compile(
    r"(?P<a>\d+) (?P<who>\w+)[^.?!\d]{0,40}?(?P<n>\d+) (?P<what>\w+)[^.?!\d]{0,20}? in "
    r"(?P<t>\d+) (?P<unit>\w+).{0,80}?(?P<b>\d+) (?P=who)"
    r"[^.?!\d]{0,40}?(?P<m>\d+) (?P=what)",
    re.IGNORECASE | re.DOTALL,
)
_PRICE = re.compile(
    rf"(?P<count>{NUMBER})\s+(?:\w+\s+)?(?P<thing>\w+?)s?\s+(?:of \w+ )?"
    rf"(?:costs?|kosten|cost|coûtent|cuestan|are sold for|sell for)\s+"
    rf"(?P<price>{NUMBER})\s*(?P<money>[a-z]+)?.{{0,120}}?(?P<wanted>{NUMBER})"
    rf"(?:\s+(?:of them|such|\w+))?",
    re.IGNORECASE | re.DOTALL,
)
_RECIPE = re.compile(
    rf"(?:for|serves|feeds|für|pour|para)\s+(?P<before>{NUMBER})\b.{{0,80}}?"
    rf"(?P<amount>{NUMBER})\s*(?P<unit>g|grams?|ml|litres?|cups?|eggs?|kg)\b.{{0,120}}?"
    rf"(?:for|serve|feed|für|pour|para)\s+(?P<after>{NUMBER})",
    re.IGNORECASE | re.DOTALL,
)
_FUEL = re.compile(
    rf"(?P<use>{NUMBER})\s*(?:l|litres?|liters?)\s+(?:per|for|every|on|auf)\s+100\s*"
    rf"(?:km|kilomet\w+).{{0,120}}?(?<!\d)(?P<way>{NUMBER})\s*(?:km|kilomet\w+)",
    re.IGNORECASE | re.DOTALL,
)


def solve(text: str) -> Solution | None:
    return (
        _fuel(text) or _same_pace(text) or _inverse(text) or _price(text)
        or _recipe(text)
    )  # fmt: skip


def _inverse(text: str) -> Solution | None:
    match = _INVERSE.search(text)
    if not match:
        return None
    hands, time, others = (number(match[name]) for name in ("hands", "time", "others"))
    if not others:
        return None
    work = hands * time
    unit = match["unit"].rstrip("s")
    result = work / others
    steps = (
        f"the whole work is {show(hands)} × {show(time)} = {show(work)} {unit}s of one",
        f"shared by {show(others)}: {show(work)} ÷ {show(others)} = {show(result)}",
        "this assumes that all work at the same pace and do not hinder one another",
    )
    return Solution(f"{show(result)} {unit}{'' if result == 1 else 's'}", steps)


def _same_pace(text: str) -> Solution | None:
    """Solve "5 cats catch 5 mice in 5 minutes": hands and work both change."""
    match = _SAME_PACE.search(text)
    if not match:
        return None
    a, n, t, b, m = (Fraction(match[name]) for name in "antbm")
    if not (n and b):
        return None
    each = a * t / n
    result = each * m / b
    unit = match["unit"]
    steps = (
        f"one of the {match['who']} needs {show(a)} × {show(t)} ÷ {show(n)} = "
        f"{show(each)} {unit} for one of the {match['what']}",
        f"{show(m)} of them shared by {show(b)}: "
        f"{show(each)} × {show(m)} ÷ {show(b)} = {show(result)}",
    )
    return Solution(f"{show(result)} {unit}", steps)


def _price(text: str) -> Solution | None:
    match = _PRICE.search(text)
    if not match or not (count := number(match["count"])):
        return None
    price, wanted = number(match["price"]), number(match["wanted"])
    each = price / count
    result = each * wanted
    money = f" {match['money']}" if match["money"] else ""
    steps = (
        f"one costs {show(price)} ÷ {show(count)} = {show(each)}{money}",
        f"{show(wanted)} cost {show(wanted)} × {show(each)} = {show(result)}{money}",
    )
    return Solution(f"{show(result)}{money}", steps)


def _recipe(text: str) -> Solution | None:
    match = _RECIPE.search(text)
    if not match or not (before := number(match["before"])):
        return None
    amount, after = number(match["amount"]), number(match["after"])
    result = amount * after / before
    steps = (
        f"for one: {show(amount)} ÷ {show(before)} = {show(amount / before)}",
        f"for {show(after)}: × {show(after)} = {show(result)} {match['unit']}",
    )
    return Solution(f"{show(result)} {match['unit']}", steps)


def _fuel(text: str) -> Solution | None:
    match = _FUEL.search(text)
    if not match:
        return None
    use, way = number(match["use"]), number(match["way"])
    result = use * way / 100
    step = f"{show(use)} × {show(way)} ÷ 100 = {show(result)} litres"
    return Solution(f"{show(result)} litres", (step,))
