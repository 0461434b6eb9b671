"""Lists of numbers: means, sums, divisors, primes."""

import math
import re
import statistics
from collections.abc import Callable, Sequence
from fractions import Fraction

from evaluations.providers.house.solving.numbers import brief, found_in, show
from evaluations.providers.house.solving.solution import Solution

LARGEST_FACTORED = 10**9
MOST_NUMBERS = 50

_SERIES = re.compile(
    r"\b(?:sum|add|total|summe|somme|suma)\b\D{0,60}?(\d{1,9})\D{0,20}?"
    r"\b(?:to|through|until|bis|à|hasta)\b\s+(\d{1,9})",
    re.IGNORECASE,
)
_MEAN = (
    r"\bthe mean\b|\bmean (?:of|value|and)\b|\baverage\b(?! speed)|\bdurchschnitt|"
    r"\bmittelwert|\bmoyenne\b|\bpromedio\b"
)
_MEDIAN = r"\bmedian"
_PRIME = re.compile(r"\b(?:prime|primzahl|premier|primo)\b", re.IGNORECASE)


def solve(text: str) -> Solution | None:
    for applies, solver in _SOLVERS:
        if re.search(applies, text, re.IGNORECASE) and (found := solver(text)):
            return found
    return None


def _series(text: str) -> Solution | None:
    if not (match := _SERIES.search(text)):
        return None
    parity = re.search(r"\b(?:odd|even)\b", text)
    kind, step = (f"{parity.group()} ", 2) if parity else ("", 1)
    first, last = int(match[1]), int(match[2])
    if parity:
        rest = kind == "odd "
        first, last = first + (first % 2 != rest), last - (last % 2 != rest)
    if first >= last:
        return None
    count = (last - first) // step + 1
    total = Fraction(count * (first + last), 2)
    steps = (
        f"there are {count:,} {kind}numbers from {first:,} to {last:,}",
        f"first and last, second and last but one, … all add up to {first + last:,}",
        f"{count:,} × {first + last:,} ÷ 2 = {show(total)}",
    )
    return Solution(show(total), steps)


def _averages(text: str) -> Solution | None:
    """Give the mean, the median or both, as asked."""
    numbers = found_in(text)[:MOST_NUMBERS]
    if len(numbers) < 2:
        return None
    asked = [
        (name, averaged(numbers))
        for name, pattern, averaged in (
            ("mean", _MEAN, _mean),
            ("median", _MEDIAN, _median),
        )
        if re.search(pattern, text, re.IGNORECASE)
    ]
    steps = tuple(step for _, (_, found) in asked for step in found)
    if len(asked) == 1:
        return Solution(show(asked[0][1][0]), steps)
    shown = ", ".join(f"{name} {show(value)}" for name, (value, _) in asked)
    return Solution(shown, steps)


def _mean(numbers: Sequence[Fraction]) -> tuple[Fraction, tuple[str, ...]]:
    total = sum(numbers, Fraction())
    result = total / len(numbers)
    return result, (
        f"sum: {' + '.join(map(brief, numbers))} = {show(total)}",
        f"divided by their count: {show(total)} ÷ {len(numbers)} = {show(result)}",
    )


def _median(numbers: Sequence[Fraction]) -> tuple[Fraction, tuple[str, ...]]:
    result = statistics.median(numbers)
    return result, (
        f"in order: {', '.join(map(brief, sorted(numbers)))}",
        f"the middle value, or the mean of the two middle ones: {show(result)}",
    )


def _common(
    name: str, function: Callable[..., int]
) -> Callable[[str], Solution | None]:
    def solver(text: str) -> Solution | None:
        numbers = [int(n) for n in found_in(text) if n.denominator == 1 and n > 0]
        if len(numbers) < 2 or max(numbers) > LARGEST_FACTORED:
            return None
        result = function(*numbers[:6])
        steps = [f"{n:,} = {_product(n)}" for n in numbers[:6]]
        return Solution(f"{result:,}", (*steps, f"{name}: {result:,}"))

    return solver


def _prime(text: str) -> Solution | None:
    numbers = [int(n) for n in found_in(text) if n.denominator == 1]
    if len(numbers) != 1 or not 1 < numbers[0] <= LARGEST_FACTORED:
        return None
    value = numbers[0]
    if len(_factors(value)) == 1:
        root = math.isqrt(value)
        step = f"no prime up to {root:,} divides {value:,}, and {root + 1:,}² is larger"
        return Solution(f"yes, {value:,} is a prime number", (step,))
    step = f"{value:,} = {_product(value)}"
    return Solution(f"no, {value:,} is not a prime number", (step,))


def _factorised(text: str) -> Solution | None:
    numbers = [int(n) for n in found_in(text) if n.denominator == 1]
    if len(numbers) != 1 or not 1 < numbers[0] <= LARGEST_FACTORED:
        return None
    step = "divide by the smallest prime that goes in until 1 is left"
    return Solution(f"{numbers[0]:,} = {_product(numbers[0])}", (step,))


def _factors(value: int) -> list[int]:
    found, divisor = [], 2
    while divisor * divisor <= value:
        while value % divisor == 0:
            found.append(divisor)
            value //= divisor
        divisor += 1 if divisor == 2 else 2
    return found + [value] * (value > 1)


def _product(value: int) -> str:
    return " × ".join(map(str, _factors(value))) or "1"


_SOLVERS: tuple[tuple[str, Callable[[str], Solution | None]], ...] = (
    (r"\b(?:least|lowest|smallest) common multiple|\blcm\b|\bkgv\b",
     _common("least common multiple", math.lcm)),
    (r"\bgreatest common (?:divisor|factor)|\bgcd\b|\bggt\b|highest common factor",
     _common("greatest common divisor", math.gcd)),
    (r"prime factor|factori[sz]|primfaktor", _factorised),
    (_PRIME.pattern, _prime),
    (rf"{_MEAN}|{_MEDIAN}", _averages),
    (_SERIES.pattern, _series),
)  # fmt: skip
