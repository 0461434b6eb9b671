"""Row 14 of the acceptance table: sockets that should not be, or misbehave."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any
from uuid import uuid4

import pytest
import redis
from asgiref.testing import ApplicationCommunicator
from channels.security.websocket import AllowedHostsOriginValidator
from websockets.exceptions import ConnectionClosed

from evaluations.models import LiveBattle, Vote
from evaluations.routing import websockets
from evaluations.volunteers import Visitor
from tests.factories import cookie_of, make_battle, make_visitor
from tests.live import LiveArena, wait_until
from tests.live_battles.dialling import Dial, dialled, refused_status
from tests.live_battles.making import make_live

ARENA_PROGRAMS = ("web",)
ARENA_ENVIRON = {"ARENA_LIVE_SOCKET_IDLE_SECONDS": "2"}
EVIL = "https://evil.example"
MALFORMED = {
    "broken": '{"type": "resync"',
    "empty": "",
    "a list": '["resync"]',
    "a word": '"resync"',
    "nothing": "null",
    "without a type": '{"kind": "resync"}',
    "deep": "[" * 9000,
    "deep objects": '{"type":' * 1500,
    "a number without end": '{"type": ' + "9" * 9000 + "}",
    "bytes": b'{"type": "resync"}',
    "noise": b"\x00\xff\xfe" * 50,
    "ten kilobytes": "x" * 10_000,
}
OTHER_WORDS = [
    {"type": "vote", "verdict": "a", "left": "x", "idempotency_key": "k"},
    {"type": "stop"},
    {"type": ["resync"]},
    {"type": None},
    {"type": "frames", "texts": []},
]


@pytest.fixture(scope="module")
def asker(arena: LiveArena) -> Visitor:
    return make_visitor()


@pytest.fixture(scope="module")
def live(asker: Visitor) -> LiveBattle:
    return make_live(asker, "Why?", end="")


@pytest.fixture(scope="module", autouse=True)
def no_traceback(arena: LiveArena) -> Iterator[None]:
    yield
    for name in arena.processes:
        assert "Traceback" not in arena.log(name), arena.log(name)[-3000:]


@pytest.fixture
def dial(arena: LiveArena, asker: Visitor, live: LiveBattle) -> Iterator[Dial]:
    with dialled(arena.url, live.battle.public_id, visitor=asker) as dial:
        assert dial.frame()["type"] == "snapshot"
        yield dial


def sentences(frames: list[dict[str, Any]]) -> list[str]:
    return [frame["sentence"] for frame in frames if frame["type"] == "error"]


@pytest.mark.parametrize(
    "origin", [EVIL, "null", None, "http://127.0.0.1.evil.example"]
)
def test_a_foreign_page_gets_no_socket(
    arena: LiveArena, asker: Visitor, live: LiveBattle, origin: str | None
):
    battle_id = live.battle.public_id

    status = refused_status(arena.url, battle_id, visitor=asker, origin=origin)

    assert status == 403


def outcome_of_handshake(application: Any, live: LiveBattle, origin: str) -> str:
    async def dialling() -> str:
        scope = {
            "type": "websocket",
            "path": f"/ws/battle/{live.battle.public_id}/",
            "headers": [(b"origin", origin.encode())],
        }
        communicator = ApplicationCommunicator(application, scope)
        await communicator.send_input({"type": "websocket.connect"})
        answer = await communicator.receive_output(5)
        communicator.stop(exceptions=False)
        return str(answer["type"])

    return asyncio.run(dialling())


def test_without_the_validator_the_same_page_would_be_connected(live: LiveBattle):
    guarded = AllowedHostsOriginValidator(websockets)

    assert outcome_of_handshake(guarded, live, EVIL) == "websocket.close"
    assert outcome_of_handshake(websockets, live, EVIL) == "websocket.accept"


@pytest.mark.parametrize(
    "whose", ["nobody", "forged", "a stranger", "another volunteer"]
)
def test_only_its_volunteer_gets_a_battles_frames(
    arena: LiveArena, asker: Visitor, live: LiveBattle, whose: str
):
    cookie = {
        "nobody": "",
        "forged": cookie_of(asker)[:-3] + "abc",
        "a stranger": cookie_of(make_visitor(consented=False)),
        "another volunteer": cookie_of(make_visitor()),
    }[whose]

    with dialled(arena.url, live.battle.public_id, cookie=cookie) as dial:
        code, frames = dial.end()

    assert (code, sentences(frames)) == (4404, ["There is no such pair."])
    assert len(frames) == 1


def test_nothing_stays_behind_for_pages_that_are_gone(
    arena: LiveArena, asker: Visitor, live: LiveBattle
):
    for visitor in (asker, make_visitor()):
        with dialled(arena.url, live.battle.public_id, visitor=visitor) as dial:
            assert dial.frame()["type"] in {"snapshot", "error"}

    wait_until_all_have_left(arena)


def wait_until_all_have_left(arena: LiveArena) -> None:
    with redis.Redis.from_url(arena.valkey.url()) as client:
        wait_until(lambda: client.pubsub_channels("asgi*") == [])


@pytest.mark.parametrize("kind", ["no battle", "one of the queue", "another's"])
def test_a_battle_that_is_not_ones_own_is_not_to_be_found(
    arena: LiveArena, asker: Visitor, kind: str
):
    battle_id = {
        "no battle": uuid4,
        "one of the queue": lambda: make_battle().public_id,
        "another's": lambda: make_live().battle.public_id,
    }[kind]()

    with dialled(arena.url, battle_id, visitor=asker) as dial:
        code, frames = dial.end()

    assert (code, sentences(frames)) == (4404, ["There is no such pair."])


@pytest.mark.parametrize(
    "path", ["/", "/ws/", "/ws/battle/", "/ws/battle/1/", "/ws/battle/../../x/"]
)
def test_an_address_that_leads_nowhere_takes_no_socket(
    arena: LiveArena, asker: Visitor, path: str
):
    assert refused_status(arena.url, "", visitor=asker, path=path) == 403


@pytest.mark.parametrize("message", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_message_closes_the_socket_in_words(
    dial: Dial, message: str | bytes
):
    dial.send(message)

    code, frames = dial.end()

    assert code == 4400
    assert sentences(frames) == ["This is not a message the arena knows."]


def test_text_that_is_no_text_closes_the_socket(dial: Dial):
    dial.send(b"\xff\xfe{}", text=True)

    assert dial.end()[0] == 1007


@pytest.mark.parametrize("words", OTHER_WORDS, ids=lambda words: str(words["type"]))
def test_acts_are_refused_in_words_and_nothing_is_done(
    dial: Dial, live: LiveBattle, words: dict[str, Any]
):
    dial.send(json.dumps(words))

    assert "acts go by the forms" in dial.frame()["sentence"]
    dial.send('{"type": "resync"}')
    assert dial.frame()["type"] == "snapshot"
    assert not Vote.objects.filter(battle=live.battle).exists()


def test_a_vote_for_a_finished_battle_is_refused_in_words(
    arena: LiveArena, asker: Visitor
):
    over = make_live(asker, "How?")

    with dialled(arena.url, over.battle.public_id, visitor=asker) as dial:
        assert dial.frame()["state"] == "closed"
        dial.send('{"type": "vote", "verdict": "a"}')
        assert "acts go by the forms" in dial.frame()["sentence"]

    assert not Vote.objects.filter(battle=over.battle).exists()


@pytest.mark.parametrize("size", [17_000, 1 << 20])
def test_a_message_that_is_too_long_closes_the_socket(dial: Dial, size: int):
    dial.send("x" * size)

    assert dial.end()[0] == 1009


def test_a_message_without_end_is_not_read(dial: Dial):
    with suppress(ConnectionClosed):
        dial.send("x" * (20 << 20))

    # The line may be cut before the close code is through.
    assert dial.end()[0] in {1006, 1009}


def test_a_flood_of_messages_closes_the_socket_in_words(dial: Dial):
    with suppress(ConnectionClosed):
        for _ in range(1000):
            dial.send('{"type": "resync"}')

    code, frames = dial.end()

    assert code == 4429
    assert sentences(frames) == ["Too many messages; please wait a moment."]
    assert len(frames) <= 11


def test_a_battle_is_open_in_six_tabs_at_most(
    arena: LiveArena, asker: Visitor, live: LiveBattle
):
    battle_id = live.battle.public_id
    # Those of the test before, which count as long as they are being closed.
    wait_until_all_have_left(arena)
    with ExitStack() as tabs:
        open_tabs = [
            tabs.enter_context(dialled(arena.url, battle_id, visitor=asker))
            for _ in range(6)
        ]
        with dialled(arena.url, battle_id, visitor=asker) as seventh:
            code, frames = seventh.end()
        assert (code, sentences(frames)) == (
            4429,
            ["This battle is open in too many tabs."],
        )
        assert all(tab.frame()["type"] == "snapshot" for tab in open_tabs)

    wait_until_all_have_left(arena)
    with dialled(arena.url, battle_id, visitor=asker) as again:
        assert again.frame()["type"] == "snapshot"


def test_a_socket_on_which_nothing_happens_is_closed_in_words(dial: Dial):
    code, frames = dial.end()

    assert code == 4408
    assert sentences(frames) == ["Nothing has happened here for a while."]
