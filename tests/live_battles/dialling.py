"""Sockets opened by hand, and what they are told before they are closed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from evaluations.volunteers import Visitor
from tests.factories import cookie_of


class Dial:
    """One open socket of a battle's page."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def send(self, message: str | bytes, *, text: bool | None = None) -> None:
        self.socket.send(message, text=text)

    def frame(self, seconds: float = 10) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(self.socket.recv(timeout=seconds))
        return frame

    def end(self, seconds: float = 15) -> tuple[int, list[dict[str, Any]]]:
        """The close code, and the frames that came before it."""
        frames = []
        try:
            while True:
                frames.append(self.frame(seconds))
        except ConnectionClosed as closed:
            return (closed.rcvd.code if closed.rcvd else 1006), frames


@contextmanager
def dialled(
    url: str,
    battle_id: object,
    *,
    visitor: Visitor | None = None,
    cookie: str = "",
    origin: str | None = "",
    path: str = "",
) -> Iterator[Dial]:
    headers = {"Cookie": cookie or cookie_of(visitor)} if visitor or cookie else {}
    with connect(
        url.replace("http", "ws", 1) + (path or f"/ws/battle/{battle_id}/"),
        origin=url if origin == "" else origin,  # type: ignore[arg-type]
        additional_headers=headers,
        compression=None,
        max_size=None,
        close_timeout=5,
    ) as socket:
        yield Dial(socket)


def refused_status(url: str, battle_id: object, **how: Any) -> int:
    """The status with which a handshake is refused."""
    try:
        with dialled(url, battle_id, **how):
            return 101
    except InvalidStatus as refused:
        return int(refused.response.status_code)
