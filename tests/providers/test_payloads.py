"""What goes out to the server for a request."""

from typing import Any

import httpx2
import pytest

from evaluations.providers import PROVIDERS
from evaluations.providers.anthropic_messages import AnthropicMessages
from evaluations.providers.base import Connection, Provider, Request
from evaluations.providers.http import endpoint
from tests.fakes.model_server import ModelServer

MESSAGES = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Grüße?"},
    {"role": "assistant", "content": "Ja."},
    {"role": "user", "content": "And now?"},
]


def sent(
    name: str, client: httpx2.Client, server: ModelServer, **parameters: Any
) -> dict[str, Any]:
    request = Request(MESSAGES, parameters)
    PROVIDERS[name].stream(Connection(server.url, "model"), request, client=client)
    return server.calls[-1].payload


def test_openai_gets_messages_and_parameters_as_they_stand(
    client: httpx2.Client, server: ModelServer
) -> None:
    payload = sent("openai", client, server, temperature=0.2, seed=7, stop=["END"])

    assert payload == {
        "model": "model",
        "messages": MESSAGES,
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.2,
        "seed": 7,
        "stop": ["END"],
    }


def test_a_system_parameter_becomes_the_first_message(
    client: httpx2.Client, server: ModelServer
) -> None:
    payload = sent("openai", client, server, system="You are an owl.")

    first, *rest = payload["messages"]
    assert first == {"role": "system", "content": "You are an owl."}
    assert rest == MESSAGES


def test_a_parameter_that_is_none_is_left_out(
    client: httpx2.Client, server: ModelServer
) -> None:
    """So a server that knows no stream_options can be used."""
    payload = sent("openai", client, server, stream_options=None, temperature=None)

    assert set(payload) == {"model", "messages", "stream"}


@pytest.mark.parametrize("name", ["openai", "anthropic"])
def test_parameters_cannot_change_what_is_asked(
    client: httpx2.Client, server: ModelServer, name: str
) -> None:
    payload = sent(name, client, server, model="dear", messages=[], stream=False)

    assert (payload["model"], payload["stream"]) == ("model", True)
    assert payload["messages"][-1]["content"] == "And now?"


def test_anthropic_gets_the_request_in_its_own_words(
    client: httpx2.Client, server: ModelServer
) -> None:
    payload = sent(
        "anthropic", client, server, system="An owl.", top_p=0.9, stop="END", seed=7
    )

    assert payload == {
        "model": "model",
        "messages": MESSAGES[1:],
        "system": "An owl.\n\nBe brief.",
        "max_tokens": 4096,
        "stop_sequences": ["END"],
        "top_p": 0.9,
        "stream": True,
    }
    assert server.calls[-1].headers["anthropic-version"] == "2023-06-01"


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("https://api.x.example", "https://api.x.example/v1/chat/completions"),
        ("https://api.x.example/", "https://api.x.example/v1/chat/completions"),
        ("https://api.x.example/v1", "https://api.x.example/v1/chat/completions"),
        ("https://x.example/api/v4/", "https://x.example/api/v4/chat/completions"),
        (
            "https://x.example/v1/chat/completions",
            "https://x.example/v1/chat/completions",
        ),
    ],
)
def test_a_base_url_may_be_written_in_the_ways_people_do(
    base_url: str, url: str
) -> None:
    assert endpoint(base_url, "/chat/completions") == url


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/messages", "/team/v1"])
def test_anthropic_s_base_url_may_end_in_v1_or_not(
    client: httpx2.Client, server: ModelServer, path: str
) -> None:
    provider: Provider = AnthropicMessages()
    connection = Connection(server.url + path, "model")

    provider.stream(connection, Request(MESSAGES), client=client)

    prefix = "/team" if "team" in path else ""
    assert server.calls[-1].path == f"{prefix}/v1/messages"


def test_a_request_says_little_about_the_asker(
    client: httpx2.Client, server: ModelServer
) -> None:
    sent("openai", client, server)

    headers = server.calls[-1].headers
    assert headers["user-agent"] == "open-arena"
    assert headers["accept-encoding"] == "identity"
    assert headers["host"] == f"127.0.0.1:{server.port}"
