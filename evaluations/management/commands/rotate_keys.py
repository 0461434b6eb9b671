from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluations.keys import rotate_keys
from evaluations.models.encryption import UnreadableKey


class Command(BaseCommand):
    help = "Encrypt all stored provider keys anew under the first of ARENA_FIELD_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rotated = rotate_keys()
        except UnreadableKey as error:
            raise CommandError(f"Nothing was changed. {error}") from None
        self.stdout.write(f"{rotated} keys are encrypted under the first key now.")
