import pytest
from cryptography.fernet import Fernet

from evaluations.keys import rotate_keys
from evaluations.models import Contestant
from evaluations.models.encryption import UnreadableKey
from tests.factories import make_contestant

pytestmark = pytest.mark.django_db


def with_key(plain: str) -> Contestant:
    contestant = make_contestant()
    contestant.store_key(plain)
    contestant.save()
    return contestant


def test_rotation_moves_all_keys_to_the_first_key(settings):
    contestants = [with_key(f"sk-{number}") for number in range(100)]
    new = Fernet.generate_key().decode()
    settings.ARENA_FIELD_KEYS = [new, *settings.ARENA_FIELD_KEYS]

    assert rotate_keys() == 100

    settings.ARENA_FIELD_KEYS = [new]
    for number, contestant in enumerate(contestants):
        contestant.refresh_from_db()
        assert contestant.stored_key() == f"sk-{number}"


def test_an_unreadable_key_changes_none(settings):
    contestant = with_key("sk-1")
    settings.ARENA_FIELD_KEYS = [Fernet.generate_key().decode()]
    with_key("sk-2")

    with pytest.raises(UnreadableKey, match="ARENA_FIELD_KEYS"):
        rotate_keys()

    before = contestant.key_token
    contestant.refresh_from_db()
    assert contestant.key_token == before
