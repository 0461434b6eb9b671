"""A provider's key is sent to the provider and shows up nowhere else."""

import logging
import pickle
import traceback
from typing import Any

import httpx2
import pytest

from evaluations.providers.base import (
    Connection,
    Key,
    Provider,
    ProviderError,
    Request,
)
from evaluations.providers.failures import quote
from tests.fakes.model_server import ModelServer
from tests.providers.conftest import QUESTION, Ask

SECRET = "sk-proj-Zq7canary0123456789abcdefXYZ"


def shows_the_key(text: str) -> bool:
    return any(SECRET[at : at + 8] in text for at in range(len(SECRET) - 7))


def test_a_key_and_its_connection_are_masked_wherever_they_are_printed() -> None:
    key = Key(SECRET)
    connection = Connection("https://api.example.com", "m", key)

    printed = f"{key} {key!r} {key!s} {[key]} {connection} {vars(connection)} %s" % key

    assert not shows_the_key(printed)
    assert key.reveal() == SECRET
    assert "Key()" in repr(Connection("https://api.example.com", "m"))


def test_a_bare_string_is_not_taken_for_a_key() -> None:
    with pytest.raises(TypeError) as caught:
        Connection("https://api.example.com", "m", SECRET)  # type: ignore[arg-type]

    assert not shows_the_key(str(caught.value))


def test_a_key_does_not_travel_through_a_queue() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Key(SECRET))


def test_the_key_reaches_the_server_in_its_protocol_s_header(
    ask: Ask, provider: Provider, server: ModelServer
) -> None:
    ask(provider, key=SECRET)

    [call] = server.calls
    sent = {name: value for name, value in call.headers.items() if shows_the_key(value)}
    assert sent in ({"authorization": f"Bearer {SECRET}"}, {"x-api-key": SECRET})
    assert call.has_key


def test_no_key_means_no_header(
    ask: Ask, provider: Provider, server: ModelServer
) -> None:
    ask(provider)

    assert not server.calls[0].has_key


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"status": 401, "echo_key": True},
        {"status": 401, "message": f"Incorrect API key provided: {SECRET}."},
        {"status": 401, "message": f"key={SECRET[:9]}***{SECRET[-4:]} is not valid"},
        {"status": 400, "bare_error": True, "message": f"bad: {SECRET}"},
        {"status": 503, "times": 1, "message": SECRET},
        {"error_after": 2, "message": f"({SECRET})"},
        {"disconnect_after": 2},
        {"malformed_after": 2},
        {"status": 302, "redirect": f"http://127.0.0.1:1/?{SECRET}"},
        {"content_type": "application/json", "body": f'{{"error": "{SECRET}"}}'},
    ],
    ids=str,
)
def test_no_error_and_no_log_line_shows_the_key(
    ask: Ask,
    provider: Provider,
    fault: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = ""

    try:
        ask(provider, key=SECRET, **fault)
    except ProviderError as error:
        trace = "".join(traceback.format_exception(error))
        seen = f"{error!s} {error!r} {error.message} {vars(error)} {error.args} {trace}"

    # The fake's model name holds the fault, so its own lines are left out.
    records = [r for r in caplog.records if not r.name.startswith("asyncio")]
    logged = "".join(record.getMessage().partition("?")[0] for record in records)
    assert not shows_the_key(seen + logged)


@pytest.mark.parametrize(
    "key", [f"{SECRET}\n", f" {SECRET}", f"{SECRET}\r\nX-Evil: 1", f"{SECRET}é", "a\0b"]
)
def test_a_key_that_no_header_can_hold_is_named_without_being_shown(
    ask: Ask, provider: Provider, server: ModelServer, key: str
) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(provider, key=key)

    trace = "".join(traceback.format_exception(caught.value))
    assert caught.value.permanent
    assert "enter it again" in caught.value.message
    assert not shows_the_key(trace + caught.value.message)
    assert server.calls == []


def test_texts_of_the_provider_stay_out_of_what_a_log_prints(
    ask: Ask, openai: Provider
) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(openai, status=400, message="You asked: Why is the sky blue?")

    assert "sky" in caught.value.message
    assert str(caught.value) == "http 400"
    assert "sky" not in repr(caught.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"Your key {SECRET} is wrong", "Your key •••• is wrong"),
        (f"'{SECRET[10:20]}'", "••••"),
        (f"ends in {SECRET[-4:]}", f"ends in {SECRET[-4:]}"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_words_that_hold_a_telling_part_of_the_key_are_masked(
    text: str, shown: str
) -> None:
    assert quote(text, Key(SECRET)) == shown


def test_a_short_key_is_masked_as_a_whole() -> None:
    assert quote("bad key abc", Key("abc")) == "bad key ••••"
    assert quote("bad key abc", Key()) == "bad key abc"


def test_cookies_of_one_provider_are_not_carried_to_the_next_call(
    client: httpx2.Client, openai: Provider, server: ModelServer
) -> None:
    connection = Connection(server.url, "model")
    server.behave("model", set_cookie="who=tracked; Path=/")

    for _ in range(2):
        openai.stream(connection, Request(QUESTION), client=client)

    assert [call.headers.get("cookie") for call in server.calls] == [None, None]
