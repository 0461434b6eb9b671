"""Django behind ASGI: a request goes its whole way through Django in one thread.

Django's own handler changes between the event loop and a thread at every step (start,
middlewares, view, end) and makes a thread for each request, with connections to the
database and to Redis of its own; that costs as much as the queries of a page. Here all
views and middlewares are synchronous, so one change is enough, and the threads stay.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.urls import set_script_prefix

from arena.shedding import Message


class ThreadedHandler(ASGIHandler):
    def __init__(self, *, threads: int) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with body:
            run = asyncio.get_running_loop().run_in_executor
            response = await run(self._threads, self._respond, scope, body)
            if response.streaming:
                await self._stream(response, receive, send)
                await run(self._threads, response.close)
            else:
                await self.send_response(response, send)

    def _respond(self, scope: Message, body: Any) -> Any:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = self.get_response(request) if request else refusal
        response._handler_class = type(self)
        if not response.streaming:
            # All is known: the connections go back before a slow reader is served.
            response.close()
        return response

    async def _stream(self, response: Any, receive: Any, send: Any) -> None:
        """Send piece by piece, and stop when the reader has gone."""
        sending = asyncio.ensure_future(self.send_response(response, send))
        # After the body nothing but the disconnection can come.
        leaving = asyncio.ensure_future(receive())
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        sending.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        try:
            await sending
        except asyncio.CancelledError:
            # The reader has gone.
            return
