import asyncio

from arena.shedding import Shedding

HTTP = {"type": "http", "path": "/judge"}


class Recorder:
    def __init__(self):
        self.messages = []

    async def __call__(self, message):
        self.messages.append(message)

    @property
    def status(self):
        return self.messages[0]["status"] if self.messages else None


async def receive():
    return {"type": "http.request"}


def test_requests_beyond_the_limit_are_turned_away_at_once():
    async def scenario():
        go_on = asyncio.Event()

        async def slow(scope, receive, send):
            await go_on.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        application = Shedding(slow, limit=2)
        served = [Recorder(), Recorder()]
        tasks = [
            asyncio.create_task(application(HTTP, receive, each)) for each in served
        ]
        await asyncio.sleep(0)
        refused, file = Recorder(), Recorder()
        await application(HTTP, receive, refused)
        static = asyncio.create_task(
            application({"type": "http", "path": "/static/app.css"}, receive, file)
        )
        go_on.set()
        await asyncio.gather(*tasks, static)
        late = Recorder()
        await application(HTTP, receive, late)
        return served, refused, file, late

    served, refused, file, late = asyncio.run(scenario())

    assert [each.status for each in served] == [200, 200]
    assert refused.status == 503
    assert (b"retry-after", b"2") in refused.messages[0]["headers"]
    assert file.status == 200
    assert late.status == 200


def test_a_request_that_fails_gives_its_place_back():
    async def scenario():
        async def broken(scope, receive, send):
            raise ValueError

        application = Shedding(broken, limit=1)
        for _ in range(3):
            try:
                await application(HTTP, receive, Recorder())
            except ValueError:
                continue
            return False
        return True

    assert asyncio.run(scenario())


def test_an_answer_that_has_begun_takes_no_place():
    async def scenario():
        go_on = asyncio.Event()

        async def download(scope, receive, send):
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await go_on.wait()

        application = Shedding(download, limit=1)
        first, second = Recorder(), Recorder()
        slow = asyncio.create_task(application(HTTP, receive, first))
        await asyncio.sleep(0)
        go_on.set()
        await application(HTTP, receive, second)
        await slow
        return first, second

    first, second = asyncio.run(scenario())

    assert (first.status, second.status) == (200, 200)
