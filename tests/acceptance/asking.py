"""A volunteer who asks questions of their own, over HTTP and a WebSocket."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from websockets.sync.client import ClientConnection, connect

from tests.acceptance.visiting import Person

ADDRESS = re.compile(r"/battle/([0-9a-f-]{36})")


@dataclass(frozen=True)
class Frame:
    """What came over the WebSocket, and when (monotonic seconds)."""

    at: float
    text: str

    @property
    def said(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.text)
        return said

    @property
    def state(self) -> str:
        """How the battle stands, where the frame says so."""
        return str(self.said.get("state", ""))


class Asker(Person):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        # A battle lasts as long as the server keeps a silent connection open: one that
        # it closes at that moment would take a form with it.
        self.http.headers["Connection"] = "close"

    def ask(self, question: str, **fields: str) -> UUID:
        """Send the form of the page on which a question is written."""
        reply = self.post("/battle", {"prompt": question, **fields})
        assert reply.status_code == 302, (reply.status_code, reply.text)
        found = ADDRESS.search(reply.headers["Location"])
        assert found is not None, reply.headers["Location"]
        return UUID(found[1])

    def act(self, battle_id: UUID, act: str, **fields: str) -> Any:
        return self.post(f"/battle/{battle_id}/{act}", fields)

    @contextmanager
    def socket(self, battle_id: UUID) -> Iterator[ClientConnection]:
        """The WebSocket that the page of a battle opens."""
        address = self.url.replace("http", "ws", 1)
        with connect(
            f"{address}/ws/battle/{battle_id}/",
            origin=self.url,  # type: ignore[arg-type]
            additional_headers=self.headers,
            compression=None,
            max_size=None,
            open_timeout=30,
        ) as socket:
            yield socket

    @staticmethod
    def frames(socket: ClientConnection, *, seconds: float = 60) -> Iterator[Frame]:
        """What comes until the socket is left alone; nobody waits longer than this."""
        until = time.monotonic() + seconds
        while True:
            text = socket.recv(timeout=until - time.monotonic())
            yield Frame(time.monotonic(), str(text))
