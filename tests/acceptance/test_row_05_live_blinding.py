"""Row 5 of the acceptance table: nothing of a live battle names a model too early."""

import itertools
import json
import re
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from evaluations import events, leaderboard, live, voting
from evaluations.dumps import folder_of, publish_dump
from evaluations.live.pooling import approve
from evaluations.models import Answer, Battle, Contestant, LiveTurn, Prompt
from tests.acceptance.asking import Asker
from tests.acceptance.canaries import use_long_primary_keys
from tests.acceptance.key_search import (
    KINDS,
    command_lines,
    content,
    files,
    fixture,
    found_in,
    public_pages,
    tables,
    text_of,
)
from tests.acceptance.secret_models import (
    FAULTS,
    PATIENT,
    SecretModels,
    make_secret_models,
)
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena

# Nothing publishes a table, so that no page has a name to show.
ARENA_PROGRAMS = ("web", "live")
ARENA_ENVIRON = {
    "ARENA_LIVE_TOKENS_PER_SECOND": "80",
    "ARENA_LIVE_START_MS": "300",
    "ARENA_LIVE_SLOTS": "60",
    "ARENA_ANSWER_BYTES": "3000",
    "ARENA_MAX_INFLIGHT": "100",
}
WORDS = list(FAULTS)
FAILURES = {"http", "transport", "truncated", "malformed", "empty", "too_long"}
STATIC = re.compile(r"/static/[\w./-]+\.(?:js|css)")
IMPORTED = re.compile(r"[\"'](\./[\w./-]+\.js)[\"']")
FEW_PAGES = 20

pytestmark = pytest.mark.usefixtures("same_redis")


@dataclass
class Seen:
    """What all volunteers together got, and what of it was a hint."""

    models: SecretModels
    hints: list[tuple[str, set[str]]] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    told: dict[UUID, set[str]] = field(default_factory=dict)
    one_by_one: Lock = field(default_factory=Lock)

    def look(self, kind: str, text: str, *, where: str = "") -> None:
        with self.one_by_one:
            self.kinds[kind] += 1
        if found := self.models.hints(text):
            self.hints.append((f"{kind} {where}", found))

    def look_for_keys(self, text: str) -> None:
        if found := found_in([("a key", text)], self.models.keys):
            self.hints.append(("after the vote", found))


class Nosy(Asker):
    """A volunteer who looks at every byte until the vote."""

    def __init__(self, url: str, seen: Seen) -> None:
        self.seen, self.voted = seen, False
        super().__init__(url)

    def get(self, path: str, **headers: str) -> Any:
        return self.look(super().get(path, **headers))

    def post(self, path: str, fields: dict[str, Any], *, json: bool = False) -> Any:
        return self.look(super().post(path, fields, json=json))

    def look(self, response: Any) -> Any:
        assert response.status_code < 500, response.text
        text = f"{response.headers.multi_items()}\n{response.text}"
        if self.voted:
            self.seen.look_for_keys(text)
        else:
            kind = f"{response.request.method} {response.status_code}"
            self.seen.look(kind, text, where=str(response.request.url))
        return response

    def look_around(self, battle_id: UUID) -> None:
        for path in ("", "/state"):
            assert self.get(f"/battle/{battle_id}{path}").status_code == 200
        for path in ("/battle", f"/battle?again={battle_id}"):
            assert self.get(path).status_code == 200
        for path in (f"/judge/{battle_id}", f"/judge/{battle_id}/report"):
            self.get(path)

    def look_at_list(self, battle_id: UUID) -> None:
        """One's own battles; where a server's failure ended one, it tells whose."""
        state = self.get(f"/battle/{battle_id}/state").json()
        if state["state"] != "closed" or "given this battle up" in state["sentence"]:
            for path in ("/me", "/me/export"):
                assert self.get(path).status_code == 200

    def vote(self, battle_id: UUID, *, json: bool = False, **changes: str) -> Any:
        fields = {
            "verdict": "a",
            "left": self.left(battle_id),
            "idempotency_key": str(uuid.uuid4()),
            "next": "1",
        }
        return self.post(f"/judge/{battle_id}/vote", fields | changes, json=json)

    def follow(self, battle_id: UUID, *, stop: bool = False) -> str:
        """Watch a turn to its end, whatever happens; say how the battle stands."""
        tries, texts = 0, 0
        with self.socket(battle_id) as socket:
            assert socket.response is not None
            self.seen.look("handshake", str(socket.response.headers))
            for frame in self.frames(socket, seconds=90):
                self.seen.look("frame", frame.text, where=frame.text[:60])
                if '"type":"text"' in frame.text:
                    texts += 1
                    self.meddle(battle_id, socket, texts, stop=stop)
                if frame.state == "failed":
                    tries += 1
                    self.look_around(battle_id)
                    self.act(battle_id, "retry" if tries < 3 else "leave")
                if frame.state in ("ready", "closed"):
                    return frame.state
        raise AssertionError("the frames came to an end")

    def meddle(
        self, battle_id: UUID, socket: ClientConnection, texts: int, *, stop: bool
    ) -> None:
        """What a page does while the answers grow."""
        if texts == 2 and stop:
            self.act(battle_id, "stop")
        elif texts == 4:
            socket.send('{"type":"resync"}')
            for path in ("", "/state"):
                self.get(f"/battle/{battle_id}{path}")

    def pester(self, battle_id: UUID) -> None:
        """All that is refused before the answers are there, as page and as problem."""
        self.look_at_list(battle_id)
        for as_json in (False, True):
            question = {"prompt": "And may I ask this too?"}
            assert self.post("/battle", question, json=as_json).status_code == 409
            personal = {"prompt": "Mail to ada@lovelace-family.org"}
            assert self.post("/battle", personal, json=as_json).status_code == 422
            assert self.post("/battle", {"prompt": ""}, json=as_json).status_code == 400
            assert self.vote(battle_id, json=as_json).status_code == 409
            assert self.vote(battle_id, json=as_json, verdict="c").status_code == 400
            for act in ("retry", "say"):
                told = self.post(f"/battle/{battle_id}/{act}", question, json=as_json)
                assert told.status_code == 409
            nobodys = f"/battle/{uuid.uuid4()}/stop"
            assert self.post(nobodys, {}, json=as_json).status_code == 404
            undone = self.post(f"/judge/{battle_id}/undo", {}, json=as_json)
            assert undone.status_code == 404
            assert self.get(f"/battle/{battle_id}/say").status_code == 405
        self.get(f"/battle/{battle_id}/state", Accept="text/html")
        right, self.secret_of_form = self.secret_of_form, "wrong"
        assert self.act(battle_id, "stop").status_code == 403
        self.secret_of_form = right


@pytest.fixture(scope="module")
def quiet(arena: LiveArena) -> LiveArena:
    """An arena whose own numbers are long, so that one is not found by chance."""
    use_long_primary_keys()
    return arena


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def seen(quiet: LiveArena, server: ModelServer) -> Seen:
    return Seen(make_secret_models(server))


@pytest.mark.parametrize(
    "battles",
    [
        60,
        pytest.param(300, marks=pytest.mark.slow),
        pytest.param(1000, marks=pytest.mark.slow),
    ],
)
def test_nothing_names_a_model_before_the_vote_and_nothing_ever_a_key(
    quiet: LiveArena, server: ModelServer, seen: Seen, settings: Any, battles: int
):
    with Nosy(quiet.url, seen) as guest:
        read_scripts(guest)
        refuse_sockets(guest)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(partial(take_part, server, quiet.url, seen), range(battles)))
    settings.ARENA_UNDO_SECONDS = 0

    kinds_of_failure = set(Answer.objects.values_list("error_kind", flat=True))
    print(battles, seen.ends, seen.kinds, kinds_of_failure)
    assert seen.hints == []
    assert seen.told == truth(seen.told)
    assert found_in(everywhere(quiet), seen.models.keys) == set()
    assert seen.ends.total() == battles
    assert seen.ends["voted"] > battles * 0.75
    assert seen.kinds["frame"] > 10 * battles
    assert seen.kinds["handshake"] > battles
    assert seen.kinds["POST 409"] > battles
    assert len(kinds_of_failure & FAILURES) >= (3 if battles < 100 else len(FAILURES))


def take_part(server: ModelServer, url: str, seen: Seen, number: int) -> None:
    """One battle of one volunteer; every fifth meets a fault."""
    word = WORDS[number // 5 % len(WORDS)] if number % 5 == 0 else "sound"
    word = PATIENT if number % 5 == 1 else word
    question = f"What is a {word} answer to {number}?"
    with Nosy(url, seen) as nosy:
        nosy.get("/battle")
        told = {"publish": "yes"} if number % 2 else {}
        battle_id = nosy.ask(question, **told)
        if word == PATIENT:
            nosy.pester(battle_id)
            server.let_go(question)
        end = nosy.follow(battle_id, stop=word == "stalled")
        nosy.look_around(battle_id)
        if end == "ready" and number % 6 == 1:
            nosy.act(battle_id, "say", prompt="And why is that?")
            end = nosy.follow(battle_id)
            nosy.look_around(battle_id)
        nosy.look_at_list(battle_id)
        if end == "ready":
            end = judge(nosy, battle_id, json=number % 3 == 0)
        with seen.one_by_one:
            seen.ends[end] += 1


def judge(nosy: Nosy, battle_id: UUID, *, json: bool) -> str:
    """Vote; note what is told now, for the same search has to find that."""
    nosy.voted = True
    reply = nosy.vote(battle_id, json=json)
    assert reply.status_code == (200 if json else 302), reply.text
    page = nosy.get(f"/judge/{battle_id}")
    nosy.seen.told[battle_id] = nosy.seen.models.hints(page.text)
    return "voted"


def truth(told: Iterable[UUID]) -> dict[UUID, set[str]]:
    """Who answered in these battles."""
    battles = Battle.objects.select_related("contestant_x", "contestant_y")
    return {
        battle.public_id: {battle.contestant_x.slug, battle.contestant_y.slug}
        for battle in battles.filter(public_id__in=list(told))
    }


def read_scripts(guest: Nosy) -> None:
    """Every script and style of the pages, with those that they import."""
    waiting = set(STATIC.findall(guest.get("/battle").text))
    waiting |= set(STATIC.findall(guest.get("/").text))
    read: set[str] = set()
    while waiting - read:
        path = (waiting - read).pop()
        read.add(path)
        text = guest.get(path).text
        folder = path.rpartition("/")[0]
        waiting |= {folder + found[1:] for found in IMPORTED.findall(text)}
    assert len(read) > 10


def refuse_sockets(guest: Nosy) -> None:
    """What a WebSocket says to those who have no business there."""
    battle_id = guest.ask("What is a sound answer to a stranger?")
    with Nosy(guest.url, guest.seen) as stranger:
        assert refused(stranger, battle_id, "") == 4404
    assert refused(guest, battle_id, "nonsense") == 4400
    with guest.socket(battle_id) as socket:
        socket.send('{"type":"vote"}')
        frames = guest.frames(socket)
        for frame in itertools.takewhile(lambda f: "error" not in f.text, frames):
            guest.seen.look("frame", frame.text)
    assert guest.act(battle_id, "leave").status_code == 302
    guest.look_around(battle_id)


def refused(nosy: Nosy, battle_id: UUID, word: str) -> int | None:
    with nosy.socket(battle_id) as socket:
        if word:
            socket.send(word)
        with pytest.raises(ConnectionClosed) as closed:
            for frame in nosy.frames(socket, seconds=20):
                nosy.seen.look("frame", frame.text)
    nosy.seen.look("close", str(closed.value))
    return closed.value.rcvd.code if closed.value.rcvd else None


def everywhere(arena: LiveArena) -> Iterator[tuple[str, str]]:
    """All that is kept and printed, after the votes have been counted."""
    yield from ((f"log of {name}", arena.log(name)) for name in arena.processes)
    approve(prompts=Prompt.objects.filter(state=Prompt.State.PENDING))
    voting.settle_votes()
    leaderboard.publish()
    dump = publish_dump()
    for path in files(folder_of(dump.version)):
        yield "dump", content(path)
    yield "fixture", fixture()
    yield from (("database", text) for text in tables())
    yield from (("command line", text) for text in command_lines())
    client = Client()
    client.force_login(
        User.objects.get_or_create(username="ada", is_superuser=True, is_staff=True)[0]
    )
    yield from (("public page", text_of(client, path)) for path in public_pages())
    yield from (("admin page", text_of(client, path)) for path in admin_pages())


def admin_pages() -> Iterator[str]:
    """Every list, every model, and some battles and answers, failed ones first."""
    for kind in KINDS:
        yield reverse(f"admin:evaluations_{kind}_changelist")
    for pk in Contestant.objects.active().values_list("pk", flat=True):
        for page in ("change", "history"):
            yield reverse(f"admin:evaluations_contestant_{page}", args=[pk])
    for pk in Answer.objects.order_by("state").values_list("pk", flat=True)[:FEW_PAGES]:
        yield reverse("admin:evaluations_answer_change", args=[pk])
    for pk in Battle.objects.order_by("state").values_list("pk", flat=True)[:FEW_PAGES]:
        yield reverse("admin:evaluations_battle_change", args=[pk])


@pytest.mark.parametrize(
    "hint",
    [
        lambda planted, key: {"served_model": f"{planted.slug}-served"},
        lambda planted, key: {"generation_id": f"chatcmpl-{planted.slug}"},
        lambda planted, key: {"error": f"No answer from {planted.base_url}"},
        lambda planted, key: {"system": planted.parameters["system"].upper()},
        lambda planted, key: {"contestant": planted.pk},
        lambda planted, key: {"error": f"Incorrect API key provided: {key}"},
    ],
    ids=["served model", "generation id", "address", "system prompt", "row", "key"],
)
def test_the_same_search_finds_a_hint_in_a_frame(
    quiet: LiveArena, seen: Seen, hint: Any
):
    planted = hint(seen.models.contestants[0], seen.models.keys[0])
    with Nosy(quiet.url, seen) as nosy:
        battle_id = nosy.ask("What is a sound answer?")
        assert nosy.follow(battle_id) == "ready"
        assert seen.hints == []
        with nosy.socket(battle_id) as socket:
            frames = nosy.frames(socket)
            next(frames)
            text = json.dumps({"type": "text", "side": "a", **planted})
            message = {"type": "frames", "texts": [text]}
            events.announce(live.group_of(battle_id), message)
            for frame in frames:
                seen.look("frame", frame.text, where="planted")
                if seen.hints:
                    break
    assert [where for where, _ in seen.hints] == ["frame planted"]


def test_the_same_search_finds_a_hint_in_the_page_and_its_state(
    quiet: LiveArena, seen: Seen
):
    with Nosy(quiet.url, seen) as nosy:
        battle_id = nosy.ask("What is a stalled answer?")
        turn = LiveTurn.objects.filter(turn__battle__public_id=battle_id)
        nosy.follow(battle_id, stop=True)
        assert seen.hints == []
        canary = seen.models.contestants[0].slug
        answers = turn.values_list("turn__answer_x", flat=True)
        Answer.objects.filter(pk__in=list(answers)).update(
            html=f"<p>I am {canary}.</p>"
        )
        Battle.objects.filter(public_id=battle_id).update(state=Battle.State.READY)
        turn.update(done_at="2026-01-01T00:00Z")

        nosy.get(f"/battle/{battle_id}")
        nosy.get(f"/battle/{battle_id}/state")

    assert [found for _, found in seen.hints] == [{canary}, {canary}]
