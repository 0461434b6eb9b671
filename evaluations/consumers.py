"""The WebSockets: of a live battle, where frames go out and a wish for the whole comes
in, and of an open leaderboard, which hears of new tables.

Plain ASGI on the channel layer: a stock consumer costs six times as much for each
frame. They pass on what workers announce, and ask the domain once, when they open.
"""

import asyncio
import contextlib
import json
import logging
from collections import Counter
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    MutableMapping,
)
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.http import QueryDict, parse_cookie
from redis.exceptions import RedisError

from evaluations import events, leaderboard, live
from evaluations.models.tallies import ALL
from evaluations.volunteers import token_in, visitor_with
from evaluations.voting import Refusal

logger = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Messages = asyncio.Queue[Message]

MALFORMED, NOT_YOURS, IDLE, TOO_MANY = 4400, 4404, 4408, 4429
# Of the protocol's own codes: come back later.
LATER = 1013
SOCKETS_PER_VISITOR = 6
# Of a process, on the leaderboard: anyone may read it, known or not.
READERS = 2000
# So many words a page may send in so many seconds.
WORDS, WORDS_SECONDS = 10, 10.0

_open: Counter[str] = Counter()


class Closed(Exception):
    """The socket is to be closed, with a sentence for whoever is there."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


async def battle(scope: Message, receive: Receive, send: Send) -> None:
    """Serve the frames of one live battle to its own volunteer."""
    token = token_in(cookies_in(scope)) or ""
    async with _accepted(receive, send):
        with _counted(
            token, SOCKETS_PER_VISITOR, "This battle is open in too many tabs."
        ):
            battle_id = scope["url_route"]["kwargs"]["battle_id"]
            await Socket(battle_id, token, send).serve(receive)


async def news(scope: Message, receive: Receive, send: Send) -> None:
    """Tell an open leaderboard of each new table of its kind."""
    asked = QueryDict(scope.get("query_string", b""))
    async with _accepted(receive, send):
        with _counted(
            "leaderboard", READERS, "Too many read the leaderboard just now."
        ):
            kind = str(asked.get("slice", ALL)), str(asked.get("adjustment", ""))
            await Newsstand(kind, send).serve(receive)


async def nothing(scope: Message, receive: Receive, send: Send) -> None:
    """Refuse the handshake at an address that leads nowhere."""
    await receive()
    await send({"type": "websocket.close"})


@contextlib.asynccontextmanager
async def _accepted(receive: Receive, send: Send) -> AsyncIterator[None]:
    """Open the socket, and close it in words where it may not stay open."""
    await receive()
    await send({"type": "websocket.accept"})
    try:
        with _while_all_runs():
            yield
    except Closed as closed:
        await send(_text({"type": "error", "sentence": closed.sentence}))
        await send(
            {
                "type": "websocket.close",
                "code": closed.code,
                "reason": closed.sentence[:100],
            }
        )


@contextlib.contextmanager
def _counted(whose: str, most: int, sentence: str) -> Any:
    if _open[whose] >= most:
        raise Closed(TOO_MANY, sentence)
    _open[whose] += 1
    try:
        yield
    finally:
        _open[whose] -= 1
        if not _open[whose]:
            del _open[whose]


@contextlib.contextmanager
def _while_all_runs(
    errors: type[Exception] | tuple[type[Exception], ...] = (RedisError, DatabaseError),
) -> Any:
    """Without Redis or the database a page hears so, and comes again by itself."""
    try:
        yield
    except errors as error:
        logger.warning("a page could not be served: %s", type(error).__name__)
        raise Closed(LATER, "The arena is not ready; please wait a moment.") from None


@contextlib.asynccontextmanager
async def _announced(group: str) -> AsyncIterator[Messages]:
    """What is announced to the group from now on."""
    layer = get_channel_layer()
    messages: Messages = asyncio.Queue()
    # All pages share the layer's connection. While it is being renewed under their
    # hands the layer raises more than its own errors, RuntimeError for one.
    with _while_all_runs(Exception):
        channel = await layer.new_channel()
    hearing = asyncio.ensure_future(_hear(layer, channel, messages))
    try:
        with _while_all_runs(Exception):
            await layer.group_add(group, channel)
        yield messages
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
        with _while_all_runs(Exception):
            await layer.group_discard(group, channel)


async def _hear(layer: Any, channel: str, messages: Messages) -> None:
    """Wait for messages and do nothing else.

    The layer forgets a channel only where it is waited for and the wait is cancelled.
    """
    while True:
        messages.put_nowait(await layer.receive(channel))


def cookies_in(scope: Message) -> dict[str, str]:
    """The cookies of a handshake."""
    header = dict(scope["headers"]).get(b"cookie", b"")
    return parse_cookie(header.decode("latin1"))


class Socket:
    def __init__(self, battle_id: UUID, token: str, send: Send) -> None:
        self._battle_id, self._token, self._send = battle_id, token, send
        self._words: list[float] = []
        self._heard_at = 0.0

    async def serve(self, receive: Receive) -> None:
        # First into the group, then the snapshot: nothing falls in between.
        async with _announced(live.group_of(self._battle_id)) as messages:
            # However long it takes on a busy machine: only then is the page idle.
            await self._send_snapshot()
            await self._go_on(messages, receive)

    async def _go_on(self, messages: Messages, receive: Receive) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        await _until_one_ends(
            self._pass_on(messages), self._listen(receive), self._watch_idle()
        )

    async def _pass_on(self, messages: Messages) -> None:
        while True:
            message = await messages.get()
            self._heard_at = asyncio.get_running_loop().time()
            for text in message["texts"]:
                await self._send({"type": "websocket.send", "text": text})

    async def _send_snapshot(self) -> None:
        told = await sync_to_async(self._snapshot, thread_sensitive=False)()
        await self._send(_text({"type": "snapshot", **told}))

    def _snapshot(self) -> dict[str, Any]:
        try:
            visitor = visitor_with(token=self._token)
            shown = live.snapshot(visitor=visitor, battle_id=self._battle_id)
        except Refusal as refusal:
            raise Closed(NOT_YOURS, refusal.sentence) from None
        finally:
            close_old_connections()
        # The database lags behind: the worker that streams sends the whole as it is.
        events.ask(live.asked_key(self._battle_id), live.RESYNC)
        return live.told(shown)

    async def _listen(self, receive: Receive) -> None:
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            self._limit()
            await self._obey(message)

    def _limit(self) -> None:
        now = asyncio.get_running_loop().time()
        self._heard_at = now
        self._words = [at for at in self._words if now - at < WORDS_SECONDS] + [now]
        if len(self._words) > WORDS:
            raise Closed(TOO_MANY, "Too many messages; please wait a moment.")

    async def _obey(self, message: Message) -> None:
        try:
            word = json.loads(message.get("text") or "")["type"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise Closed(MALFORMED, "This is not a message the arena knows.") from None
        if word != live.RESYNC:
            sentence = "Only a wish for the whole is heard here; acts go by the forms."
            await self._send(_text({"type": "error", "sentence": sentence}))
            return
        await self._send_snapshot()

    async def _watch_idle(self) -> None:
        """A page that waits for nothing needs no socket; it opens one when it does."""
        limit = settings.ARENA_LIVE_SOCKET_IDLE_SECONDS
        while True:
            quiet = asyncio.get_running_loop().time() - self._heard_at
            if quiet >= limit:
                raise Closed(IDLE, "Nothing has happened here for a while.")
            await asyncio.sleep(limit - quiet)


class Newsstand:
    """`kind` is the slice and the adjustment of the table that is read."""

    def __init__(self, kind: tuple[str, str], send: Send) -> None:
        self._kind, self._send = kind, send

    async def serve(self, receive: Receive) -> None:
        # First into the group, then the newest table: nothing falls in between.
        async with _announced(leaderboard.NEWS) as messages:
            newest = await sync_to_async(self._newest, thread_sensitive=False)()
            if newest is not None:
                await self._send(_text({"type": "newest", **newest}))
            await _until_one_ends(self._pass_on(messages), self._listen(receive))

    def _newest(self) -> dict[str, Any] | None:
        try:
            table = leaderboard.latest(*self._kind)
            return leaderboard.told(table) if table else None
        finally:
            close_old_connections()

    async def _pass_on(self, messages: Messages) -> None:
        while True:
            told = (await messages.get())["table"]
            if (told["slice"], told["adjustment"]) == self._kind:
                await self._send(_text({"type": "published", **told}))

    async def _listen(self, receive: Receive) -> None:
        """Readers have nothing to say here."""
        if (await receive())["type"] != "websocket.disconnect":
            raise Closed(MALFORMED, "This is not a message the arena knows.")


async def _until_one_ends(*tasks: Coroutine[Any, Any, None]) -> None:
    """Run all of them until the first ends or fails; then none goes on."""
    work = [asyncio.ensure_future(task) for task in tasks]
    try:
        done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            each.result()
    finally:
        for each in work:
            each.cancel()
        await asyncio.gather(*work, return_exceptions=True)


def _text(frame: dict[str, Any]) -> Message:
    text = json.dumps(frame, separators=(",", ":"))
    return {"type": "websocket.send", "text": text}
