"""Row 11 of the acceptance table: a provider's key is left nowhere."""

import logging
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from evaluations import dumps, fetching, voting
from evaluations.contestants import change_state
from evaluations.models import Answer, Contestant
from evaluations.models.encryption import UnreadableKey
from tests.acceptance.key_search import found_in, places, text_of
from tests.admin.test_contestants import ADD, FORM, page_of
from tests.factories import make_battle, make_contestant, make_prompt, vote_for
from tests.fakes.model_server import ModelServer

pytestmark = pytest.mark.django_db(transaction=True)

# How the server treats each of the eight; {key} is the contestant's own key.
MANNERS = [
    ("openai", {}),
    ("openai", {"status": 401, "echo_key": True}),
    ("openai", {"status": 400, "bare_error": True, "message": "bad: {key}"}),
    ("openai", {"error_after": 2, "message": "({key})"}),
    ("anthropic", {}),
    ("anthropic", {"status": 401, "echo_key": True}),
    ("openai", {"status": 403, "message": "key={key} is not valid"}),
    ("openai", {"body": '{{"error": "{key}"}}', "content_type": "application/json"}),
]
BY_VARIABLE = {6, 7}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("ada"))
    return client


@pytest.fixture
def keys() -> list[str]:
    return [f"sk-canary-{secrets.token_hex(12)}" for _ in MANNERS]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that anybody logs, down to the last detail."""
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    connection.force_debug_cursor = True
    yield caplog
    connection.force_debug_cursor = False


def enter(admin, server, number: int, key: str, monkeypatch) -> Contestant:
    """Type a contestant into the admin's form, first with a mistake."""
    provider, manner = MANNERS[number]
    name = f"canary-{number}"
    told = {
        n: v.format(key=key) if isinstance(v, str) else v for n, v in manner.items()
    }
    server.behave(name, **told)
    form = FORM | {
        "name": name,
        "slug": name,
        "provider": provider,
        "api_model": name,
        "base_url": f"{server.url}/v1",
        "key": key,
    }
    if number in BY_VARIABLE:
        variable = f"ARENA_PROVIDER_KEY_CANARY_{number}"
        monkeypatch.setenv(variable, key)
        form |= {"key": "", "key_variable": variable}
    mistaken = admin.post(ADD, form | {"concurrency": "many"})
    assert mistaken.status_code == 200
    assert key not in mistaken.content.decode()
    assert admin.post(ADD, form).status_code == 302
    return Contestant.objects.get(slug=name)


def use(contestant: Contestant) -> None:
    """Try the connection and fetch an answer."""
    fetching.run_test(test_id=fetching.request_test(contestant=contestant, by=None).pk)
    change_state(contestant=contestant, to=Contestant.State.ACTIVE)
    question = [{"role": "user", "content": "Why is the sky blue?"}]
    fetching.request_answer(contestant=contestant, messages=question)
    fetching.fetch_next(contestant_id=contestant.pk)


def publish_votes(settings, prompt: str) -> None:
    settings.ARENA_UNDO_SECONDS = 0
    vote_for(make_battle(prompt=make_prompt(prompt)))
    voting.settle_votes()
    dumps.build_dump(dump_id=dumps.request_dump(by=None).pk)


def test_eight_keys_are_used_and_left_nowhere(
    admin, server, keys, log, settings, monkeypatch
):
    for number, key in enumerate(keys):
        use(enter(admin, server, number, key, monkeypatch))
    publish_votes(settings, "Why is the sky blue?")

    sent = " ".join(str(call.headers) for call in server.calls)
    assert all(sent.count(key) >= 2 for key in keys)
    states = Answer.objects.filter(contestant__slug__startswith="canary")
    assert states.filter(state="ready").count() == 2
    assert states.filter(state="failed").count() == 6
    assert found_in(places(admin), keys) == set()
    assert len(log.records) > 100
    assert found_in([("log", log.text)], keys) == set()


def test_the_same_search_finds_what_is_left(admin, keys, log, settings):
    key = keys[0]
    make_contestant(description=f"With {key} it works.")
    publish_votes(settings, f"What does {key} open?")
    logging.getLogger("evaluations.careless").debug("asking with %s", key)
    sleeper = "import time; time.sleep(60)"

    with subprocess.Popen([sys.executable, "-c", sleeper, key]) as careless:
        found = found_in(places(admin), keys)
        careless.kill()

    kinds = {"public page", "admin page", "fixture", "database", "dump", "command line"}
    assert found == kinds
    assert found_in([("log", log.text)], keys) == {"log"}


def test_a_key_that_cannot_be_opened_is_an_error_that_says_so(
    admin, server, keys, settings, monkeypatch
):
    contestant = enter(admin, server, 0, keys[0], monkeypatch)
    settings.ARENA_FIELD_KEYS = [Fernet.generate_key().decode()]

    use(contestant)

    with pytest.raises(UnreadableKey, match="ARENA_FIELD_KEYS"):
        contestant.stored_key()
    assert "ARENA_FIELD_KEYS" in contestant.answers.get().error
    assert "ARENA_FIELD_KEYS" in contestant.connection_tests.get().error
    assert server.calls == []
    assert "A key is stored." in text_of(admin, page_of(contestant))
    with pytest.raises(CommandError, match=r"Nothing was changed\. .*ARENA_FIELD_KEYS"):
        call_command("rotate_keys")


def test_no_other_variable_of_the_process_is_sent(server, monkeypatch):
    monkeypatch.setenv("CANARY_SECRET", "sk-canary-secret")
    contestant = make_contestant(
        state="draft",
        provider="openai",
        base_url=f"{server.url}/v1",
        api_model="any",
        key_variable="CANARY_SECRET",
    )

    use(contestant)

    assert server.calls == []
    assert "ARENA_PROVIDER_KEY_" in contestant.answers.get().error


def test_a_hundred_keys_stay_readable_while_they_are_rotated(settings):
    plain = {}
    for _ in range(100):
        contestant = make_contestant()
        plain[contestant.pk] = secrets.token_hex(12)
        contestant.store_key(plain[contestant.pk])
        contestant.save()
    new = Fernet.generate_key().decode()
    settings.ARENA_FIELD_KEYS = [new, *settings.ARENA_FIELD_KEYS]

    with reading(plain) as seen:
        for _ in range(3):
            call_command("rotate_keys", verbosity=0)
    settings.ARENA_FIELD_KEYS = [new]

    assert len(seen) >= 3
    assert all(seen)
    assert read() == plain


class reading:
    """Read all keys time after time in a thread of its own; note whether they fit."""

    def __init__(self, plain: dict[int, str]) -> None:
        self.plain, self.seen = plain, []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        while not self.over.is_set():
            self.seen.append(read() == self.plain)
        connection.close()

    def __enter__(self) -> list[bool]:
        self.thread.start()
        return self.seen

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()


def read() -> dict[int, str]:
    return {c.pk: c.stored_key() for c in Contestant.objects.exclude(key_token="")}
