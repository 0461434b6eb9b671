"""HTTP and WebSocket, one application for the ASGI server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arena.settings")
# A page must not hang on the database; workers and commands may take their time.
os.environ.setdefault("DB_STATEMENT_SECONDS", "10")

from channels.routing import ProtocolTypeRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

from arena.shedding import Message, Receive, Send, Shedding


async def refuse(scope: Message, receive: Receive, send: Send) -> None:
    """Close a WebSocket at its handshake: no page opens one."""
    await send({"type": "websocket.close"})


application = Shedding(
    ProtocolTypeRouter({"http": get_asgi_application(), "websocket": refuse}),
    limit=settings.ARENA_MAX_INFLIGHT,
)
