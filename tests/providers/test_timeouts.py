import socket
import threading
import time
from itertools import pairwise
from typing import Any

import httpx2
import pytest

from evaluations.providers.base import (
    Connection,
    Provider,
    ProviderError,
    Request,
    Timeouts,
)
from tests.fakes.model_server import ModelServer
from tests.providers.conftest import QUESTION, Ask


@pytest.mark.parametrize(
    ("fault", "timeouts", "words"),
    [
        (
            {"first_token_seconds": 9},
            Timeouts(first_token=0.25, total=9),
            "no text for 0.25 s",
        ),
        (
            {"first_token_seconds": 9, "pings": 0.05},
            Timeouts(first_token=0.25, total=9),
            "no text for 0.25 s",
        ),
        (
            {"stall_after": 3},
            Timeouts(between_tokens=0.25, total=9),
            "stopped for 0.25 s",
        ),
        (
            {"stall_after": 3, "pings": 0.05},
            Timeouts(between_tokens=0.25, total=9),
            "stopped for 0.25 s",
        ),
        ({"drip": 50}, Timeouts(total=0.5), "longer than 0.5 s"),
        ({"rate": 20, "tokens": 900}, Timeouts(total=0.5), "longer than 0.5 s"),
    ],
    ids=str,
)
def test_a_server_that_is_too_slow_is_left(
    ask: Ask,
    openai: Provider,
    server: ModelServer,
    fault: dict[str, Any],
    timeouts: Timeouts,
    words: str,
) -> None:
    before = time.monotonic()

    with pytest.raises(ProviderError) as caught:
        ask(openai, timeouts=timeouts, **fault)

    assert (caught.value.kind, caught.value.permanent) == ("timeout", False)
    assert words in caught.value.message
    assert time.monotonic() - before < 4
    server.wait_until_idle()
    assert [call.outcome for call in server.calls] == ["client_left"]


def test_tokens_that_keep_coming_are_waited_for(ask: Ask, openai: Provider) -> None:
    timeouts = Timeouts(first_token=0.25, between_tokens=0.25, total=9)

    completion = ask(openai, timeouts=timeouts, rate=10, tokens=8)

    assert completion.total_ms > 600
    assert completion.completion_tokens == 8


@pytest.mark.parametrize(
    "fault", [{"first_token_seconds": 9}, {"stall_after": 3}, {"rate": 50}], ids=str
)
def test_cancelling_frees_the_server_at_once(
    ask: Ask, openai: Provider, server: ModelServer, fault: dict[str, Any]
) -> None:
    before = time.monotonic()

    with pytest.raises(ProviderError) as caught:
        ask(
            openai,
            timeouts=Timeouts(),
            tokens=500,
            cancelled=lambda: time.monotonic() - before > 0.3,
            **fault,
        )

    assert caught.value.kind == "cancelled"
    assert time.monotonic() - before < 3
    server.wait_until_idle(1)
    assert [call.outcome for call in server.calls] == ["client_left"]


def test_the_wish_to_cancel_is_not_looked_up_for_every_token(
    ask: Ask, openai: Provider
) -> None:
    looks: list[float] = []

    def cancelled() -> bool:
        looks.append(time.monotonic())
        return False

    ask(openai, tokens=300, rate=300, cancelled=cancelled)

    assert len(looks) >= 3
    pauses = [later - earlier for earlier, later in pairwise(looks)]
    assert min(pauses) >= 0.19


def test_a_host_that_never_picks_up_is_left(
    client: httpx2.Client, openai: Provider
) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf:
        port = deaf.getsockname()[1]
        # The backlog is full after one or two; the next stays without an answer.
        held = [_start_connecting(port) for _ in range(4)]
        connection = Connection(f"http://127.0.0.1:{port}", "model")
        request = Request(QUESTION, timeouts=Timeouts(connect=0.2, total=2))

        with pytest.raises(ProviderError) as caught:
            openai.stream(connection, request, client=client)

        for sock in held:
            sock.close()
    assert caught.value.kind == "timeout"
    assert not caught.value.permanent


def _start_connecting(port: int) -> socket.socket:
    sock = socket.socket()
    sock.setblocking(False)
    sock.connect_ex(("127.0.0.1", port))
    return sock


def test_a_refusal_that_is_never_finished_costs_only_a_short_wait(
    client: httpx2.Client, openai: Provider
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_refuse_by_half, args=(listener,))
        thread.start()
        connection = Connection(f"http://127.0.0.1:{listener.getsockname()[1]}", "m")
        request = Request(QUESTION, timeouts=Timeouts(first_token=9, total=9))
        before = time.monotonic()

        with pytest.raises(ProviderError, match="http 400"):
            openai.stream(connection, request, client=client)

        thread.join()
    assert time.monotonic() - before < 6


def _refuse_by_half(listener: socket.socket) -> None:
    sock, _ = listener.accept()
    with sock:
        sock.recv(65_536)
        sock.sendall(b'HTTP/1.1 400 No\r\nContent-Length: 99\r\n\r\n{"err')
        sock.recv(1)


def test_a_closed_port_is_a_transport_error(
    client: httpx2.Client, openai: Provider
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    connection = Connection(f"http://127.0.0.1:{port}", "model")

    with pytest.raises(ProviderError) as caught:
        openai.stream(connection, Request(QUESTION), client=client)

    assert (caught.value.kind, caught.value.permanent) == ("transport", False)


def test_a_hundred_streams_run_at_once(
    ask: Ask, openai: Provider, server: ModelServer
) -> None:
    lengths: list[int | None] = []

    def one() -> None:
        lengths.append(ask(openai, tokens=40, rate=40).completion_tokens)

    threads = [threading.Thread(target=one) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert lengths == [40] * 100
    assert server.connections == 100
