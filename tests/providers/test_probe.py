import json
import socket
import time

import httpx2
import pytest

from evaluations.providers.base import ProviderError
from evaluations.providers.http import make_client
from evaluations.providers.probe import list_models
from tests.fakes.model_server import ModelServer


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/"])
def test_a_model_server_tells_its_models(
    client: httpx2.Client, server: ModelServer, path: str
) -> None:
    found = list_models(server.url + path, client=client)

    assert found == ["fake-small", "fake-large"]
    assert server.calls == []


@pytest.mark.parametrize(
    "body",
    [
        "<html>Welcome</html>",
        "{}",
        "[]",
        "5",
        '{"data": null}',
        '{"data": {"id": "x"}}',
        '{"data": "models"}',
        '{"data": [{"name": "x"}]}',
        '{"data": [{"id": 5}]}',
        '{"data": [{"id": ""}]}',
        '{"data": [{"id": "a"}, null]}',
        json.dumps({"data": [{"id": "x" * 300}]}),
        json.dumps({"data": [{"id": "line\nbreak"}]}),
        "[" * 100_000,
    ],
)
def test_anything_but_a_list_of_models_counts_as_no_model_server(
    client: httpx2.Client, server: ModelServer, body: str
) -> None:
    server.behave("/models", body=body)

    with pytest.raises(ProviderError) as caught:
        list_models(server.url, client=client)

    assert caught.value.kind == "malformed"


def test_an_empty_list_is_a_list(client: httpx2.Client, server: ModelServer) -> None:
    server.behave("/models", body='{"object": "list", "data": []}')

    assert list_models(server.url, client=client) == []


def test_another_service_on_the_port_is_no_model_server(
    client: httpx2.Client, server: ModelServer
) -> None:
    with pytest.raises(ProviderError, match="http 404"):
        list_models(f"{server.url}/elsewhere", client=client)


def test_a_port_that_does_not_answer_costs_half_a_second(
    client: httpx2.Client,
) -> None:
    before = time.monotonic()

    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        pytest.raises(ProviderError, match="timeout"),
    ):
        list_models(f"http://127.0.0.1:{mute.getsockname()[1]}", client=client)

    assert time.monotonic() - before < 0.9


def test_a_huge_list_is_not_taken_in(
    client: httpx2.Client, server: ModelServer
) -> None:
    server.behave("/models", body='{"data": [' + '{"id": "x"},' * 100_000 + "]}")

    with pytest.raises(ProviderError, match="too_long"):
        list_models(server.url, client=client)


def test_a_local_server_is_not_asked_where_the_setting_forbids_it(
    server: ModelServer,
) -> None:
    with (
        make_client(allow_local=False) as client,
        pytest.raises(ProviderError, match="refused_address"),
    ):
        list_models(server.url, client=client)

    assert server.connections == 0
