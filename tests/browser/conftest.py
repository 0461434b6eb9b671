"""Real Chromium on a real server."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page

TIMEOUT_MS = 10_000

OpenPage = Callable[..., Page]


@pytest.fixture
def site(live_server, settings) -> str:
    """The address of the arena under test; nobody has a pair open."""
    settings.ARENA_IMPORTED_SHARE = 0.0
    cache.clear()
    return str(live_server.url)


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[OpenPage]:
    """Open a browser of its own; what its console complains of ends the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(*, tolerating: str | Sequence[str] = (), **options: object) -> Page:
        tolerated = [tolerating] if isinstance(tolerating, str) else tolerating
        context = browser.new_context(base_url=site, **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()

        def note(message: object) -> None:
            text = str(getattr(message, "text", message))
            if not any(part in text for part in tolerated):
                complaints.append(text)

        page.on("console", lambda m: note(m) if m.type in {"error", "warning"} else 0)
        page.on("pageerror", note)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []
