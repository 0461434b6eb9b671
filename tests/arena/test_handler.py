import asyncio
import threading

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

from arena.handler import ThreadedHandler

pieces_made = []


def thread_name(request):
    return HttpResponse(threading.current_thread().name + request.POST.get("word", ""))


def broken(request):
    raise RuntimeError("a fault of a page")


def endless(request):
    async def pieces():
        while True:
            pieces_made.append(1)
            yield b"more"
            await asyncio.sleep(0.01)

    return StreamingHttpResponse(pieces())


def fault(request):
    return HttpResponse(status=500)


handler500 = fault
urlpatterns = [
    path("thread", thread_name),
    path("broken", broken),
    path("endless", endless),
]


@pytest.fixture(autouse=True)
def own_pages(settings):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]


class Client:
    """One request over ASGI; the client leaves after so many pieces."""

    def __init__(self, address, body=b"", *, leaves_after=None):
        self._requests = [{"type": "http.request", "body": body}]
        self._leaves_after = leaves_after
        self._left = asyncio.Event()
        self.messages = []
        form = b"application/x-www-form-urlencoded"
        self._scope = {
            "type": "http",
            "method": "POST" if body else "GET",
            "path": f"/{address}",
            "headers": [(b"host", b"localhost"), (b"content-type", form)],
            "query_string": b"",
        }

    async def ask(self, handler):
        await asyncio.wait_for(handler(self._scope, self._receive, self._send), 10)
        return self

    async def _receive(self):
        if self._requests:
            return self._requests.pop()
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        self.messages.append(message)
        if len(self.messages) == self._leaves_after:
            self._left.set()

    @property
    def status(self):
        return self.messages[0]["status"]

    @property
    def body(self):
        return b"".join(m.get("body", b"") for m in self.messages)


def test_a_page_is_made_in_a_thread_that_stays():
    async def scenario():
        handler = ThreadedHandler(threads=1)
        first = await Client("thread").ask(handler)
        second = await Client("thread", b"word=!").ask(handler)
        return first, second

    first, second = asyncio.run(scenario())

    assert (first.status, first.body) == (200, b"page_0")
    assert second.body == b"page_0!"


def test_a_fault_of_a_page_is_a_500_and_the_next_page_is_served(caplog):
    async def scenario():
        handler = ThreadedHandler(threads=1)
        return await Client("broken").ask(handler), await Client("thread").ask(handler)

    fault, after = asyncio.run(scenario())

    assert (fault.status, after.status) == (500, 200)
    assert "a fault of a page" in caplog.text


def test_nothing_more_is_read_for_a_reader_who_has_left():
    pieces_made.clear()

    client = asyncio.run(
        Client("endless", leaves_after=4).ask(ThreadedHandler(threads=1))
    )

    assert client.status == 200
    assert 3 <= len(pieces_made) <= 6
