import datetime
import ipaddress
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from evaluations.providers.base import (
    Connection,
    Provider,
    ProviderError,
    Request,
    Timeouts,
)
from evaluations.providers.http import make_client, shared_client
from tests.fakes.behaviour import name_with
from tests.fakes.model_server import ModelServer
from tests.providers.conftest import QUESTION

NAME = "api.example.com"
PUBLIC = "93.184.215.14"


class Tls:
    """A certificate for one name, and who asked for which name with it."""

    def __init__(self, folder: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(key)
        self.file = folder / "server.pem"
        self.file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        self.asked_names: list[str | None] = []

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)
        context.sni_callback = lambda _s, name, _c: self.asked_names.append(name)
        return context

    def client_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.file))


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return Tls(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def secure_server(tls: Tls) -> Iterator[ModelServer]:
    tls.asked_names.clear()
    with ModelServer(tls=tls.server_context()) as server:
        yield server


def ask(openai: Provider, url: str, client: httpx2.Client, **behaviour: object) -> str:
    request = Request(QUESTION, timeouts=Timeouts(2, 2, 2, 5))
    connection = Connection(url, name_with("m", **behaviour))
    return openai.stream(connection, request, client=client).text


def test_the_checked_address_is_dialled_and_the_name_kept_for_tls_and_host(
    tls: Tls, secure_server: ModelServer, openai: Provider
) -> None:
    dialled: list[tuple[str, int]] = []

    def dial(address: tuple[str, int], timeout: float) -> socket.socket:
        dialled.append(address)
        return socket.create_connection(("127.0.0.1", secure_server.port), timeout)

    with make_client(
        allow_local=False,
        resolve=lambda host, port: [PUBLIC],
        connect=dial,
        tls=tls.client_context(),
    ) as client:
        text = ask(openai, f"https://{NAME}/v1", client, text="Through TLS.")

    assert text == "Through TLS."
    assert dialled == [(PUBLIC, 443)]
    assert tls.asked_names == [NAME]
    assert secure_server.calls[0].headers["host"] == NAME


def test_a_certificate_for_another_name_is_not_accepted(
    tls: Tls, secure_server: ModelServer, openai: Provider
) -> None:
    with (
        make_client(
            allow_local=True,
            resolve=lambda host, port: ["127.0.0.1"],
            tls=tls.client_context(),
        ) as client,
        pytest.raises(ProviderError) as caught,
    ):
        ask(openai, f"https://other.example:{secure_server.port}", client)

    assert "certificate was not accepted" in caught.value.message
    assert caught.value.permanent
    assert secure_server.calls == []


def test_a_certificate_of_an_unknown_issuer_is_not_accepted(
    secure_server: ModelServer, openai: Provider, client: httpx2.Client
) -> None:
    with pytest.raises(ProviderError, match="transport"):
        ask(openai, f"https://127.0.0.1:{secure_server.port}", client)

    assert secure_server.calls == []


def test_a_port_that_speaks_no_tls_is_a_transport_error(
    server: ModelServer, openai: Provider, client: httpx2.Client
) -> None:
    request = Request(QUESTION, timeouts=Timeouts(connect=0.1, total=2))
    connection = Connection(f"https://127.0.0.1:{server.port}", "m")

    with pytest.raises(ProviderError) as caught:
        openai.stream(connection, request, client=client)

    assert caught.value.kind == "transport"
    assert "secure connection" in caught.value.message
    assert server.calls == []


def test_a_slow_stream_over_tls_is_waited_for_in_steps_and_can_be_cancelled(
    tls: Tls, secure_server: ModelServer, openai: Provider
) -> None:
    with make_client(allow_local=True, tls=tls.client_context()) as client:
        url = f"https://127.0.0.1:{secure_server.port}"
        text = ask(openai, url, client, text="After a while.", first_token_seconds=0.7)

    assert text == "After a while."


def test_two_are_asked_at_once_where_greenlets_stand_in_for_threads(
    tls: Tls, secure_server: ModelServer
) -> None:
    arguments = [str(secure_server.port), str(tls.file)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.providers.in_greenlets", *arguments],
        check=True,
        capture_output=True,
        text=True,
    )

    assert done.stdout.split("\n")[:2] == [
        "<p><em>One.</em></p>",
        "<p><em>Two.</em></p>",
    ]
    first, second = secure_server.calls
    assert first.overlaps(second)
    # Nor did a rendering process end because it found nothing to read.
    assert done.stderr == ""


def test_the_next_address_is_tried_when_the_first_does_not_answer(
    server: ModelServer, openai: Provider
) -> None:
    with make_client(
        allow_local=True, resolve=lambda host, port: ["::1", "127.0.0.1"]
    ) as client:
        assert ask(openai, f"http://two.example:{server.port}", client, text="Here.")

    assert server.connections == 1


def test_no_more_connections_are_open_than_the_client_allows(
    server: ModelServer, openai: Provider
) -> None:
    with make_client(allow_local=True, connections=2) as client:
        threads = [
            threading.Thread(
                target=ask,
                args=(openai, server.url, client),
                kwargs={"tokens": 3, "rate": 30},
            )
            for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    ends = sorted(call.ended_at or 0 for call in server.calls)
    starts = sorted(call.started_at for call in server.calls)
    assert len(starts) == 6
    # The third starts only when a first has ended, and so on.
    assert all(starts[at + 2] >= ends[at] - 0.01 for at in range(4))


def test_failed_calls_give_their_connection_back(
    server: ModelServer, openai: Provider
) -> None:
    with make_client(allow_local=True, connections=1) as client:
        for fault in ({"status": 400}, {"disconnect_after": 2}, {"drop": True}):
            with pytest.raises(ProviderError):
                ask(openai, server.url, client, **fault)
        with pytest.raises(ProviderError):
            ask(openai, "http://127.0.0.1:1", client)
        with pytest.raises(ProviderError):
            ask(openai, "http://169.254.169.254", client)

        assert ask(openai, server.url, client, text="Still free.") == "Still free."


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"HTTP/1.1",
        b"220 smtp.example.com ESMTP\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ndata: {}\n\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Header: 1\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02",
    ],
    ids=lambda reply: repr(reply[:40]),
)
def test_bytes_that_are_not_proper_http_are_an_error_of_ours(
    openai: Provider, client: httpx2.Client, reply: bytes
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_reply_to_each, args=(listener, reply))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(ProviderError) as caught:
            ask(openai, url, client)
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()

    assert caught.value.kind in {"transport", "truncated", "malformed"}


def _reply_to_each(listener: socket.socket, reply: bytes) -> None:
    while True:
        try:
            sock, _ = listener.accept()
        except OSError:
            return
        with sock:
            sock.recv(65_536)
            sock.sendall(reply)


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\0b"])
def test_a_header_cannot_smuggle_in_another(
    client: httpx2.Client, server: ModelServer, value: str
) -> None:
    with pytest.raises(ProviderError, match="malformed"):
        client.get(f"{server.url}/v1/models", headers={"X-Plain": value})

    assert server.connections == 0


def test_the_client_is_shared_by_the_whole_process() -> None:
    assert shared_client(allow_local=True) is shared_client(allow_local=True)
    assert shared_client(allow_local=True) is not shared_client(allow_local=False)
