"""The judge page as plain forms and links (UX J19, J20)."""

import pytest
from django.core.cache import cache

from evaluations.models import Battle, Report, Skip, Volunteer, Vote
from tests.factories import make_battle, make_contestant, make_visitor, vote_for
from tests.views.browsing import Visit, judge_with_consent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_reservations():
    cache.clear()


def test_the_queue_hands_out_a_pair_at_its_own_address():
    battle = make_battle()

    visit = Visit()
    visit.get("/judge")

    assert visit.address == f"/judge/{battle.public_id}"
    assert visit.response["Cache-Control"].count("no-store") == 1
    assert "private" in visit.response["Cache-Control"]


def test_weights_are_called_open_only_where_they_are_known_to_be():
    make_battle(
        make_contestant(provider="openai", maker="Wetlands", open_weights=True),
        make_contestant(provider="openai", maker="Grove"),
    )
    visit = judge_with_consent()

    visit.send("/vote", verdict="a")

    assert "Wetlands · open weights</span>" in visit.text
    assert "Grove</span>" in visit.text


def test_the_first_vote_asks_for_consent_and_is_not_lost():
    make_battle()
    visit = Visit()
    visit.get("/judge")

    asked = visit.send("/vote", verdict="tie")
    assert asked.status_code == 403
    assert not Vote.objects.exists()
    visit.send("/consent", agree="yes")

    assert Vote.objects.get().verdict == "tie"
    assert "You called it a tie between" in visit.text


def test_an_unticked_box_is_no_consent_and_keeps_the_vote():
    make_battle()
    visit = Visit()
    visit.get("/judge")
    visit.send("/vote", verdict="b")

    unticked = visit.send("/consent")
    assert unticked.status_code == 400
    visit.send("/consent", agree="yes")

    assert Vote.objects.get().verdict == "b"


def test_the_cookie_outlives_the_browser_only_after_consent():
    make_battle()
    visit = Visit()
    visit.get("/judge")
    visit.send("/vote", verdict="b")
    cookie = visit.client.cookies["arena_visitor"]
    before = cookie.value.split(":")[0]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")

    visit.send("/consent", agree="yes")

    cookie = visit.client.cookies["arena_visitor"]
    assert cookie["max-age"] == 365 * 24 * 3600
    assert cookie.value.split(":")[0] == before


def test_the_cookie_is_kept_though_the_carried_vote_is_refused():
    battle = make_battle()
    visit = Visit()
    visit.get("/judge")
    visit.send("/vote", verdict="b")
    Battle.objects.update(withdrawn_at=battle.opened_at, withdrawn_reason="broken")

    refused = visit.send("/consent", agree="yes")

    assert refused.status_code == 410
    assert visit.client.cookies["arena_visitor"]["max-age"] == 365 * 24 * 3600


def test_the_consent_box_is_not_ticked_beforehand():
    visit = Visit()
    visit.get("/consent")

    box = visit.text.partition('name="agree"')[2].partition(">")[0]

    assert "checked" not in box


def test_nothing_is_stored_before_consent():
    battle = make_battle()
    visit = Visit()
    visit.get("/judge")

    visit.send("/vote", verdict="a")
    visit.get(f"/judge/{battle.public_id}")
    visit.send("/skip")

    stored = [rows.objects.count() for rows in (Vote, Skip, Volunteer)]
    assert stored == [0, 0, 0]


def test_a_vote_leads_to_the_reveal_and_back_leads_there_too():
    x, y = make_contestant(name="Larch"), make_contestant(name="Rowan")
    make_battle(x, y)
    visit = judge_with_consent()
    assert "Larch" not in visit.text
    ballot_address = visit.address

    visit.send("/vote", verdict="a")
    assert visit.address == ballot_address
    assert "Larch" in visit.text
    assert "Rowan" in visit.text
    visit.get(ballot_address)

    assert "You preferred" in visit.text


def test_the_side_called_a_is_the_one_that_stood_left():
    x, y = make_contestant(name="Larch"), make_contestant(name="Rowan")
    make_battle(x, y)
    visit = judge_with_consent()

    visit.send("/vote", verdict="a")

    vote = Vote.objects.get()
    won, lost = ("Larch", "Rowan") if vote.left == "x" else ("Rowan", "Larch")
    assert f"You preferred <b>{won}</b> over <b>{lost}</b>." in visit.text


def test_undo_gives_the_ballot_back_and_another_vote_is_taken():
    make_battle()
    visit = judge_with_consent()
    visit.send("/vote", verdict="a")

    visit.send("/undo")
    assert "Which answer would you rather have received?" in visit.text
    visit.send("/vote", verdict="both_bad")

    assert Vote.objects.standing().get().verdict == "both_bad"


def test_undo_is_refused_after_its_window(settings):
    make_battle()
    visit = judge_with_consent()
    visit.send("/vote", verdict="a")
    settings.ARENA_UNDO_SECONDS = 0

    late = visit.send("/undo")

    assert late.status_code == 409
    assert "withdraw it under" in visit.text
    assert Vote.objects.standing().count() == 1


def test_reasons_and_note_are_kept():
    make_battle()
    visit = judge_with_consent()
    visit.send("/vote", verdict="a")

    visit.send("/reasons", reasons=["clear", "safe"], comment="short and right")

    vote = Vote.objects.get()
    assert (vote.reasons, vote.comment) == (["clear", "safe"], "short and right")
    assert "short and right" in visit.text


def test_skipping_goes_to_another_pair_and_says_why():
    make_battle()
    make_battle()
    visit = judge_with_consent()
    first = visit.address

    visit.send("/skip", reason="outside_field")

    assert visit.address != first
    assert Skip.objects.get().reason == "outside_field"


def test_a_reported_pair_leaves_the_queue():
    battle = make_battle()
    visit = judge_with_consent()
    visit.get(f"/judge/{battle.public_id}/report")

    visit.send("", reason="broken", comment="cut off")

    assert Report.objects.get().reason == "broken"
    assert "Nothing left to judge" in visit.text


def test_agreement_is_told_from_five_others_on():
    few, many = make_battle(), make_battle()
    for battle, others in ((few, 4), (many, 5)):
        for _ in range(others):
            vote_for(battle, "tie")
    visit = judge_with_consent()

    shown = {}
    for battle in (few, many):
        visit.get(f"/judge/{battle.public_id}")
        visit.send("/vote", verdict="tie")
        shown[battle] = "others judged this pair" in visit.text

    assert shown == {few: False, many: True}
    assert "5 others judged this pair; 5 agreed with you." in visit.text


def test_ten_votes_end_in_a_pause_that_sums_them_up(settings):
    settings.ARENA_SESSION_LENGTH = 2
    x, y = make_contestant(name="Larch"), make_contestant(name="Rowan")
    for _ in range(3):
        make_battle(x, y)
    visit = judge_with_consent()
    assert "Pair 1 of 2" in visit.text
    visit.send("/vote", verdict="a")
    assert "/judge/pause" not in visit.text
    visit.get("/judge")
    assert "Pair 2 of 2" in visit.text

    visit.send("/vote", verdict="a")
    assert "Pair 2 of 2" in visit.text
    assert 'href="/judge/pause"' in visit.text
    visit.get("/judge/pause")

    assert "2 done" in visit.text
    assert "What you preferred" in visit.text


def test_the_pause_before_any_vote_leads_to_the_queue():
    battle = make_battle()

    visit = judge_with_consent()
    visit.get("/judge/pause")

    assert visit.address == f"/judge/{battle.public_id}"


def test_an_empty_queue_says_so():
    visit = Visit()
    visit.get("/judge")

    assert visit.response.status_code == 200
    assert "Nothing left to judge" in visit.text
    assert "Refresh" not in visit.response.headers


def test_while_answers_are_fetched_the_page_looks_again_by_itself():
    make_battle(state=Battle.State.WAITING)

    visit = Visit()
    visit.get("/judge")

    assert "Answers are being fetched" in visit.text
    assert visit.response["Refresh"] == "3"


def test_a_pair_whose_answers_are_awaited_cannot_be_voted_on_yet():
    battle = make_battle(state=Battle.State.WAITING)
    visit = Visit()
    visit.get(f"/judge/{battle.public_id}")

    assert "You can judge as soon as both answers are complete." in visit.text
    assert visit.text.count(" disabled>") == 4
    assert visit.response["Refresh"] == "3"


def test_the_page_of_a_ballot_is_drawn_with_few_queries(django_assert_max_num_queries):
    battle = make_battle()
    visit = Visit()
    visit.get("/judge")

    with django_assert_max_num_queries(4):
        visit.get(f"/judge/{battle.public_id}")


def test_another_visitor_sees_a_ballot_where_one_has_voted():
    battle = make_battle()
    vote_for(battle, visitor=make_visitor())

    visit = Visit()
    visit.get(f"/judge/{battle.public_id}")

    assert "Which answer would you rather have received?" in visit.text
