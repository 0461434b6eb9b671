"""Every refusal has its status and says why: as a page, as problem details."""

import json
import uuid

import pytest
from django.core.cache import cache
from django.utils import timezone

from evaluations.models import Battle, Vote
from tests.factories import make_battle
from tests.views.browsing import judge_with_consent

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def _forget_reservations():
    cache.clear()


@pytest.fixture
def battle():
    return make_battle()


@pytest.fixture
def visit(battle):
    return judge_with_consent()


def post(visit, address, body=None, **headers):
    """Send JSON as a program does, with the page's CSRF token."""
    token = visit.forms()[0]["fields"]["csrfmiddlewaretoken"]
    return visit.client.post(
        address,
        body if isinstance(body, str | bytes) else json.dumps(body or {}),
        content_type="application/json",
        headers={"Accept": "application/json", "X-CSRFToken": token, **headers},
    )


def ballot_of(visit, **changes):
    """The vote that the page would send."""
    fields = next(f for f in visit.forms() if f["action"].endswith("/vote"))["fields"]
    vote = {"verdict": "a", "left": fields["left"], "idempotency_key": "key-1"}
    return vote | changes


def refused(response, status, reason=None):
    assert response.status_code == status
    assert response["Content-Type"] == PROBLEM
    told = response.json()
    assert told["status"] == status
    assert told["detail"]
    if reason:
        assert told["reason"] == reason


def test_an_unknown_battle(visit):
    address = f"/judge/{uuid.uuid4()}/vote"

    refused(post(visit, address, ballot_of(visit)), 404, "battle-unknown")
    assert visit.get(f"/judge/{uuid.uuid4()}").status_code == 404
    assert "There is no such pair." in visit.text


def test_a_withdrawn_battle(visit, battle):
    vote = ballot_of(visit)
    Battle.objects.update(withdrawn_at=timezone.now(), withdrawn_reason="broken")

    refused(post(visit, f"/judge/{battle.public_id}/vote", vote), 410)
    assert visit.send("/vote", verdict="a").status_code == 410
    assert "withdrawn" in visit.text


def test_a_vote_before_both_answers_are_complete(visit, battle):
    vote = ballot_of(visit)
    Battle.objects.update(state="waiting")

    refused(post(visit, f"/judge/{battle.public_id}/vote", vote), 409)
    assert not Vote.objects.exists()


def test_a_pair_that_could_not_be_completed(visit, battle):
    Battle.objects.update(state="failed")

    page = visit.get(f"/judge/{battle.public_id}")

    assert page.status_code == 409
    assert "Refresh" not in page
    assert "This pair could not be completed; please take the next one." in visit.text
    assert 'href="/judge"' in visit.text.partition("could not be completed")[2]


def test_a_second_vote(visit, battle):
    address = f"/judge/{battle.public_id}/vote"
    vote = ballot_of(visit)
    assert post(visit, address, vote).status_code == 200

    second = post(visit, address, vote | {"idempotency_key": "key-2"})

    refused(second, 409, "already-voted")


def test_a_key_of_another_vote(visit, battle):
    address = f"/judge/{battle.public_id}/vote"
    vote = ballot_of(visit)
    post(visit, address, vote)

    refused(post(visit, address, vote | {"verdict": "b"}), 409, "key-reused")


def test_a_wrong_side(visit, battle):
    vote = ballot_of(visit)
    vote["left"] = "y" if vote["left"] == "x" else "x"

    refused(post(visit, f"/judge/{battle.public_id}/vote", vote), 409, "wrong-side")


def test_no_consent(battle):
    visit = judge_with_consent()
    vote = ballot_of(visit)
    del visit.client.cookies["arena_visitor"]

    refused(post(visit, f"/judge/{battle.public_id}/vote", vote), 403, "consent-needed")


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "c"},
        {"verdict": "a\0"},
        {"verdict": ["a"]},
        {"verdict": None},
        {"left": "z"},
        {"left": "x" * 10_000},
        {"idempotency_key": "k" * 81},
        {"idempotency_key": "k" * 100_000},
        {"idempotency_key": ""},
        {"idempotency_key": "\0"},
        {"idempotency_key": "\ud800"},
        {"idempotency_key": {"a": 1}},
        {"reading_ms": "soon"},
        {"reading_ms": 1e400},
        {"reading_ms": "9" * 5000},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_a_malformed_vote(visit, battle, changes):
    vote = ballot_of(visit, **changes)

    response = post(visit, f"/judge/{battle.public_id}/vote", vote)

    assert response.status_code in (200, 400)
    if changes != {"idempotency_key": {"a": 1}}:
        refused(response, 400)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"[" * 100_000, b'"text"', b""])
def test_a_body_that_is_no_json_object(visit, battle, body):
    refused(post(visit, f"/judge/{battle.public_id}/vote", body), 400)


def test_an_over_long_header(visit, battle):
    vote = ballot_of(visit)
    del vote["idempotency_key"]
    address = f"/judge/{battle.public_id}/vote"

    refused(post(visit, address, vote, **{"Idempotency-Key": "k" * 81}), 400)


def test_a_body_that_is_too_large(visit, battle):
    vote = ballot_of(visit, idempotency_key="k" * 300_000)

    refused(post(visit, f"/judge/{battle.public_id}/vote", vote), 400)


@pytest.mark.parametrize(
    "address", ["/judge/7", "/judge/%00", "/judge/..", "/judge/" + "a" * 5000]
)
def test_an_address_that_is_no_battle(visit, address):
    assert visit.client.get(address).status_code == 404
    refused(visit.client.get(address, headers={"Accept": "application/json"}), 404)


@pytest.mark.parametrize("act", ["vote", "undo", "reasons", "skip"])
def test_acts_are_posted(visit, battle, act):
    address = f"/judge/{battle.public_id}/{act}"

    refused(visit.client.get(address, headers={"Accept": "application/json"}), 405)
    page = visit.client.get(address)

    assert page.status_code == 405
    assert page["Allow"] == "POST"


@pytest.mark.parametrize("act", ["vote", "undo", "reasons", "skip", "report"])
def test_acts_need_the_form_secret(visit, battle, act):
    response = visit.client.post(f"/judge/{battle.public_id}/{act}", {"verdict": "a"})

    assert response.status_code == 403
    assert "open for too long" in response.content.decode()


@pytest.mark.parametrize("act", ["undo", "reasons"])
def test_acts_on_a_vote_that_is_not_there(visit, battle, act):
    address = f"/judge/{battle.public_id}/{act}"

    refused(post(visit, address), 404, "vote-unknown")


@pytest.mark.parametrize(
    "body",
    [
        {"reasons": ["fast"]},
        {"reasons": "clear"},
        {"comment": "x" * 501},
        {"comment": "\ud800"},
        {"comment": "a\0b"},
    ],
)
def test_bad_reasons(visit, battle, body):
    post(visit, f"/judge/{battle.public_id}/vote", ballot_of(visit))

    refused(post(visit, f"/judge/{battle.public_id}/reasons", body), 400)


@pytest.mark.parametrize("body", [{}, {"reason": "boring"}, {"reason": "other\0"}])
def test_a_report_without_a_known_reason(visit, battle, body):
    refused(post(visit, f"/judge/{battle.public_id}/report", body), 400)


def test_a_skip_for_an_unknown_reason(visit, battle):
    refused(post(visit, f"/judge/{battle.public_id}/skip", {"reason": "dull"}), 400)


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("/judge/{}/vote", {"verdict": "\ud800"}),
        ("/judge/{}/reasons", {"reasons": ["\ud800"]}),
        ("/judge/{}/skip", {"reason": "\udfff"}),
        ("/judge/{}/report", {"reason": "\ud800"}),
        ("/judge/{}/report", {"reason": "other", "unheard-of \ud800": {}}),
        ("/consent", {"agree": "", "verdict": "\ud800"}),
        ("/consent", {"agree": "yes", "battle": "\ud800"}),
    ],
)
def test_half_characters_in_any_field(visit, battle, address, body):
    where = address.format(battle.public_id)

    refused(post(visit, where, body), 400)
    page = post(visit, where, body, Accept="text/html")

    assert page.status_code == 400
    assert "not valid Unicode" in page.content.decode()


def test_a_forged_cookie_is_a_stranger(battle):
    visit = judge_with_consent()
    vote = ballot_of(visit)
    visit.client.cookies["arena_visitor"] = "somebody:else:forged"

    refused(post(visit, f"/judge/{battle.public_id}/vote", vote), 403)
