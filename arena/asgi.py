"""HTTP and WebSocket, one application for the ASGI server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arena.settings")
# A page must not hang on the database; workers and commands may take their time.
os.environ.setdefault("DB_STATEMENT_SECONDS", "10")

import django
from channels.routing import ProtocolTypeRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings

from arena.handler import ThreadedHandler
from arena.shedding import Shedding

django.setup(set_prefix=False)

from evaluations.routing import websockets  # noqa: E402  models need what is set up

application = Shedding(
    ProtocolTypeRouter(
        {
            "http": ThreadedHandler(threads=settings.WEB_THREADS),
            "websocket": AllowedHostsOriginValidator(websockets),
        }
    ),
    limit=settings.ARENA_MAX_INFLIGHT,
)
