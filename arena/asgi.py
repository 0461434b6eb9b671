"""HTTP and WebSocket, one application for the ASGI server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arena.settings")
# A page must not hang on the database; workers and commands may take their time.
os.environ.setdefault("DB_STATEMENT_SECONDS", "10")

import django
from channels.routing import ProtocolTypeRouter
from django.conf import settings

from arena.handler import ThreadedHandler
from arena.shedding import Message, Receive, Send, Shedding

django.setup(set_prefix=False)


async def refuse(scope: Message, receive: Receive, send: Send) -> None:
    """Close a WebSocket at its handshake: no page opens one."""
    await send({"type": "websocket.close"})


application = Shedding(
    ProtocolTypeRouter(
        {"http": ThreadedHandler(threads=settings.WEB_THREADS), "websocket": refuse}
    ),
    limit=settings.ARENA_MAX_INFLIGHT,
)
