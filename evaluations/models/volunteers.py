"""Who judges: a pseudonym, and what they agreed to."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Volunteer(models.Model):
    """A pseudonymous judge. The browser holds the token, the row only its digest."""

    class Origin(models.TextChoices):
        WEB = "web"
        IMPORT = "import"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.WEB)
    external_id = models.CharField(max_length=80, unique=True, null=True)  # noqa: DJ001  unique where known
    token_digest = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  unique where known
    consent_version = models.CharField(max_length=20, blank=True)
    consented_at = models.DateTimeField(null=True)
    # A vote of theirs has counted: kept here so that judges are counted cheaply.
    has_judged = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (
            models.Index(
                fields=["id"], name="volunteer_judged", condition=Q(has_judged=True)
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(origin="import")
                | Q(consented_at__isnull=False, token_digest__isnull=False)
                & ~Q(consent_version=""),
                name="volunteer_has_consented",
            ),
        )

    def __str__(self) -> str:
        return f"volunteer {self.public_id}"
