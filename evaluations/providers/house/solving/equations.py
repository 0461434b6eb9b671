"""Solve one equation in one unknown, of degree one or two."""

import ast
import math
import re
from collections import defaultdict
from fractions import Fraction

from evaluations.providers.house.solving.numbers import Value, brief, show
from evaluations.providers.house.solving.solution import Solution, Unsolvable

LONGEST_SIDE = 60
HIGHEST_DEGREE = 4

Polynomial = dict[int, Fraction]
"""Degree to coefficient."""

_PART = r"(?:[-+*/^().\d\s²]|(?<![^\W\d_])[a-z](?![^\W\d_²]))*"
_LEFT = re.compile(rf"{_PART}\Z")
_RIGHT = re.compile(_PART)


def solve(text: str) -> Solution | None:
    text = text.lower()[:2000]
    for match in re.finditer("=", text):
        left = _LEFT.search(text[max(0, match.start() - LONGEST_SIDE) : match.start()])
        right = _RIGHT.match(text[match.end() : match.end() + LONGEST_SIDE])
        if left and right and (found := _solved(left.group(), right.group())):
            return found
    return None


def _solved(left: str, right: str) -> Solution | None:
    unknowns = set(re.findall("[a-z]", left + right))
    if len(unknowns) != 1:
        return None
    unknown = unknowns.pop()
    try:
        first, second = _polynomial(left), _polynomial(right.rstrip(" ."))
    except SyntaxError:
        return None
    moved = _sum(first, second, -1)
    degree = max((power for power, factor in moved.items() if factor), default=0)
    if degree == 1:
        return _linear(moved, unknown)
    if degree == 2:
        return _quadratic(moved, unknown)
    if degree == 0:
        return _settled(moved, unknown)
    raise Unsolvable("equations are solved up to the second degree only")


def _settled(moved: Polynomial, unknown: str) -> Solution:
    if moved.get(0):
        step = "the unknown cancels out and a false statement is left"
        return Solution("there is no solution", (step,))
    step = "both sides are the same expression"
    return Solution(f"every number solves it for {unknown}", (step,))


def _linear(moved: Polynomial, unknown: str) -> Solution:
    slope, rest = moved[1], moved.get(0, Fraction())
    result = -rest / slope
    steps = (
        f"collect the terms: {_factor(slope)}{unknown} = {show(-rest)}",
        f"divide by {show(slope)}: {unknown} = {show(result)}",
    )
    return Solution(f"{unknown} = {show(result)}", steps)


def _quadratic(moved: Polynomial, unknown: str) -> Solution:
    a, b, c = (moved.get(power, Fraction()) for power in (2, 1, 0))
    root = b * b - 4 * a * c
    steps = [
        f"bring all to one side: a = {show(a)}, b = {show(b)}, c = {show(c)}",
        f"discriminant: b² − 4ac = {show(root)}",
    ]
    if root < 0:
        return Solution("there is no real solution", tuple(steps))
    found = sorted({_half(-b, sign * _root(root), a) for sign in (1, -1)})
    steps.append(f"{unknown} = (−b ± √{brief(root)}) ÷ 2a")
    values = (f"{unknown} = {show(value)}" for value in found)
    shown = " or ".join(values).replace("= ≈", "≈")
    return Solution(shown, tuple(steps))


def _half(minus_b: Fraction, root: Value, a: Fraction) -> Value:
    return (minus_b + root) / (2 * a)


def _root(value: Fraction) -> Value:
    exact = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
    return exact if exact**2 == value else math.sqrt(value)


def _polynomial(side: str) -> Polynomial:
    side = re.sub(r"²", "^2", side).replace("^", "**")
    side = re.sub(r"(?<=[\d)])\s*(?=[a-z(])|(?<=[a-z])\s*(?=\()", "*", side)
    side = re.sub(r"[a-z]", "x", side).strip()
    return _read(ast.parse(side, mode="eval").body, side)


def _read(node: ast.expr, source: str) -> Polynomial:
    match node:
        case ast.Constant():
            return {0: Fraction(ast.get_source_segment(source, node) or "0")}
        case ast.Name():
            return {1: Fraction(1)}
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _sum({}, _read(operand, source), -1)
        case ast.BinOp(left=left, op=sign, right=right):
            return _combined(_read(left, source), sign, _read(right, source))
    raise Unsolvable("a side of the equation cannot be read")


def _combined(first: Polynomial, sign: ast.operator, second: Polynomial) -> Polynomial:
    match sign:
        case ast.Add():
            return _sum(first, second, 1)
        case ast.Sub():
            return _sum(first, second, -1)
        case ast.Mult():
            return _product(first, second)
        case ast.Div() if _constant(second):
            return {power: factor / second[0] for power, factor in first.items()}
        case ast.Pow() if second in ({0: 2}, {0: 3}):
            return _power(first, int(second[0]))
    raise Unsolvable("a side of the equation cannot be read")


def _constant(side: Polynomial) -> bool:
    return set(side) == {0} and side[0] != 0


def _sum(first: Polynomial, second: Polynomial, sign: int) -> Polynomial:
    total: Polynomial = defaultdict(Fraction, first)
    for power, factor in second.items():
        total[power] += sign * factor
    return dict(total)


def _product(first: Polynomial, second: Polynomial) -> Polynomial:
    total: Polynomial = defaultdict(Fraction)
    for power, factor in first.items():
        for other, weight in second.items():
            total[power + other] += factor * weight
    if max(total, default=0) > HIGHEST_DEGREE:
        raise Unsolvable("equations are solved up to the second degree only")
    return dict(total)


def _power(base: Polynomial, exponent: int) -> Polynomial:
    result: Polynomial = {0: Fraction(1)}
    for _ in range(exponent):
        result = _product(result, base)
    return result


def _factor(value: Fraction) -> str:
    return "" if value == 1 else f"{show(value)}·"
