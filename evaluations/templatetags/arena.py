"""Small things that templates say often."""

from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString

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
    return SafeString(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        + shapes
    )
