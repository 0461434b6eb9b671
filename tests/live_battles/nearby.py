"""What this process asks for is heard in the arena's processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from celery import current_app

from tests.live import LiveArena


@contextmanager
def speaking_with(arena: LiveArena, settings: Any) -> Iterator[None]:
    """Send words and tasks to the arena's own Valkey."""
    settings.REDIS_URL = arena.valkey.url()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CELERY_BROKER_WRITE_URL", arena.valkey.url())
        _forget_producers()
        yield
    _forget_producers()


def _forget_producers() -> None:
    """Celery keeps those of the address that it knew first."""
    current_app.amqp._producer_pool = None
