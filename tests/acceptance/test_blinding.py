"""Before the vote nothing that reaches a visitor names or hints at a contestant."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import websockets.exceptions
from websockets.sync.client import connect

from evaluations.models import Battle, Prompt, Vote
from tests.acceptance.canaries import (
    Secret,
    make_canary,
    make_secret_battle,
    make_secret_control,
    use_long_primary_keys,
)
from tests.acceptance.visiting import Person
from tests.live import LiveArena

# Nothing publishes a table, so that no page has a name to show.
ARENA_PROGRAMS = ("web",)
# Checks of both kinds are among the pairs, far more often than by default.
ARENA_ENVIRON = {"ARENA_REPEAT_SHARE": "0.2"}
BATTLES, CONTROLS = 200, 40
ADDRESS = re.compile(r"/judge/([0-9a-f-]{36})")


class Spy(Person):
    """A person who keeps every byte, and knows what may not be among them."""

    def __init__(self, url: str, secret: Secret, *, consented: bool = True) -> None:
        self.secret = secret
        self.read: set[uuid.UUID] = set()
        self.voted: set[uuid.UUID] = set()
        self.leaks: list[tuple[str, set[str]]] = []
        self.answers = 0
        super().__init__(url, consented=consented)

    def get(self, path: str, **headers: str) -> Any:
        return self.look(super().get(path, **headers))

    def post(self, path: str, fields: dict[str, Any], *, json: bool = False) -> Any:
        return self.look(super().post(path, fields, json=json))

    def look(self, response: Any) -> Any:
        self.answers += 1
        assert response.status_code < 500, response.text
        text = f"{response.headers.multi_items()}\n{response.text}"
        if leaks := self.secret.leaks(text, voted=self.voted):
            self.leaks.append((str(response.request.url), leaks))
        return response

    def next_battle(self) -> uuid.UUID:
        return self.battle_in(self.get("/judge").headers["Location"])

    def open(self, battle: uuid.UUID) -> None:
        page = self.get(f"/judge/{battle}")
        assert page.status_code == 200
        assert "Answer A" in page.text
        self.read.add(battle)

    def vote(self, battle: uuid.UUID, *, json: bool, **changes: str) -> Any:
        fields = {
            "verdict": "a",
            "left": self.left(battle),
            "idempotency_key": str(uuid.uuid4()),
            "next": "1",
        }
        return self.post(f"/judge/{battle}/vote", fields | changes, json=json)

    @staticmethod
    def battle_in(address: str) -> uuid.UUID:
        found = ADDRESS.search(address)
        assert found is not None, address
        return uuid.UUID(found[1])


@pytest.fixture(scope="module")
def quiet(arena: LiveArena) -> LiveArena:
    """An arena whose own numbers are long, so that one is not found by chance."""
    use_long_primary_keys()
    return arena


@pytest.fixture
def secret() -> Iterator[Secret]:
    yield Secret()
    Battle.objects.update(withdrawn_at="2026-01-01T00:00Z", withdrawn_reason="over")


def test_nothing_hints_at_a_contestant_before_the_vote(
    quiet: LiveArena, secret: Secret
):
    for _ in range(BATTLES + 25 - CONTROLS):
        make_secret_battle(secret)
    for _ in range(CONTROLS):
        make_secret_control(secret)
    with (
        Spy(quiet.url, secret) as judge,
        Spy(quiet.url, secret, consented=False) as guest,
    ):
        look_around(guest)
        judge_them_all(judge)
        meet_errors(judge, secret)
        refuse_a_socket(judge)

        assert judge.leaks == guest.leaks == []
        assert len(judge.read) >= BATTLES
        assert len(judge.voted) >= BATTLES * 3 // 5
        assert judge.answers > 3 * BATTLES
        checks = Vote.objects.filter(battle__mode="control")
        assert checks.filter(battle__repeat_of__isnull=True).count() >= CONTROLS // 4
        assert checks.filter(battle__repeat_of__isnull=False).count() >= 10


def look_around(guest: Spy) -> None:
    """Everything somebody sees who has not agreed to anything."""
    for path in ("/", "/about", "/data", "/me", "/judge/pause", "/api/v1/leaderboard"):
        guest.get(path)
    for json in (False, True) * 5:
        battle = guest.next_battle()
        guest.open(battle)
        assert guest.vote(battle, json=json).status_code == 403
        guest.get(f"/judge/{battle}/report")
        guest.post(f"/judge/{battle}/skip", {}, json=json)


def judge_them_all(judge: Spy) -> None:
    """By form and by JSON, with skips, reports and refused votes between."""
    battle = judge.next_battle()
    for number in range(BATTLES):
        judge.open(battle)
        json = number % 3 != 0
        if number % 5 == 0:
            try_in_vain(judge, battle)
        if number % 7 == 0:
            reply = judge.post(f"/judge/{battle}/skip", {}, json=json)
        elif number % 11 == 0:
            judge.get(f"/judge/{battle}/report")
            reason = {"reason": "other", "comment": "Odd."}
            reply = judge.post(f"/judge/{battle}/report", reason, json=json)
        else:
            judge.voted.add(battle)
            reply = judge.vote(battle, json=json)
        assert reply.status_code == (200 if json else 302)
        following = reply.json()["next"] if json else {}
        if "pair" in following:
            battle = judge.battle_in(following["url"])
        else:
            battle = judge.next_battle()


def try_in_vain(judge: Spy, battle: uuid.UUID) -> None:
    """Votes that are refused, told as pages and as problems."""
    other = {"x": "y", "y": "x"}[judge.left(battle)]
    for json in (False, True):
        assert judge.vote(battle, json=json, left=other).status_code == 409
        assert judge.vote(battle, json=json, verdict="c").status_code == 400
        assert judge.vote(battle, json=json, idempotency_key="").status_code == 400
        assert judge.post(f"/judge/{battle}/undo", {}, json=json).status_code == 404
        reasons = {"reasons": ["clear"]}
        told = judge.post(f"/judge/{battle}/reasons", reasons, json=json)
        assert told.status_code == 404
    assert judge.get(f"/judge/{battle}/vote").status_code == 405
    secret, judge.secret_of_form = judge.secret_of_form, "wrong"
    assert judge.vote(battle, json=True).status_code == 403
    judge.secret_of_form = secret


def meet_errors(judge: Spy, secret: Secret) -> None:
    """Battles that take no votes, and addresses that are none."""
    for values in (
        {"state": "waiting"},
        {"state": "failed"},
        {"withdrawn_at": "2026-01-01T00:00Z", "withdrawn_reason": "named itself"},
    ):
        battle = make_secret_battle(secret, **values).public_id
        for json in (False, True):
            judge.get(f"/judge/{battle}")
            assert judge.vote(battle, json=json).status_code in (409, 410)
    for path in (f"/judge/{uuid.uuid4()}", "/judge/7", "/nowhere", "/me", "/"):
        judge.get(path)
        judge.get(path, Accept="application/json")


def refuse_a_socket(judge: Spy) -> None:
    """No page opens a WebSocket; one that is tried is closed at the handshake."""
    address = judge.url.replace("http", "ws", 1)
    with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
        connect(f"{address}/judge", additional_headers=judge.headers)
    response = refused.value.response
    assert response.status_code == 403
    text = f"{response.headers} {response.body!r}"
    assert judge.secret.leaks(text, voted=set()) == set()


def test_the_same_search_finds_a_control_that_is_named(
    quiet: LiveArena, secret: Secret
):
    planted = make_canary()
    control = make_secret_control(secret)
    secret.keep(control, planted)
    Prompt.objects.filter(pk=control.prompt_id).update(categories=[planted.slug])

    with Spy(quiet.url, secret) as judge:
        judge.open(control.public_id)

    assert len(judge.leaks) == 1


@pytest.mark.parametrize(
    "hint",
    [
        lambda planted: {"categories": [planted.slug]},
        lambda planted: {"categories": [planted.name.upper()]},
        lambda planted: {"categories": [planted.base_url]},
        lambda planted: {"categories": [str(planted.pk)]},
        lambda planted: {"public_id": uuid.uuid1()},
    ],
    ids=["slug", "name", "address", "primary key", "guessable id"],
)
def test_the_same_search_finds_a_hint_beside_the_texts(
    quiet: LiveArena, secret: Secret, hint: Any
):
    planted = make_canary()
    battle = make_secret_battle(secret, **hint(planted))
    secret.keep(battle, planted)

    with Spy(quiet.url, secret) as judge:
        judge.open(battle.public_id)

    assert len(judge.leaks) == 1
