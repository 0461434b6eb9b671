"""Provider keys at rest: Fernet, the first key of ARENA_FIELD_KEYS encrypts."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UnreadableKey(Exception):
    """No key of ARENA_FIELD_KEYS opens this token."""


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ARENA_FIELD_KEYS])


def encrypt(plain: str) -> str:
    return _fernet().encrypt(plain.encode()).decode() if plain else ""


def decrypt(token: str) -> str:
    """Open a token; raise UnreadableKey rather than hand out the ciphertext."""
    if not token:
        return ""
    try:
        return _fernet().decrypt(token.encode()).decode()
    except InvalidToken:
        raise UnreadableKey(
            "A stored provider key cannot be read: none of ARENA_FIELD_KEYS fits. "
            "Put the old key back into the list or enter the provider key again."
        ) from None


def rotate(token: str) -> str:
    """Encrypt a token anew under the first key."""
    return encrypt(decrypt(token))
