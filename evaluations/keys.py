"""Provider keys in the database, as a whole."""

from django.db import transaction

from evaluations.models import Contestant
from evaluations.models.encryption import rotate


def rotate_keys() -> int:
    """Encrypt every stored key anew; raise UnreadableKey and change none of them."""
    with transaction.atomic():
        holders = Contestant.objects.exclude(key_token="").select_for_update(
            no_key=True
        )
        rotated = list(holders)
        for contestant in rotated:
            contestant.key_token = rotate(contestant.key_token)
        Contestant.objects.bulk_update(rotated, ["key_token"])
    return len(rotated)
