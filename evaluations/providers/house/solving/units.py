import re
from dataclasses import dataclass, replace
from fractions import Fraction

from evaluations.providers.house.solving.numbers import NUMBER, brief, number
from evaluations.providers.house.solving.solution import Solution


@dataclass(frozen=True)
class Unit:
    name: str
    dimension: str
    factor: Fraction
    """How many of the dimension's base unit one of these is."""


def _unit(name: str, dimension: str, factor: str) -> Unit:
    return Unit(name, dimension, Fraction(factor))


# The inch, pound and gallon by their legal definitions (1959 agreement, US gallon).
_TABLE: tuple[tuple[Unit, str], ...] = (
    (_unit("millimetres", "length", "1/1000"), "mm millimetre millimeter"),
    (_unit("centimetres", "length", "1/100"), "cm centimetre centimeter zentimeter"),
    (_unit("metres", "length", "1"), "m metre meter metro mètre"),
    (_unit("kilometres", "length", "1000"), "km kilometre kilometer kilomètre"),
    (_unit("inches", "length", "0.0254"), "inch inche zoll"),
    (_unit("feet", "length", "0.3048"), "ft foot feet"),
    (_unit("yards", "length", "0.9144"), "yd yard"),
    (_unit("miles", "length", "1609.344"), "mi mile meile"),
    (_unit("nautical miles", "length", "1852"), "nmi"),
    (_unit("milligrams", "mass", "1/1000"), "mg milligram"),
    (_unit("grams", "mass", "1"), "g gram gramm gramme"),
    (_unit("kilograms", "mass", "1000"), "kg kilo kilogram kilogramm kilogramme"),
    (_unit("tonnes", "mass", "1000000"), "t tonne"),
    (_unit("ounces", "mass", "28.349523125"), "oz ounce"),
    (_unit("pounds", "mass", "453.59237"), "lb lbs pound"),
    (_unit("stone", "mass", "6350.29318"), "st stone"),
    (_unit("millilitres", "volume", "1/1000"), "ml millilitre milliliter"),
    (_unit("litres", "volume", "1"), "l litre liter litro"),
    (_unit("US cups", "volume", "0.2365882365"), "cup tasse"),
    (_unit("US pints", "volume", "0.473176473"), "pint"),
    (_unit("US gallons", "volume", "3.785411784"), "gal gallon"),
    (_unit("tablespoons (15 ml)", "volume", "0.015"), "tbsp tablespoon esslöffel"),
    (_unit("teaspoons (5 ml)", "volume", "0.005"), "tsp teaspoon teelöffel"),
    (_unit("seconds", "time", "1"), "s sec second sekunde sekunden seconde segundo"),
    (_unit("minutes", "time", "60"), "min minute minuten minuto"),
    (_unit("hours", "time", "3600"), "h hr hour stunde stunden heure hora"),
    (_unit("days", "time", "86400"), "d day tag tage jour día"),
    (_unit("weeks", "time", "604800"), "week woche wochen semaine semana"),
    (_unit("square metres", "area", "1"), "m² m2 sqm"),
    (_unit("hectares", "area", "10000"), "ha hectare hektar"),
    (_unit("acres", "area", "4046.8564224"), "acre"),
    (_unit("square feet", "area", "0.09290304"), "sqft"),
    (_unit("km/h", "speed", "5/18"), "km/h kmh kph"),
    (_unit("m/s", "speed", "1"), "m/s"),
    (_unit("mph", "speed", "0.44704"), "mph"),
    (_unit("knots", "speed", "1852/3600"), "knot knots"),
    (_unit("bits", "data", "1/8"), "bit"),
    (_unit("bytes", "data", "1"), "byte"),
    (_unit("kilobytes", "data", "1000"), "kb kilobyte"),
    (_unit("megabytes", "data", "1000000"), "mb megabyte"),
    (_unit("gigabytes", "data", "1000000000"), "gb gigabyte"),
    (_unit("terabytes", "data", "1000000000000"), "tb terabyte"),
)
_UNITS = {alias: unit for unit, aliases in _TABLE for alias in aliases.split()}
_PHRASES = (
    (r"\bnautical miles?\b", "nmi"),
    (r"\bsquare met(?:re|er)s?\b", "sqm"),
    (r"\bsquare (?:feet|foot)\b", "sqft"),
    (r"\b(?:kilomet(?:re|er)s?|km) (?:per|an) hour\b", "km/h"),
    (r"\bmiles? (?:per|an) hour\b", "mph"),
    (r"\bmet(?:re|er)s? per second\b", "m/s"),
    (r"(\d) (?:and|und) (\d+) (km/h|mph|m/s)", r"\1 \3 and \2 \3"),
    (
        r"\b(?:an?|one|per) "
        r"(?=hour|day|week|minute|mile|kilo|pound|inch|foot|yard|cup|lit|gal)",
        "1 ",
    ),
)
_NAME = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_QUANTITY = re.compile(
    rf"(?P<number>{NUMBER})[\s-]*(?P<unit>{_NAME})s?(?![\w/²])", re.IGNORECASE
)
_TARGET = re.compile(
    rf"(?:\b(?:to|into|in|as|en|how many|wie viele|combien de|cuántos|cuántas)\s+)"
    rf"(?P<shown>(?P<unit>{_NAME})s?)(?![\w/²])",
    re.IGNORECASE,
)
_DEGREES = re.compile(
    rf"(?P<number>{NUMBER})\s*(?:°|degrees?|grad|degrés|grados)?\s*"
    r"(?P<scale>c|f|k|celsius|fahrenheit|kelvin)\b",
    re.IGNORECASE,
)
_SCALE = re.compile(
    r"\b(?:to|in|into|en|as)\s+(?:degrees? |grad |°)?\s*"
    r"(?P<scale>c|f|k|celsius|fahrenheit|kelvin)\b",
    re.IGNORECASE,
)
_ZERO = Fraction("273.15")


def solve(text: str) -> Solution | None:
    return _temperature(text) or _conversion(text)


def quantities(text: str) -> list[tuple[Fraction, Unit]]:
    """Return every number with its unit, in their order."""
    for pattern, replacement in _PHRASES:
        text = re.sub(pattern, replacement, text, flags=re.IGNORECASE)
    return [
        (number(match["number"]), _UNITS[match["unit"].lower()])
        for match in _QUANTITY.finditer(text)
    ]


def target(text: str) -> Unit | None:
    """Return the unit that the answer shall have, under the name used for it."""
    for pattern, replacement in _PHRASES[:-1]:
        text = re.sub(pattern, replacement, text, flags=re.IGNORECASE)
    match = _TARGET.search(text)
    if not match:
        return None
    return replace(_UNITS[match["unit"].lower()], name=match["shown"])


def converted(value: Fraction, source: Unit, wanted: Unit) -> Fraction:
    return value * source.factor / wanted.factor


def _conversion(text: str) -> Solution | None:
    wanted, given = target(text), quantities(text)
    if wanted is None or not given:
        return None
    if any(unit.dimension != wanted.dimension for _, unit in given):
        return None
    total = sum((converted(value, unit, wanted) for value, unit in given), Fraction())
    if all(unit.factor == wanted.factor for _, unit in given):
        return None
    return Solution(
        f"{brief(total)} {wanted.name}", tuple(_steps(given, wanted, total))
    )


def _steps(
    given: list[tuple[Fraction, Unit]], wanted: Unit, total: Fraction
) -> list[str]:
    steps = []
    for value, unit in given:
        rate = brief(unit.factor / wanted.factor)
        part = brief(converted(value, unit, wanted))
        steps.append(
            f"one of the {unit.name} is {rate} {wanted.name}, so "
            f"{brief(value)} × {rate} = {part}"
        )
    if len(given) > 1:
        steps.append(f"together {brief(total)} {wanted.name}")
    return steps


def _temperature(text: str) -> Solution | None:
    given, wanted = _DEGREES.search(text), _SCALE.search(text)
    if not given:
        return None
    source = given["scale"][0].upper()
    aim = wanted["scale"][0].upper() if wanted else {"F": "C"}.get(source, "F")
    if aim == source:
        return None
    kelvin, first = _to_kelvin(number(given["number"]), source)
    result, second = _from_kelvin(kelvin, aim)
    shown = brief(round(result, 1))
    steps = (f"to kelvin: {first} = {brief(kelvin)}", f"{second} = {brief(result)}")
    return Solution(f"{shown} {'K' if aim == 'K' else '°' + aim}", steps)


def _to_kelvin(value: Fraction, scale: str) -> tuple[Fraction, str]:
    if scale == "C":
        return value + _ZERO, f"{brief(value)} + 273.15"
    if scale == "F":
        return (value - 32) * Fraction(5, 9) + _ZERO, (
            f"({brief(value)} − 32) × 5/9 + 273.15"
        )
    return value, brief(value)


def _from_kelvin(kelvin: Fraction, scale: str) -> tuple[Fraction, str]:
    if scale == "C":
        return kelvin - _ZERO, f"{brief(kelvin)} − 273.15"
    if scale == "F":
        return (kelvin - _ZERO) * Fraction(9, 5) + 32, (
            f"({brief(kelvin)} − 273.15) × 9/5 + 32"
        )
    return kelvin, brief(kelvin)
