"""Set-ups that start but are doubtful: shown by every manage.py command."""

from collections.abc import Iterator
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "testserver"}


def check_field_keys(**kwargs: Any) -> list[CheckMessage]:
    """Without keys no provider key can be stored, with bad ones none can be read."""
    if not settings.ARENA_FIELD_KEYS:
        return [
            Warning(
                "ARENA_FIELD_KEYS is empty: keys of model providers cannot be stored.",
                hint="Set it to the output of Fernet.generate_key().",
                id="evaluations.W001",
            )
        ]
    return [
        Error(
            f"ARENA_FIELD_KEYS: number {number} is not a Fernet key.",
            hint="Each is 32 bytes in URL-safe base 64, commas between.",
            id="evaluations.E001",
        )
        for number, key in enumerate(settings.ARENA_FIELD_KEYS, start=1)
        if not _is_fernet_key(key)
    ]


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def check_lease(**kwargs: Any) -> list[CheckMessage]:
    """A lease that ends before it is renewed hands every answer to two workers."""
    if settings.ARENA_LEASE_RENEW_SECONDS < settings.ARENA_LEASE_SECONDS:
        return []
    return [
        Error(
            "ARENA_LEASE_RENEW_SECONDS must be less than ARENA_LEASE_SECONDS.",
            id="evaluations.E002",
        )
    ]


def check_public_arena(**kwargs: Any) -> list[CheckMessage]:
    """Say what is fit for one's own machine only, once others can reach the arena."""
    hosts = [host for host in settings.ALLOWED_HOSTS if host not in LOCAL_HOSTS]
    if not hosts:
        return []
    return [
        Warning(f"ALLOWED_HOSTS names {hosts[0]}, but {text}", id=f"evaluations.{id}")
        for id, text in _doubts()
    ]


def _doubts() -> Iterator[tuple[str, str]]:
    if settings.DEBUG:
        yield "W002", "DEBUG is on: errors show settings to everybody."
    if settings.ARENA_ALLOW_LOCAL_PROVIDERS:
        yield (
            "W003",
            "ARENA_ALLOW_LOCAL_PROVIDERS is on: an administrator can reach servers"
            " inside this network.",
        )
    if settings.ARENA_DUMP_HOLD_DAYS == 0:
        yield "W004", "ARENA_DUMP_HOLD_DAYS is 0: votes are published at once."
    if not settings.ARENA_SECURE:
        yield "W005", "ARENA_SECURE is off: cookies travel without encryption."
    if not settings.ARENA_CONTACT:
        yield "W006", "ARENA_CONTACT is empty: the data notice names nobody."


CHECKS = (check_field_keys, check_lease, check_public_arena)
