import math
import re
from fractions import Fraction

NUMBER_WORDS = {
    "zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100,
    "half": Fraction(1, 2), "dozen": 12,
    "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8,
    "neun": 9, "zehn": 10, "zwölf": 12,
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7,
    "ocho": 8, "nueve": 9, "diez": 10,
}  # fmt: skip
NUMBER = r"(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?"
"""A number as English writes it, after `tidied`."""

Value = Fraction | float

LONGEST_NUMBER = 40
_PLACES = 10
_WORD = re.compile(rf"\b(?:{'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)
_NUMBER = re.compile(NUMBER)
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d))")
_GROUP_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MONEY = re.compile(r"[$€£]\s*(?=\d)|(?<=\d)\s*[$€£]")


def tidied(text: str) -> str:
    """Write number words as digits and every number with a decimal point."""
    text = _MONEY.sub(" ", text).replace("−", "-").replace("–", "-")
    text = _GROUP_COMMA.sub("", text)
    text = _DECIMAL_COMMA.sub(".", text)
    return _WORD.sub(lambda match: str(NUMBER_WORDS[match.group().lower()]), text)


def found_in(text: str) -> list[Fraction]:
    numbers = (match.group() for match in _NUMBER.finditer(text))
    return [number(word) for word in numbers if len(word) <= LONGEST_NUMBER]


def number(word: str) -> Fraction:
    return Fraction(word.replace(",", ""))


def show(value: Value) -> str:
    """Write a value for a reader: exact where it ends, else rounded with ≈."""
    if isinstance(value, float):
        return f"≈ {_rounded(value)}"
    if value.denominator == 1:
        return f"{value.numerator:,}"
    if _ends(value):
        return _trimmed(f"{float(value):,.{_PLACES}f}")
    return f"{value.numerator:,}/{value.denominator:,} ≈ {_rounded(float(value))}"


def exact(value: Value) -> str:
    """Write a value like `show`, a fraction without its rounded form."""
    return show(value) if isinstance(value, float) else show(value).partition(" ≈")[0]


def brief(value: Value) -> str:
    """Write a value as one number, rounded to six digits where it never ends."""
    if isinstance(value, Fraction) and _ends(value):
        return show(value)
    return _rounded(float(value))


def _ends(value: Fraction) -> bool:
    return int(10**_PLACES) % value.denominator == 0


def _rounded(value: float) -> str:
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    places = max(0, 5 - math.floor(math.log10(abs(value))))
    if places > 12 or abs(value) >= 1e15:
        return f"{value:.6g}"
    return _trimmed(f"{value:,.{places}f}")


def _trimmed(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
