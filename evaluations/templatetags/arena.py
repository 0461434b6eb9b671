"""Small things that templates say often."""

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django import template
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

register = template.Library()


class IconMissing(LookupError):
    """An icon that `manage.py vendor` has not fetched."""


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Draw a Lucide icon inline, for the eye alone."""
    found = finders.find(f"vendor/lucide/{name}.svg")
    if not isinstance(found, str):
        raise IconMissing(name)
    source = Path(found).read_text(encoding="utf-8")
    shapes = " ".join(source.partition("<svg")[2].partition(">")[2].split())
    # Safe: a file of this repository, its checksum held by a test.
    return SafeString(  # nosec B703
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        + shapes
    )


def set_asked(request: HttpRequest) -> str:
    """The slug of the set that a visitor chose to judge; empty for the mix of all."""
    # No text of the database has a null character, and it refuses to look for one.
    return request.GET.get("set", "").replace("\0", "").strip()[:80]


def keeping_set(request: HttpRequest) -> str:
    """That choice as the end of an address."""
    slug = set_asked(request)
    return "?" + urlencode({"set": slug}) if slug else ""


@register.simple_tag(takes_context=True, name="keeping_set")
def keeping_set_of(context: dict[str, Any]) -> str:
    return keeping_set(context["request"])


@register.filter
def answer_html(html: str) -> SafeString:
    """An answer as the worker rendered and sanitised it (evaluations.markdown)."""
    # The one place where a model's words are let through unescaped: nh3 ran last over
    # them, and nothing else is ever stored in Answer.html.
    return SafeString(html)  # nosec B703


@register.filter
def language_name(code: str) -> str:
    """English, for en; the code itself where Django knows no name."""
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return code


@register.filter
def category_name(category: str) -> str:
    return category.replace("-", " ").replace("_", " ").capitalize()


@register.filter
def billions(parameters_b: Decimal | float) -> str:
    """70B, 1.5B."""
    return f"{float(parameters_b):g}B"


@register.filter
def is_address(source: str) -> bool:
    return source.startswith(("https://", "http://")) and " " not in source


@register.filter
def without_scheme(address: str) -> str:
    """example.org/page, for https://example.org/page."""
    return address.partition("://")[2].rstrip("/")
