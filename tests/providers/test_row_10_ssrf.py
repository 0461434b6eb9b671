"""SECURITY row 10: no URL that an admin can enter reaches an inside service.

A canary listens on 127.0.0.1 and counts connections. The control shows that it does
hear an ordinary client that is given the same URLs.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from evaluations.providers.address import AddressRefused, check_base_url, look_up
from evaluations.providers.base import (
    Connection,
    Provider,
    ProviderError,
    Request,
    Timeouts,
)
from evaluations.providers.http import make_client
from tests.fakes.behaviour import name_with
from tests.fakes.model_server import ModelServer
from tests.providers.conftest import QUESTION

PUBLIC = "93.184.215.14"
TIMEOUTS = Timeouts(connect=1, first_token=2, between_tokens=2, total=5)

# {port} is the canary's port.
TRICKS = [
    "http://127.0.0.1:{port}/v1",
    "https://127.0.0.1:{port}/v1",
    "https://127.0.0.1:{port}",
    "https://localhost:{port}/v1",
    "https://LOCALHOST:{port}/v1",
    "https://localhost.:{port}/v1",
    "https://127.1:{port}/v1",
    "https://127.0.1:{port}/v1",
    "https://2130706433:{port}/v1",
    "https://0x7f000001:{port}/v1",
    "https://0x7f.0.0.1:{port}/v1",
    "https://0177.0.0.1:{port}/v1",
    "https://017700000001:{port}/v1",
    "https://127.0.0.1.:{port}/v1",
    "https://0:{port}/v1",
    "https://0.0.0.0:{port}/v1",
    "https://[::1]:{port}/v1",
    "https://[::]:{port}/v1",
    "https://[::ffff:127.0.0.1]:{port}/v1",
    "https://[::ffff:7f00:1]:{port}/v1",
    "https://[0:0:0:0:0:ffff:127.0.0.1]:{port}/v1",
    "https://[::127.0.0.1]:{port}/v1",
    "https://[64:ff9b::7f00:1]:{port}/v1",
    "https://[2002:7f00:1::]:{port}/v1",
    "https://[fe80::1%25lo]:{port}/v1",
    "https://api.example.com@127.0.0.1:{port}/v1",
    "https://127.0.0.1:{port}\\@api.example.com/v1",
    "https://127.0.0.1:{port}#@api.example.com/v1",
    "https://127。0。0。1:{port}/v1",
    "https://127.0.0.1:{port}/v1",
    "https://①②⑦.⓪.⓪.①:{port}/v1",
    "https://127.0.0.1%2f@api.example.com:{port}/v1",
    "https://%31%32%37.0.0.1:{port}/v1",
    "https://127.0.0.1\t:{port}/v1",
    "https://127.0.0.1:{port}\r\nHost: x/v1",
    " https://127.0.0.1:{port}/v1",
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/v1",
    "gopher://127.0.0.1:{port}/_POST",
    "file:///etc/passwd",
    "//127.0.0.1:{port}/v1",
]


class Canary:
    """Count the connections that reach a port of this machine."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> "Canary":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self.connections += 1
                with sock:
                    sock.settimeout(1)
                    sock.recv(4096)
                    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture
def canary() -> Iterator[Canary]:
    with Canary() as canary:
        yield canary


@pytest.fixture
def guarded() -> Iterator[httpx2.Client]:
    """The client as production has it."""
    with make_client(allow_local=False) as client:
        yield client


def call(provider: Provider, url: str, client: httpx2.Client, model: str = "m") -> None:
    request = Request(QUESTION, timeouts=TIMEOUTS)
    provider.stream(Connection(url, model), request, client=client)


@pytest.mark.parametrize("trick", TRICKS)
def test_no_spelling_of_an_inside_url_passes(
    trick: str, canary: Canary, guarded: httpx2.Client, openai: Provider
) -> None:
    url = trick.format(port=canary.port)

    with pytest.raises(AddressRefused):
        check_base_url(url, allow_local=False)
    with pytest.raises(ProviderError) as caught:
        call(openai, url, guarded)

    assert (caught.value.kind, caught.value.permanent) == ("refused_address", True)
    assert canary.connections == 0


def test_the_inside_port_is_refused_for_what_it_is_and_not_for_its_number(
    guarded: httpx2.Client, openai: Provider
) -> None:
    for host in ("localhost", "127.0.0.1", "[::1]"):
        with pytest.raises(AddressRefused, match="inside this network"):
            check_base_url(f"https://{host}", allow_local=False)
        with pytest.raises(ProviderError, match="refused_address"):
            call(openai, f"https://{host}", guarded)


def test_a_host_name_that_leads_inside_is_refused(
    canary: Canary, openai: Provider
) -> None:
    def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    url = "https://inside.example.com/v1"
    with pytest.raises(AddressRefused):
        check_base_url(url, allow_local=False, resolve=resolve)
    with (
        make_client(
            allow_local=False, resolve=resolve, connect=canary_dial(canary)
        ) as c,
        pytest.raises(ProviderError) as caught,
    ):
        call(openai, url, c)

    assert (caught.value.kind, caught.value.permanent) == ("refused_address", True)
    assert canary.connections == 0


def canary_dial(canary: Canary) -> Any:
    """Dial the canary wherever a local address is dialled; there is nobody else."""

    def dial(address: tuple[str, int], timeout: float) -> socket.socket:
        if address[0].startswith("127."):
            return socket.create_connection(("127.0.0.1", canary.port), timeout)
        dialled.append(address[0])
        raise ConnectionRefusedError

    dialled: list[str] = []
    dial.dialled = dialled  # type: ignore[attr-defined]
    return dial


def test_a_name_that_changes_after_its_check_is_refused_at_the_call(
    canary: Canary, openai: Provider
) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])

    def resolve(host: str, port: int) -> list[str]:
        return next(answers)

    url = "https://turncoat.example.com/v1"
    check_base_url(url, allow_local=False, resolve=resolve)
    with (
        make_client(
            allow_local=False, resolve=resolve, connect=canary_dial(canary)
        ) as c,
        pytest.raises(ProviderError) as caught,
    ):
        call(openai, url, c)

    assert caught.value.kind == "refused_address"
    assert canary.connections == 0


def test_each_connection_looks_up_once_and_dials_just_that_address(
    canary: Canary, openai: Provider
) -> None:
    """A name whose second look-up leads inside finds nobody who asks again."""
    looks: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looks.append(host)
        return [PUBLIC] if len(looks) % 2 else ["127.0.0.1"]

    dial = canary_dial(canary)
    with (
        make_client(allow_local=False, resolve=resolve, connect=dial) as client,
        pytest.raises(ProviderError) as caught,
    ):
        call(openai, "https://turncoat.example.com/v1", client)

    # The refused connection is tried once more; that look-up leads inside.
    assert looks == ["turncoat.example.com"] * 2
    assert dial.dialled == [PUBLIC]
    assert caught.value.kind == "refused_address"
    assert canary.connections == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(
    client: httpx2.Client,
    canary: Canary,
    server: ModelServer,
    provider: Provider,
    status: int,
) -> None:
    model = name_with("m", redirect=f"http://127.0.0.1:{canary.port}/", status=status)

    with pytest.raises(ProviderError, match="http 30") as caught:
        call(provider, server.url, client, model)

    assert caught.value.permanent
    assert "final base URL" in caught.value.message
    assert len(server.calls) == 1
    assert canary.connections == 0


@pytest.mark.parametrize("flood", ["line", "text", "comments", "body"])
@pytest.mark.parametrize("size", [10_000_000, 0], ids=["10 MB", "never-ending"])
def test_a_huge_body_is_not_taken_in(
    client: httpx2.Client,
    server: ModelServer,
    openai: Provider,
    flood: str,
    size: int,
) -> None:
    model = name_with("m", flood=flood, flood_bytes=size)
    request = Request(QUESTION, timeouts=TIMEOUTS, max_bytes=16_000)

    with pytest.raises(ProviderError) as caught:
        openai.stream(Connection(server.url, model), request, client=client)

    assert caught.value.kind == "too_long"
    server.wait_until_idle()
    # What lay in the sockets' buffers at the end counts here too.
    assert server.calls[0].bytes_sent < 9_500_000


def test_a_proxy_of_the_environment_is_not_asked(
    canary: Canary, openai: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    with (
        make_client(
            allow_local=False, resolve=lambda *_: [PUBLIC], connect=canary_dial(canary)
        ) as client,
        pytest.raises(ProviderError, match="transport"),
    ):
        call(openai, "https://api.example.com/v1", client)

    assert canary.connections == 0


@pytest.mark.parametrize(
    "trick",
    [
        "http://127.0.0.1:{port}/v1",
        "http://localhost:{port}/v1",
        "http://127.1:{port}/v1",
        "http://2130706433:{port}/v1",
        "http://0x7f.0.0.1:{port}/v1",
        "http://0.0.0.0:{port}/v1",
        "http://[::ffff:127.0.0.1]:{port}/v1",
        "http://api.example.com@127.0.0.1:{port}/v1",
    ],
)
def test_control_an_ordinary_client_does_reach_the_canary(
    trick: str, canary: Canary
) -> None:
    httpx2.get(trick.format(port=canary.port), trust_env=False)

    assert canary.connections == 1


def test_control_an_ordinary_client_follows_the_turncoat_and_the_redirect(
    canary: Canary, server: ModelServer
) -> None:
    model = name_with("m", redirect=f"http://127.0.0.1:{canary.port}/", status=302)

    httpx2.post(
        f"{server.url}/v1/chat/completions",
        json={"model": model, "messages": QUESTION},
        follow_redirects=True,
        trust_env=False,
    )

    assert canary.connections == 1


def test_control_the_guard_lets_the_same_call_through_where_local_is_allowed(
    canary: Canary, client: httpx2.Client, openai: Provider
) -> None:
    """The canary hears this client too: only the setting keeps it away."""
    assert look_up("127.0.0.1", canary.port) == ["127.0.0.1"]

    with pytest.raises(ProviderError, match="truncated"):
        call(openai, f"http://127.0.0.1:{canary.port}", client)

    assert canary.connections == 1
