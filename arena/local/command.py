"""Services for the length of one command, when no arena runs beside it."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def services_for(arguments: list[str]) -> Iterator[None]:
    yield
