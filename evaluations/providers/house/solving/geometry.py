import math
import re
from collections.abc import Callable
from fractions import Fraction

from evaluations.providers.house.solving.numbers import NUMBER, Value, number, show
from evaluations.providers.house.solving.solution import Solution

_LENGTH_UNIT = r"(?:mm|cm|km|m|met(?:re|er)s?|centimet(?:re|er)s?|feet|inches)\b"


def solve(text: str) -> Solution | None:
    for shape, solver in _SHAPES:
        if re.search(shape, text, re.IGNORECASE):
            return solver(text)
    return None


def _circle(text: str) -> Solution | None:
    radius = _radius(text)
    if radius is None:
        return None
    if re.search(r"circumference|perimeter|umfang|périmètre|perímetro", text, re.I):
        result = 2 * math.pi * float(radius)
        return _built("2 · π · r", f"2 · π · {show(radius)}", result, text, power=1)
    result = math.pi * float(radius) ** 2
    return _built("π · r²", f"π · {show(radius)}²", result, text, power=2)


def _radius(text: str) -> Fraction | None:
    diameter = _named(text, r"diameter|durchmesser|diamètre|diámetro|across")
    if diameter is not None:
        return diameter / 2
    return _named(text, r"radius|rayon|radio|r\s*=")


def _sphere(text: str) -> Solution | None:
    radius = _radius(text)
    if radius is None:
        return None
    if re.search(r"surface|area|oberfläche", text, re.IGNORECASE):
        result = 4 * math.pi * float(radius) ** 2
        return _built("4 · π · r²", f"4 · π · {show(radius)}²", result, text, power=2)
    result = 4 / 3 * math.pi * float(radius) ** 3
    return _built("4/3 · π · r³", f"4/3 · π · {show(radius)}³", result, text, power=3)


def _rectangle(text: str) -> Solution | None:
    sides = _numbers(text)
    if len(sides) != 2:
        return None
    a, b = sides
    if re.search(r"perimeter|fence|umfang|périmètre|perímetro", text, re.IGNORECASE):
        shown = f"2 × ({show(a)} + {show(b)})"
        return _built("2 × (a + b)", shown, 2 * (a + b), text, power=1)
    return _built("a × b", f"{show(a)} × {show(b)}", a * b, text, power=2)


def _square(text: str) -> Solution | None:
    sides = _numbers(text)
    if len(sides) != 1:
        return None
    side = sides[0]
    if re.search(r"perimeter|umfang|périmètre|perímetro", text, re.IGNORECASE):
        return _built("4 × a", f"4 × {show(side)}", 4 * side, text, power=1)
    return _built("a²", f"{show(side)}²", side**2, text, power=2)


def _cube(text: str) -> Solution | None:
    sides = _numbers(text)
    if len(sides) != 1:
        return None
    side = sides[0]
    if re.search(r"surface|oberfläche", text, re.IGNORECASE):
        return _built("6 × a²", f"6 × {show(side)}²", 6 * side**2, text, power=2)
    return _built("a³", f"{show(side)}³", side**3, text, power=3)


def _box(text: str) -> Solution | None:
    sides = _numbers(text)
    if len(sides) != 3:
        return None
    a, b, c = sides
    shown = " × ".join(map(show, sides))
    return _built("a × b × c", shown, a * b * c, text, power=3)


def _right_triangle(text: str) -> Solution | None:
    sides = _numbers(text)
    if len(sides) != 2:
        return None
    a, b = sides
    longest = _named(text, "hypotenuse (?:is|of|=)")
    if longest is not None and longest == max(sides) and a != b:
        shorter = min(sides)
        return _root_of(longest**2 - shorter**2, f"{show(longest)}² − {show(shorter)}²",
                        "c² − b²", text)  # fmt: skip
    return _root_of(a**2 + b**2, f"{show(a)}² + {show(b)}²", "a² + b²", text)


def _root_of(square: Fraction, shown: str, formula: str, text: str) -> Solution:
    root = Fraction(math.isqrt(square.numerator), math.isqrt(square.denominator))
    result: Value = root if root**2 == square else math.sqrt(square)
    return _built(f"√({formula})", f"√({shown})", result, text, power=1)


def _triangle(text: str) -> Solution | None:
    sides = _numbers(text)
    if len(sides) != 2 or not re.search(r"area|fläche|aire|área", text, re.IGNORECASE):
        return None
    base, height = sides
    shown = f"{show(base)} × {show(height)} ÷ 2"
    return _built("base × height ÷ 2", shown, base * height / 2, text, power=2)


def _built(
    formula: str, filled: str, result: Value, text: str, *, power: int
) -> Solution:
    unit = re.search(rf"\d\s*({_LENGTH_UNIT})", text, re.IGNORECASE)
    exponent = {1: "", 2: "²", 3: "³"}[power]
    shown = show(result) + (f" {unit[1]}{exponent}" if unit else "")
    return Solution(shown, (f"formula: {formula}", f"{filled} = {shown}"))


def _named(text: str, name: str) -> Fraction | None:
    after = re.search(rf"(?:{name})\D{{0,15}}?({NUMBER})", text, re.IGNORECASE)
    before = re.search(rf"({NUMBER})\s*\w*\s+(?:{name})", text, re.IGNORECASE)
    match = after or before
    return number(match[1]) if match else None


def _numbers(text: str) -> list[Fraction]:
    return [abs(number(word)) for word in re.findall(NUMBER, text)][:4]


_SHAPES: tuple[tuple[str, Callable[[str], Solution | None]], ...] = (
    (r"\b(?:sphere|ball|kugel)\b", _sphere),
    (r"\b(?:circle|circular|round|kreis\w*|cercle|círculo)\b", _circle),
    (r"\bcube\b|\bwürfel\b", _cube),
    (r"\b(?:box|cuboid|aquarium|quader|tank)\b", _box),
    (r"\b(?:right(?:-angled)? triangle|hypotenuse|legs of|ladder)\b", _right_triangle),
    (r"\b(?:triangle|dreieck|triángulo)\b", _triangle),
    (r"\b(?:rectang\w+|rechteck\w*|room|garden|field|lawn|rectángulo)\b", _rectangle),
    (r"\b(?:a square|square with|square whose|quadrat|carré|cuadrado)\b", _square),
)
