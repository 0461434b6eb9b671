import uuid

import pytest
from django.core.cache import cache

from evaluations.models import Vote
from tests.factories import make_battle, make_contestant, vote_for
from tests.views.browsing import Visit, judge_with_consent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_reservations():
    cache.clear()


@pytest.fixture
def visit():
    """A browser that has voted once."""
    make_battle(make_contestant(name="Larch"), make_contestant(name="Rowan"))
    visit = judge_with_consent()
    visit.send("/vote", verdict="a")
    return visit


def test_a_stranger_is_told_what_will_stand_here():
    visit = Visit()
    visit.get("/me")

    assert visit.response.status_code == 200
    assert "No votes yet" in visit.text


def test_the_list_names_verdict_and_models(visit):
    visit.get("/me")

    vote = Vote.objects.get()
    won, lost = ("Larch", "Rowan") if vote.left == "x" else ("Rowan", "Larch")
    assert f"<b>{won}</b> over {lost}" in visit.text
    assert "<b>1</b> today" in visit.text


def test_withdrawing_asks_first_and_then_takes_the_vote_back(visit):
    vote = Vote.objects.get()
    visit.get(f"/me/votes/{vote.public_id}/withdraw")
    assert "Withdraw this vote?" in visit.text
    assert Vote.objects.standing().exists()

    visit.send("")

    assert visit.address == "/me"
    assert "withdrawn" in visit.text
    assert not Vote.objects.standing().exists()


def test_an_undone_vote_is_not_listed(visit):
    visit.send("/undo")

    visit.get("/me")

    assert "No votes yet" in visit.text


def test_others_votes_are_out_of_reach(visit):
    others = vote_for(make_battle())
    token = visit.forms()[0]["fields"]["csrfmiddlewaretoken"]

    for vote_id in (others.public_id, uuid.uuid4()):
        address = f"/me/votes/{vote_id}/withdraw"
        assert visit.get(address).status_code == 404
        posted = visit.client.post(address, {"csrfmiddlewaretoken": token})
        assert posted.status_code == 404

    assert Vote.objects.standing().count() == 2


@pytest.mark.parametrize("page", ["0", "x", "999", "\0"])
def test_any_page_number_is_answered(visit, page):
    assert visit.client.get("/me", {"page": page}).status_code == 200


def test_the_list_takes_few_queries(visit, django_assert_max_num_queries):
    for _ in range(5):
        make_battle()
        visit.get("/judge")
        visit.send("/vote", verdict="tie")

    with django_assert_max_num_queries(4):
        visit.get("/me")
