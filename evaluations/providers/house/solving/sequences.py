import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from evaluations.providers.house.solving.numbers import found_in, show
from evaluations.providers.house.solving.solution import Solution

SHORTEST = 4

_ASKED = re.compile(
    r"\b(?:next|sequence|continue\w*|comes after|missing number|zahlenfolge|suite|"
    r"serie|nächste\w*|siguiente)\b",
    re.IGNORECASE,
)
_LIST = re.compile(r"-?\d+(?:\.\d+)?(?:\s*[,;]\s*-?\d+(?:\.\d+)?){3,20}")


def solve(text: str) -> Solution | None:
    match = _LIST.search(text)
    if not match or not _ASKED.search(text):
        return None
    terms = found_in(match.group().replace(",", " , ").replace(";", " ; "))
    if len(terms) < SHORTEST:
        return None
    return (
        _constant_difference(terms)
        or _constant_ratio(terms)
        or _sum_of_two(terms)
        or _growing_difference(terms)
    )


def _constant_difference(terms: Sequence[Fraction]) -> Solution | None:
    steps = _differences(terms)
    if len(set(steps)) > 1:
        return None
    following = terms[-1] + steps[0]
    return _solution(terms, following, f"every term is the one before plus {steps[0]}")


def _constant_ratio(terms: Sequence[Fraction]) -> Solution | None:
    if 0 in terms:
        return None
    ratios = {b / a for a, b in pairwise(terms)}
    if len(ratios) > 1:
        return None
    ratio = ratios.pop()
    return _solution(
        terms, terms[-1] * ratio, f"every term is the one before times {show(ratio)}"
    )


def _sum_of_two(terms: Sequence[Fraction]) -> Solution | None:
    triples = zip(terms, terms[1:], terms[2:], strict=False)
    if not all(a + b == c for a, b, c in triples):
        return None
    rule = "every term is the sum of the two before it"
    return _solution(terms, terms[-2] + terms[-1], rule)


def _growing_difference(terms: Sequence[Fraction]) -> Solution | None:
    first = _differences(terms)
    second = _differences(first)
    shown = ", ".join(map(show, first))
    if len(second) > 1 and len(set(second)) == 1:
        rule = f"the differences {shown} themselves grow by {show(second[0])}"
        return _solution(terms, terms[-1] + first[-1] + second[0], rule)
    ratios = {b / a for a, b in pairwise(first) if a}
    if len(first) > 2 and 0 not in first and len(ratios) == 1:
        ratio = ratios.pop()
        rule = f"the differences {shown} are each {show(ratio)} times the one before"
        return _solution(terms, terms[-1] + first[-1] * ratio, rule)
    return None


def _differences(terms: Sequence[Fraction]) -> list[Fraction]:
    return [b - a for a, b in pairwise(terms)]


def _solution(terms: Sequence[Fraction], following: Fraction, rule: str) -> Solution:
    shown = ", ".join(map(show, terms))
    return Solution(show(following), (rule, f"{shown}, **{show(following)}**"))
