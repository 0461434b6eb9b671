"""Dice, coins and counting."""

import math
import re
from fractions import Fraction
from itertools import product

from evaluations.providers.house.solving.numbers import brief, show
from evaluations.providers.house.solving.solution import Solution

MOST_DICE = 4

_DICE = re.compile(
    r"(?:\b(?P<count>\d) (?:\w+ )?(?:six-sided )?(?:dice|würfel\w*)\b)", re.I
)
_SUM = re.compile(
    r"(?:sum|total|add up to|summe)\D{0,25}?(?P<sum>\d{1,2})\b|"
    r"\b(?:a|an)\s+(?P<bare>\d{1,2}) with\b",
    re.I,
)
_HEADS = re.compile(
    r"\b(?P<heads>\d{1,2}) (?:heads|tails)\b.{0,40}?\b(?P<count>\d{1,2}) "
    r"(?:\w+ )?(?:coin|flips|tosses|throws)",
    re.I,
)
_CHOOSE = re.compile(
    r"(?:choose|pick|select)\w*\s+(?P<k>\d{1,3})\b.{0,50}?\b(?:from|out of|of|among)"
    r"\s+(?:a \w+ of )?(?P<n>\d{1,3})\b",
    re.I,
)
_ARRANGE = re.compile(
    r"(?:arrange|order|line up|seat|queue|stand)\w*\D{0,40}?(?P<n>\d{1,2})\b|"
    r"\b(?P<m>\d{1,2}) (?:\w+ ){1,3}(?:be )?(?:arranged|ordered|seated|lined up)\b",
    re.I,
)
_WAYS = re.compile(r"how many (?:different )?(?:ways|orders)|in how many", re.I)
_CHANCE = re.compile(r"chance|probab|likely|wahrschein|odds", re.I)


def solve(text: str) -> Solution | None:
    if _CHANCE.search(text):
        return _dice(text) or _coins(text)
    if _WAYS.search(text):
        return _choices(text) or _orders(text)
    return None


def _dice(text: str) -> Solution | None:
    dice, wanted = _DICE.search(text), _SUM.search(text)
    if not dice or not wanted or not 1 <= int(dice["count"]) <= MOST_DICE:
        return None
    count, total = int(dice["count"]), int(wanted["sum"] or wanted["bare"])
    rolls = list(product(range(1, 7), repeat=count))
    good = [roll for roll in rolls if sum(roll) == total]
    share = Fraction(len(good), len(rolls))
    listed = ", ".join("+".join(map(str, roll)) for roll in good[:6])
    steps = (
        f"{count} dice can fall in 6^{count} = {len(rolls)} equally likely ways",
        f"{len(good)} of them add up to {total}" + (f": {listed}" if listed else "")
        + (" …" if len(good) > 6 else ""),
        f"{len(good)} ÷ {len(rolls)} = {show(share)}",
    )  # fmt: skip
    return Solution(_percent(share), steps)


def _coins(text: str) -> Solution | None:
    match = _HEADS.search(text)
    if not match or int(match["heads"]) > int(match["count"]):
        return None
    heads, count = int(match["heads"]), int(match["count"])
    ways = math.comb(count, heads)
    share = Fraction(ways, 2**count)
    steps = (
        f"{count} throws have 2^{count} = {2**count:,} equally likely outcomes",
        f"exactly {heads} can be placed in {ways:,} ways",
        f"{ways:,} ÷ {2**count:,} = {show(share)}",
    )
    return Solution(_percent(share), steps)


def _choices(text: str) -> Solution | None:
    match = _CHOOSE.search(text)
    if not match or int(match["k"]) > int(match["n"]):
        return None
    k, n = int(match["k"]), int(match["n"])
    result = math.comb(n, k)
    step = f"{n}! ÷ ({k}! × {n - k}!) = {result:,}, when the order does not matter"
    return Solution(f"{result:,} ways", (step,))


def _orders(text: str) -> Solution | None:
    match = _ARRANGE.search(text)
    if not match:
        return None
    count = int(match["n"] or match["m"])
    result = math.factorial(count)
    shown = (
        " × ".join(str(n) for n in range(count, 0, -1)) if count < 10 else f"{count}!"
    )
    step = f"{count} choices for the first place, one fewer each time: {shown}"
    return Solution(f"{result:,} ways", (f"{step} = {result:,}",))


def _percent(share: Fraction) -> str:
    return f"{show(share).split(' ≈')[0]} (about {brief(round(share * 100, 2))} %)"
