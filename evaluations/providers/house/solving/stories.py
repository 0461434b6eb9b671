"""Sums told as a story: gains and losses, heads and legs, sum and difference."""

import re
from fractions import Fraction

from evaluations.providers.house.solving.numbers import NUMBER, number, show
from evaluations.providers.house.solving.solution import Solution

_GAIN = (
    r"buys?|bought|gets?|got|finds?|found|receives?|received|picks?|picked|adds?|added|"
    r"wins?|won|earns?|earned|collects?|collected|bakes?|baked|gains?|gained|"
    r"get on|board"
)
_LOSS = (
    r"gives?|gave|eats?|ate|loses?|lost|sells?|sold|spends?|spent|uses?|used|breaks?|"
    r"broke|throws?|threw|drops?|dropped|donates?|donated|lends?|lent|get off|"
    r"leaves?|left"
)
_START = re.compile(
    rf"\b(?:has|have|had|starts? with|started with|there (?:are|were)|with)\s+"
    rf"(?P<number>{NUMBER})\s+(?P<thing>[a-z]+)",
    re.I,
)
_MOVE = re.compile(
    rf"\b(?:(?P<gain>{_GAIN})|(?P<loss>{_LOSS}))\s+(?:\w+\s+){{0,3}}?(?P<number>{NUMBER})"
    rf"|(?P<before>{NUMBER})\s+(?:\w+\s+){{0,2}}?(?:(?P<on>get on|board)|"
    rf"(?P<off>get off|leave))",
    re.I,
)
_LEGS = re.compile(rf"(?P<legs>{NUMBER})\s+(?:legs|feet|wheels|beine\w*)", re.I)
_HEADS = re.compile(rf"(?P<heads>{NUMBER})\s+(?:heads|animals|vehicles|köpfe\w*)", re.I)
_LEGS_OF = (
    (r"\b(?:hen|chicken|duck|bicycle|bike|motorcycle|hühner)\w*", 2),
    (r"\btricycle\w*", 3),
    (r"\b(?:rabbit|cow|pig|sheep|goat|horse|car|kaninchen)\w*", 4),
    (r"\bspider\w*", 8),
)
_TOGETHER = re.compile(
    rf"(?P<first>\w+) and (?:a |an |the )?(?P<second>\w+) (?:together )?cost\w*\s+"
    rf"(?:together )?(?P<sum>{NUMBER}).{{0,60}}?"
    rf"costs? (?P<more>{NUMBER})\s*(?:\w+ )?more than",
    re.I | re.S,
)


def solve(text: str) -> Solution | None:
    return _legs(text) or _together(text) or _moves(text)


def _moves(text: str) -> Solution | None:
    start = _START.search(text)
    if not start or not re.search(r"how many|how much|left|now", text, re.I):
        return None
    value = number(start["number"])
    steps = [f"at the start {show(value)} {start['thing']}"]
    for move in _MOVE.finditer(text, start.end()):
        amount = number(move["number"] or move["before"])
        gained = bool(move["gain"] or move["on"])
        after = value + amount if gained else value - amount
        sign = "+" if gained else "−"
        steps.append(f"{show(value)} {sign} {show(amount)} = {show(after)}")
        value = after
    if len(steps) == 1:
        return None
    return Solution(f"{show(value)} {start['thing']}", tuple(steps))


def _legs(text: str) -> Solution | None:
    legs, heads = _LEGS.search(text), _HEADS.search(text)
    kinds = [
        (match.group().lower(), count)
        for word, count in _LEGS_OF
        if (match := re.search(word, text, re.I))
    ]
    if not legs or not heads or len(kinds) != 2:
        return None
    (few_name, few), (many_name, many) = sorted(kinds, key=lambda kind: kind[1])
    count, total = number(heads["heads"]), number(legs["legs"])
    spare = total - few * count
    more = spare / Fraction(many - few)
    if more.denominator != 1 or not 0 <= more <= count:
        return Solution("no whole numbers fit these counts", (f"{show(more)} remain",))
    steps = (
        f"if all {show(count)} were {few_name}: {show(count)} × {few} = "
        f"{show(few * count)}",
        f"missing: {show(total)} − {show(few * count)} = {show(spare)}",
        f"each of the {many_name} adds {many - few}: "
        f"{show(spare)} ÷ {many - few} = {show(more)}",
    )
    result = f"{show(more)} {many_name} and {show(count - more)} {few_name}"
    return Solution(result, steps)


def _together(text: str) -> Solution | None:
    match = _TOGETHER.search(text)
    if not match:
        return None
    total, more = number(match["sum"]), number(match["more"])
    small = (total - more) / 2
    steps = (
        f"let the cheaper one cost x, then the other costs x + {show(more)}",
        f"x + x + {show(more)} = {show(total)}, so 2x = {show(total - more)}",
        f"x = {show(small)}, and the dearer one costs {show(small + more)}",
    )
    result = f"{show(small)} for the cheaper one, {show(small + more)} for the other"
    return Solution(result, steps)
