"""Numbers as the pages write them."""

from math import floor, log10

from django import template

register = template.Library()
NARROW_SPACE = "\u202f"


@register.filter
def thousands(number: int) -> str:
    """12345 → 12 345."""
    return f"{number:,}".replace(",", NARROW_SPACE)


@register.filter
def roughly(number: int) -> str:
    """To two significant digits: 12345 → 12 000."""
    return thousands(int(float(f"{number:.1e}")))


@register.filter
def percent_number(share: float) -> str:
    """Without the sign, for the lower end of a range."""
    return f"{100 * share:.0f}"


@register.filter
def percent(share: float) -> str:
    return f"{share:.0%}".replace("%", f"{NARROW_SPACE}%")


@register.filter
def fine_percent(share: float) -> str:
    """A small share, to two significant digits: 0.00034 → 0.034 %."""
    value = 100 * share
    decimals = max(0, 1 - floor(log10(value))) if value else 0
    return f"{value:.{decimals}f}{NARROW_SPACE}%"


@register.filter
def points(rating: float) -> str:
    """A rating or a width, in whole points."""
    return f"{rating:.0f}"


@register.filter
def change(points: float) -> str:
    """By how many points a rating moves: +1.5, −0.3."""
    return f"{points:+.1f}".replace("-", "−")


@register.filter
def signed(points_apart: float) -> str:
    """A difference, in whole points: +12, 0, −3."""
    return f"{round(points_apart):+d}".replace("-", "−").replace("+0", "0")


@register.filter
def coefficient(value: float) -> str:
    """Of agreement or correlation: 0.29, −0.07."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


@register.filter
def file_size(size: int) -> str:
    """Decimal units, as downloads show them."""
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 999.95:
            break
        value, unit = value / 1000, larger
    digits = 0 if unit == "B" else 1
    return f"{value:.{digits}f}{NARROW_SPACE}{unit}"


@register.filter
def score(value: float) -> str:
    """A benchmark's score, to four digits: 29.0418 → 29.04, 0.962, 1 260."""
    return thousands(round(value)) if abs(value) >= 1000 else f"{value:.4g}"
