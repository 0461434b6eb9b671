import pytest
from django.core.checks import run_checks
from pytest_django import Settings

PUBLIC = ["arena.example.org"]


@pytest.fixture(autouse=True)
def sound(settings: Settings) -> None:
    """A public arena without doubts."""
    settings.ALLOWED_HOSTS = PUBLIC
    settings.DEBUG = settings.ARENA_ALLOW_LOCAL_PROVIDERS = False
    settings.ARENA_SECURE, settings.ARENA_DUMP_HOLD_DAYS = True, 30
    settings.ARENA_CONTACT = "arena@example.org"


def found() -> set[str]:
    return {m.id.rpartition(".")[2] for m in run_checks() if "evaluations." in m.id}


def test_a_sound_arena_has_no_doubts() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("name", "value", "id"),
    [
        ("ARENA_FIELD_KEYS", [], "W001"),
        ("ARENA_FIELD_KEYS", ["not a key"], "E001"),
        ("ARENA_LEASE_RENEW_SECONDS", 20, "E002"),
        ("DEBUG", True, "W002"),
        ("ARENA_ALLOW_LOCAL_PROVIDERS", True, "W003"),
        ("ARENA_DUMP_HOLD_DAYS", 0, "W004"),
        ("ARENA_SECURE", False, "W005"),
        ("ARENA_CONTACT", "", "W006"),
    ],
)
def test_a_doubtful_setting_is_named(
    settings: Settings, name: str, value: object, id: str
) -> None:
    setattr(settings, name, value)

    assert found() == {id}


def test_on_ones_own_machine_all_of_it_is_fine(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    settings.DEBUG = settings.ARENA_ALLOW_LOCAL_PROVIDERS = True
    settings.ARENA_SECURE, settings.ARENA_DUMP_HOLD_DAYS = False, 0

    assert found() == set()


def test_a_bad_key_is_not_repeated_in_the_message(settings: Settings) -> None:
    settings.ARENA_FIELD_KEYS = ["hunter2"]

    assert not any("hunter2" in message.msg for message in run_checks())
