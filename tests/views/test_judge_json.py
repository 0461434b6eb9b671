"""The vote as JSON, as the page's own script and other programs send it."""

import uuid

import pytest
from django.core.cache import cache

from evaluations.models import Vote
from tests.factories import make_battle, make_contestant
from tests.views.browsing import Visit, judge_with_consent
from tests.views.test_judge_refusals import ballot_of, post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_reservations():
    cache.clear()


@pytest.fixture
def battle():
    larch = make_contestant(name="Larch", parameters_b="1.5")
    return make_battle(larch, make_contestant(name="Rowan"))


@pytest.fixture
def visit(battle):
    return judge_with_consent()


def test_the_answer_reveals_both_sides(visit, battle):
    told = post(visit, f"/judge/{battle.public_id}/vote", ballot_of(visit)).json()

    assert told["battle"] == str(battle.public_id)
    assert (told["verdict"], told["state"], told["repeated"]) == ("a", "pending", False)
    assert {told["a"]["name"], told["b"]["name"]} == {"Larch", "Rowan"}
    assert {told["a"]["parameters_b"], told["b"]["parameters_b"]} == {1.5, None}
    assert 0 < told["undo_seconds"] <= 8
    assert told["others"] is None
    assert told["session"]["today"] == 1
    assert "html" not in told
    assert "next" not in told


def test_the_same_key_gives_the_first_result_again(visit, battle):
    address = f"/judge/{battle.public_id}/vote"
    vote = ballot_of(visit)
    first = post(visit, address, vote)

    again = post(visit, address, vote)

    assert again.status_code == first.status_code == 200
    assert again.json()["repeated"]
    assert again.json()["a"] == first.json()["a"]
    assert Vote.objects.count() == 1


def test_the_key_may_come_as_a_header(visit, battle):
    vote = ballot_of(visit)
    del vote["idempotency_key"]
    address = f"/judge/{battle.public_id}/vote"

    told = post(visit, address, vote, **{"Idempotency-Key": "from-the-header"})

    assert told.status_code == 200
    assert Vote.objects.get().idempotency_key == "from-the-header"


def test_a_form_body_may_ask_for_json(visit, battle):
    form = next(f for f in visit.forms() if f["action"].endswith("/vote"))

    response = visit.client.post(
        form["action"],
        form["fields"] | {"verdict": "b"},
        headers={"Accept": "application/json"},
    )

    assert response.json()["verdict"] == "b"


def test_the_open_page_gets_the_reveal_and_the_next_pair(visit, battle):
    following = make_battle(make_contestant(name="Alder"))
    vote = ballot_of(visit, next=1)

    told = post(visit, f"/judge/{battle.public_id}/vote", vote).json()

    assert set(told["html"]) == {"a", "b", "bar"}
    assert "You preferred" in told["html"]["bar"]
    assert told["next"]["url"] == f"/judge/{following.public_id}"
    assert "Which answer would you rather have received?" in told["next"]["bar"]
    assert "Alder" not in told["next"]["pair"] + told["next"]["bar"]


def test_after_the_last_pair_there_is_only_an_address(visit, battle):
    vote = ballot_of(visit, next=1)

    told = post(visit, f"/judge/{battle.public_id}/vote", vote).json()

    assert told["next"] == {"url": "/judge"}


def test_the_end_of_a_session_leads_to_the_pause(visit, battle, settings):
    settings.ARENA_SESSION_LENGTH = 1
    make_battle()
    vote = ballot_of(visit, next=1)

    told = post(visit, f"/judge/{battle.public_id}/vote", vote).json()

    assert told["next"] == {"url": "/judge/pause"}
    assert told["session"]["finished"]


def test_undo_hands_out_the_key_of_the_vote_to_come(visit, battle):
    address = f"/judge/{battle.public_id}"
    post(visit, f"{address}/vote", ballot_of(visit))

    undone = post(visit, f"{address}/undo").json()
    key = undone["idempotency_key"]
    again = post(visit, f"{address}/vote", ballot_of(visit, idempotency_key=key))

    assert uuid.UUID(key)
    assert again.json()["repeated"] is False
    assert Vote.objects.standing().count() == 1


def test_reasons_are_saved_at_each_tap(visit, battle):
    address = f"/judge/{battle.public_id}"
    post(visit, f"{address}/vote", ballot_of(visit))

    post(visit, f"{address}/reasons", {"reasons": ["clear"], "comment": "a note"})
    told = post(visit, f"{address}/reasons", {"reasons": ["clear", "safe"]}).json()

    assert told == {"reasons": ["clear", "safe"], "comment": "a note"}


@pytest.mark.parametrize(
    ("act", "body"), [("skip", {}), ("report", {"reason": "unsafe"})]
)
def test_passing_by_brings_the_next_pair(visit, battle, act, body):
    following = make_battle()

    told = post(visit, f"/judge/{battle.public_id}/{act}", body).json()

    assert told["next"]["url"] == f"/judge/{following.public_id}"
    assert told["next"]["pair"]


def test_consent_is_given_as_json_too(battle):
    visit = Visit()
    visit.get("/judge")
    fields = ballot_of(visit)
    assert post(visit, f"{visit.address}/vote", fields).status_code == 403

    agreed = post(visit, "/consent", {"agree": True})

    assert agreed.json()["consented"] is True
    assert post(visit, f"{visit.address}/vote", fields).status_code == 200


def test_consent_without_the_tick_is_refused(visit):
    assert post(visit, "/consent", {}).status_code == 400
