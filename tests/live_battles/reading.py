"""A page of a live battle, without a browser, that does as the page's own script does.

It keeps every state of its text, so that gaps and repeats are seen afterwards.
"""

import json
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Self

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect

from evaluations.models import Answer, Battle, LiveBattle
from tests.factories import cookie_of
from tests.live_battles.steps import answers

TAG = re.compile(r"<[^>]*>")
# As the script has them, but for the waits before it dials again.
SILENCE, PATIENCE, RESYNC_PAUSE = 10.0, 1.5, 1.0
AGAIN = 0.2


@dataclass
class Place:
    """One side's current answer as it stands on the page."""

    seq: int = -1
    stable: str = ""
    tail: str = ""
    knows_border: bool = False
    final: bool = False
    state: str = "waiting"
    seen: list[str] = field(default_factory=list)

    @property
    def html(self) -> str:
        return self.stable + self.tail

    def replace(self, html: str, *, final: bool) -> None:
        if not self.final:
            self.stable, self.tail, self.final = html, "", final
            self.knows_border = False

    def grow(self, frame: dict[str, Any]) -> bool:
        """Say whether the frame could be used; if not, the whole is needed."""
        if frame["seq"] <= self.seq:
            return True
        if frame.get("full"):
            self.stable, self.knows_border = "", True
        elif not self.knows_border or frame["seq"] > self.seq + 1:
            return False
        self._take(frame)
        return True

    def _take(self, frame: dict[str, Any]) -> None:
        self.seq = frame["seq"]
        self.stable += frame["stable"]
        self.tail = frame["tail"]

    def note(self) -> None:
        words = " ".join(TAG.sub(" ", self.html).split())
        if not self.seen or self.seen[-1] != words:
            self.seen.append(words)

    def strays(self, text: str) -> list[str]:
        """The states of the page that are no beginning of what was sent."""
        whole = " ".join(text.split())
        return [words for words in self.seen if not whole.startswith(words)]


class TrustingPlace(Place):
    """The seeded fault: numbers are not looked at, the whole is appended as well."""

    def grow(self, frame: dict[str, Any]) -> bool:
        self._take(frame)
        return True


class Page:
    def __init__(
        self, url: str, visitor: Any, battle_id: Any, place: type[Place] = Place
    ) -> None:
        self._address = f"{url.replace('http', 'ws', 1)}/ws/battle/{battle_id}/"
        self._url, self._cookie = url, cookie_of(visitor)
        self.places = {side: place() for side in "ab"}
        self.state, self.left, self.connections = "", "", 0
        self._socket: ClientConnection | None = None
        self._heard_at = self._asked_at = 0.0
        self._done_at: float | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        self.cut()
        self._thread.join(10)

    def cut(self) -> None:
        """Lose the connection, without a word of goodbye."""
        if self._socket is not None:
            self._socket.close_socket()

    def _run(self) -> None:
        while not self._closing:
            try:
                self._connect()
            except (OSError, ConnectionClosed, InvalidHandshake, EOFError):
                time.sleep(AGAIN)

    def _connect(self) -> None:
        with connect(
            self._address,
            origin=self._url,  # type: ignore[arg-type]
            additional_headers={"Cookie": self._cookie},
            compression=None,
            max_size=None,
        ) as self._socket:
            self.connections += 1
            self._heard_at = time.monotonic()
            while not self._closing:
                self._watch()
                try:
                    text = self._socket.recv(timeout=0.5)
                except TimeoutError:
                    continue
                self._heard_at = time.monotonic()
                self._heed(json.loads(text))

    def _watch(self) -> None:
        now = time.monotonic()
        silent = now - self._heard_at > SILENCE
        late = self._done_at is not None and now - self._done_at > PATIENCE
        if self.state == "writing" and (silent or late):
            self._done_at = None
            self._resync()

    def _resync(self) -> None:
        now = time.monotonic()
        if now - self._asked_at >= RESYNC_PAUSE and self._socket is not None:
            self._asked_at = now
            self._socket.send('{"type":"resync"}')

    def _heed(self, frame: dict[str, Any]) -> None:
        kind = frame["type"]
        if kind in ("snapshot", "state"):
            self._draw(frame)
        elif kind == "text" and not self.places[frame["side"]].grow(frame):
            self._resync()
        elif kind == "done":
            self._done_at = time.monotonic()
            place = self.places[frame["side"]]
            if frame["seq"] > place.seq:
                place.seq = frame["seq"]
                place.replace(frame["html"], final=True)
        for place in self.places.values():
            place.note()

    def _draw(self, told: dict[str, Any]) -> None:
        self.left = told["left"]
        for side, place in self.places.items():
            now = told["turns"][-1][side]
            goes_on = now["state"] == place.state == "writing"
            if not (goes_on and told["seq"] <= place.seq):
                place.replace(now["html"], final=now["state"] == "ready")
            place.seq = max(place.seq, told["seq"])
            place.state = now["state"]
        self.state = told["state"]


def strays(pages: dict[Battle, Page]) -> list[str]:
    """What stood on a page and was no beginning of its answer."""
    return [
        words
        for battle, page in pages.items()
        for place, answer in in_places(battle, page)
        for words in place.strays(answer.text)
    ]


def in_places(battle: Battle, page: Page) -> list[tuple[Place, Answer]]:
    left = LiveBattle.objects.get(battle=battle).left
    x, y = answers(battle)
    sides = (x, y) if left == "x" else (y, x)
    return list(zip(page.places.values(), sides, strict=True))
