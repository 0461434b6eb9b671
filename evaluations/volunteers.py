"""Pseudonyms and consent."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from evaluations.models import Volunteer

CONSENT_VERSION = "2026-11"


@dataclass(frozen=True)
class Visitor:
    """A browser: its random token, and the volunteer once consent is given."""

    token: str
    volunteer: Volunteer | None


COOKIE = "arena_visitor"
SALT = "evaluations.visitor"


def token_in(cookies: Mapping[str, str]) -> str | None:
    """The token that this arena signed; None where there is none."""
    request = HttpRequest()
    request.COOKIES = dict(cookies)
    token: str | None = request.get_signed_cookie(COOKIE, default=None, salt=SALT)
    return token


def new_token() -> str:
    return secrets.token_urlsafe(24)


def _digest(token: str) -> str:
    """The database keeps only this, so a copy of it opens no session."""
    return hashlib.sha256(f"visitor:{token}".encode()).hexdigest()


def visitor_with(*, token: str) -> Visitor:
    volunteer = Volunteer.objects.filter(token_digest=_digest(token)).first()
    return Visitor(token=token, volunteer=volunteer)


def give_consent(*, token: str) -> Volunteer:
    """Make the visitor a volunteer, or renew an older consent."""
    volunteer, made = Volunteer.objects.get_or_create(
        token_digest=_digest(token),
        defaults={"consent_version": CONSENT_VERSION, "consented_at": Now()},
    )
    if not made and volunteer.consent_version != CONSENT_VERSION:
        Volunteer.objects.filter(pk=volunteer.pk).update(
            consent_version=CONSENT_VERSION, consented_at=Now()
        )
    return volunteer


def left_side(*, token: str, battle_id: UUID) -> str:
    """Say x or y: which side of the battle this visitor sees on the left.

    Random over visitors and battles, fixed for both together; derived by HMAC, so that
    nothing need be stored before the vote.
    """
    mac = salted_hmac("evaluations.sides", f"{token}:{battle_id}", algorithm="sha256")
    return "xy"[mac.digest()[0] & 1]
