"""A page of a live battle without a browser: it applies the frames as the page does."""

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

from django.http import HttpResponse
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from evaluations.volunteers import COOKIE, SALT, Visitor


def cookie_of(visitor: Visitor) -> str:
    response = HttpResponse()
    response.set_signed_cookie(COOKIE, visitor.token, salt=SALT)
    return f"{COOKIE}={response.cookies[COOKIE].value}"


@dataclass
class Shown:
    """One side of the current turn as it stands on the page."""

    stable: str = ""
    tail: str = ""
    whole: str | None = None

    @property
    def html(self) -> str:
        return self.stable + self.tail if self.whole is None else self.whole


@dataclass
class Watcher:
    """An open page: connects, reads frames in a thread, connects again when cut off."""

    url: str
    visitor: Visitor
    battle_id: UUID
    origin: str = ""
    frames: list[dict[str, Any]] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    sides: dict[str, Shown] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    doubled: int = 0
    connections: int = 0

    def __enter__(self) -> Self:
        self._closing = False
        self._socket: Any = None
        self._seq = -1
        self._synced = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        if self._socket is not None:
            self._socket.close()
        self._thread.join(5)

    def cut(self) -> None:
        """Lose the connection; the page opens another one by itself."""
        self._socket.close()

    def send(self, text: str) -> None:
        self._socket.send(text)

    def wait_for(self, state: str, *, seconds: float = 60) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while self.state.get("state") != state:
            assert time.monotonic() < deadline, (state, self.state, len(self.frames))
            time.sleep(0.02)
        return self.state

    def _run(self) -> None:
        while not self._closing:
            try:
                self._connect()
            except (OSError, ConnectionClosed, TimeoutError):
                time.sleep(0.2)
            except Exception:
                if not self._closing:
                    time.sleep(0.2)

    def _connect(self) -> None:
        address = self.url.replace("http", "ws", 1)
        with connect(
            f"{address}/ws/battle/{self.battle_id}/",
            origin=self.origin or self.url,
            additional_headers={"Cookie": cookie_of(self.visitor)},
            compression=None,
            max_size=None,
        ) as self._socket:
            self.connections += 1
            self._synced = False
            for text in self._socket:
                self.times.append(time.monotonic())
                self.raw.append(text)
                frame = json.loads(text)
                self.frames.append(frame)
                self._apply(frame)

    def _apply(self, frame: dict[str, Any]) -> None:
        kind = frame["type"]
        if kind in ("snapshot", "state"):
            self._redraw(frame)
        elif kind == "text":
            self._take_text(frame)
        elif kind == "done":
            self.sides[frame["side"]] = Shown(whole=frame["html"])

    def _redraw(self, frame: dict[str, Any]) -> None:
        current = frame["turns"][-1]
        for side in "ab":
            state, html = current[side]["state"], current[side]["html"]
            if state == "ready":
                self.sides[side] = Shown(whole=html)
            elif frame["type"] == "snapshot" or state == "waiting":
                self.sides[side] = Shown(stable=html)
        self._synced = False if frame["type"] == "snapshot" else self._synced
        self._seq = max(self._seq, frame["seq"])
        self.state = frame

    def _take_text(self, frame: dict[str, Any]) -> None:
        seq, side = frame["seq"], frame["side"]
        if frame.get("full"):
            self.sides[side] = Shown(frame["stable"], frame["tail"])
            self._synced, self._seq = True, max(seq, self._seq)
            return
        if seq < self._seq or (seq == self._seq and side == "a"):
            self.doubled += 1
            return
        if seq > self._seq + 1 and not self._fresh(frame):
            self._synced = False
            return
        self._seq = seq
        self.sides[side].stable += frame["stable"]
        self.sides[side].tail = frame["tail"]

    def _fresh(self, frame: dict[str, Any]) -> bool:
        """The first text of a turn: there was nothing before it to be missed."""
        return (
            not any(shown.html for shown in self.sides.values())
            and self.state["turns"][-1][frame["side"]]["state"] == "waiting"
        )
