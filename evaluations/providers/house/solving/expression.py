"""Work out plain expressions exactly, one step at a time."""

import ast
import math
import operator
import re
from collections.abc import Callable
from fractions import Fraction

from evaluations.providers.house.solving.numbers import Value, exact, show
from evaluations.providers.house.solving.solution import Solution, Unsolvable

LONGEST_EXPRESSION = 120
BIGGEST_EXPONENT = 1_000
BIGGEST_BITS = 1_000
BIGGEST_FACTORIAL = 150

_SPOKEN = (
    (r"\bsquare root of\s*\(?\s*(\d+(?:\.\d+)?)\s*\)?", r"sqrt(\1)"),
    (r"√\s*(\d+(?:\.\d+)?)", r"sqrt(\1)"),
    (r"√\s*\(", "sqrt("),
    (
        r"(?<=[\d)])\s*(?:×|·|\b(?:times|multiplied by|mal|fois|por)\b)\s*(?=[\d(-])",
        "*",
    ),
    (r"(?<=\d)\s*x\s*(?=\d)", "*"),
    (r"(?<=[\d)])\s*(?:÷|\b(?:divided by|geteilt durch)\b)\s*(?=[\d(-])", "/"),
    (r"(?<=[\d)])\s*\b(?:plus|added to)\b\s*(?=[\d(-])", "+"),
    (r"(?<=[\d)])\s*\bminus\b\s*(?=[\d(-])", "-"),
    (r"(?<=\d)\s*\bmod(?:ulo)?\b\s*(?=\d)", "%"),
    (r"(?<=[\d)])\s*(?:\^|\*\*|\b(?:to the power of|hoch)\b)\s*(?=[\d(-])", "**"),
    (r"(?<=\d)\s*\bsquared\b|²", "**2"),
    (r"(?<=\d)\s*\bcubed\b|³", "**3"),
    (r"(?<![\w.])(\d{1,4})!(?![=\w])", r"factorial(\1)"),
    (r"\bfactorial of (\d{1,4})\b", r"factorial(\1)"),
)
_PIECE = r"(?:\d+(?:\.\d+)?|sqrt|factorial|\*\*|[-+*/%()])"
_RUN = re.compile(rf"(?<![\w.]){_PIECE}(?:\s*{_PIECE})+(?![\w])")
_RANGE = re.compile(r"\d+(?:-\d+)+")  # 10-12 people, 2026-01-31
_OPERATORS: dict[type[ast.operator], tuple[str, Callable[[Value, Value], Value]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("−", operator.sub),
    ast.Mult: ("×", operator.mul),
    ast.Div: ("÷", operator.truediv),
    ast.Mod: ("mod", operator.mod),
}


def solve(text: str) -> Solution | None:
    """Work out the longest expression that stands in the text."""
    for source in sorted(_candidates(text), key=len, reverse=True):
        try:
            tree = ast.parse(source, mode="eval").body
        except SyntaxError:
            continue
        steps: list[str] = []
        value = _value(tree, source, steps)
        if steps:
            return Solution(show(value), tuple(steps))
    return None


def _candidates(text: str) -> list[str]:
    for pattern, replacement in _SPOKEN:
        text = re.sub(pattern, replacement, text, flags=re.IGNORECASE)
    runs = (match.group() for match in _RUN.finditer(text))
    tidy = (re.sub(r"^[+*/%) ]+|[-+*/%( ]+$", "", run) for run in runs)
    return [
        re.sub(r"(?<![\d.])0+(?=\d)", "", run)
        for run in tidy
        if 2 < len(run) <= LONGEST_EXPRESSION and not _RANGE.fullmatch(run)
    ]


def _value(node: ast.expr, source: str, steps: list[str]) -> Value:
    match node:
        case ast.Constant():
            return Fraction(ast.get_source_segment(source, node) or "0")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, source, steps)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand, source, steps)
        case ast.BinOp(left=left, op=sign, right=right):
            first = _value(left, source, steps)
            second = _value(right, source, steps)
            return _combined(first, sign, second, steps)
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return _called(name, _value(argument, source, steps), steps)
    raise Unsolvable("the expression has a part that cannot be read")


def _combined(
    first: Value, sign: ast.operator, second: Value, steps: list[str]
) -> Value:
    if isinstance(sign, ast.Pow):
        shown, result = "^", _power(first, second)
    elif type(sign) in _OPERATORS:
        shown, function = _OPERATORS[type(sign)]
        if shown in ("÷", "mod") and second == 0:
            raise Unsolvable("division by zero is undefined")
        result = function(first, second)
    else:
        raise Unsolvable("the expression has a sign that cannot be read")
    _keep_small(result)
    steps.append(f"{_bare(first)} {shown} {_bare(second)} = {exact(result)}")
    return result


def _power(base: Value, exponent: Value) -> Value:
    if base == 0 and exponent < 0:
        raise Unsolvable("division by zero is undefined")
    whole = isinstance(exponent, Fraction) and exponent.denominator == 1
    if isinstance(base, Fraction) and whole:
        return _whole_power(base, int(exponent))
    if base < 0:
        raise Unsolvable("the root of a negative number is not real")
    try:
        return math.pow(base, exponent)
    except OverflowError:
        raise Unsolvable("the result is too large to write out") from None


def _whole_power(base: Fraction, exponent: int) -> Fraction:
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if abs(exponent) > BIGGEST_EXPONENT or bits * abs(exponent) > BIGGEST_BITS:
        raise Unsolvable("the result is too large to write out")
    return base**exponent


def _called(name: str, value: Value, steps: list[str]) -> Value:
    result = _root(value) if name == "sqrt" else _factorial(value)
    shown = f"√{_bare(value)}" if name == "sqrt" else f"{_bare(value)}!"
    steps.append(f"{shown} = {exact(result)}")
    return result


def _root(value: Value) -> Value:
    if value < 0:
        raise Unsolvable("the root of a negative number is not real")
    if isinstance(value, Fraction):
        exact = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
        if exact**2 == value:
            return exact
    return math.sqrt(value)


def _factorial(value: Value) -> Value:
    if value != int(value) or not 0 <= value <= BIGGEST_FACTORIAL:
        raise Unsolvable(f"a factorial is worked out up to {BIGGEST_FACTORIAL}! only")
    return Fraction(math.factorial(int(value)))


def _keep_small(value: Value) -> None:
    if isinstance(value, float):
        small = math.isfinite(value)
    else:
        longest = max(abs(value.numerator), value.denominator)
        small = longest.bit_length() <= BIGGEST_BITS
    if not small:
        raise Unsolvable("the result is too large to write out")


def _bare(value: Value) -> str:
    shown = exact(value).removeprefix("≈ ")
    return f"({shown})" if value < 0 or "/" in shown else shown
