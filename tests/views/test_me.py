import json
import uuid

import pytest
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from evaluations.models import (
    Battle,
    LiveBattle,
    LiveTurn,
    Prompt,
    Report,
    Skip,
    Volunteer,
    Vote,
)
from evaluations.views.me import PAGE_LENGTH
from evaluations.views.visitors import COOKIE, token_of
from evaluations.volunteers import Visitor, visitor_with
from tests.factories import make_battle, make_contestant, make_visitor, vote_for
from tests.live_battles.making import make_live
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
    assert "No battles or votes yet" in visit.text


def test_the_list_names_verdict_and_models(visit):
    visit.get("/me")

    vote = Vote.objects.get()
    won, lost = ("Larch", "Rowan") if vote.left == "x" else ("Rowan", "Larch")
    assert f"<b>{won}</b> over {lost}" in visit.text
    assert "<b>1</b> judged today" in visit.text


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

    assert "No battles or votes yet" in visit.text


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


def visitor_of(visit: Visit) -> Visitor:
    """Who a browser is: its token stands in a cookie that the arena signed."""
    request = HttpRequest()
    request.COOKIES = {COOKIE: visit.client.cookies[COOKIE].value}
    return visitor_with(token=token_of(request) or "")


@pytest.fixture
def asker(visit) -> Visitor:
    return visitor_of(visit)


def live_of(asker: Visitor, question: str = "Why is it so?", **values) -> LiveBattle:
    sides = {"x": make_contestant(name="Alder"), "y": make_contestant(name="Birch")}
    return make_live(asker, question, **sides, **values)


def exported(visit: Visit) -> dict:
    response = visit.client.get("/me/export")
    assert response.status_code == 200
    return json.loads(response.content)


NAMES = ("Alder", "Birch")


def names_in(text: str) -> list[str]:
    return [name for name in NAMES if name in text]


def test_an_open_live_battle_shows_its_question_and_no_name(visit, asker):
    live = live_of(asker, end="")

    visit.get("/me")

    assert "Why is it so?" in visit.text
    assert "still open" in visit.text
    assert f"/battle/{live.battle.public_id}" in visit.text
    slugs = [live.battle.contestant_x.slug, live.battle.contestant_y.slug]
    assert names_in(visit.text) == []
    assert [slug for slug in slugs if slug in visit.text] == []


@pytest.mark.parametrize(
    ("end", "state", "named"),
    [
        ("", "ready", []),
        ("", "waiting", []),
        ("", "failed", []),
        # Whoever gives a battle up is told that the models stay unnamed.
        ("left", "ready", []),
        ("left", "failed", []),
        # It took a vote that was undone.
        ("voted", "ready", []),
        ("failed", "failed", ["Alder", "Birch"]),
    ],
)
def test_who_answered_is_told_when_no_vote_can_come(visit, asker, end, state, named):
    live_of(asker, end=end, state=state)

    visit.get("/me")

    assert names_in(visit.text) == named
    assert names_in(json.dumps(exported(visit)["live_battles"])) == named


def test_an_undone_vote_on_a_live_battle_tells_no_names(visit, asker):
    live = live_of(asker, end="voted")
    vote = vote_for(live.battle, visitor=asker)
    Vote.objects.filter(pk=vote.pk).update(state="withdrawn", rule="undo")

    visit.get("/me")

    assert names_in(visit.text) == []
    assert names_in(json.dumps(exported(visit))) == []


def test_a_judged_live_battle_stands_once_with_its_vote(visit, asker):
    live = live_of(asker, end="voted")
    vote_for(live.battle, "tie", visitor=asker)

    visit.get("/me")

    assert "A tie between" in visit.text
    assert names_in(visit.text) == ["Alder", "Birch"]
    assert visit.text.count("<li>") == 2
    assert "<b>2</b> in all" in visit.text


def test_deleting_asks_first_and_then_erases(visit, asker):
    live = live_of(asker, end="voted", publish=True)
    vote = vote_for(live.battle, visitor=asker)
    visit.get(f"/me/battles/{live.battle.public_id}/delete")
    assert "Delete this live battle?" in visit.text
    assert "already published keep" in visit.text
    assert Vote.objects.standing().filter(pk=vote.pk).exists()

    visit.send("")

    assert visit.address == "/me"
    assert "deleted" in visit.text
    assert "Why is it so?" not in visit.text
    assert names_in(visit.text) == []
    live.refresh_from_db()
    assert live.end == "deleted"
    assert visit.get(f"/me/battles/{live.battle.public_id}/delete").status_code == 404


def test_the_question_is_asked_without_naming_anybody(visit, asker):
    live = live_of(asker, end="")

    visit.get(f"/me/battles/{live.battle.public_id}/delete")

    assert "both answers are stopped" in visit.text
    assert names_in(visit.text) == []


def test_others_live_battles_are_out_of_reach(visit):
    others = make_live(make_visitor(), "Somebody else asked")
    token = visit.forms()[0]["fields"]["csrfmiddlewaretoken"]
    address = f"/me/battles/{others.battle.public_id}/delete"

    for browser in (visit, Visit()):
        assert browser.get(address).status_code == 404
    posted = visit.client.post(address, {"csrfmiddlewaretoken": token})

    assert posted.status_code == 404
    assert "Somebody else asked" not in visit.get("/me").content.decode()
    assert not LiveBattle.objects.filter(end="deleted").exists()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"judged", "withdrawn", "asked", "deleted"}),
        ("?kind=live", {"asked", "deleted"}),
        ("?kind=judged", {"judged", "withdrawn"}),
        ("?standing=standing", {"judged", "asked"}),
        ("?standing=withdrawn", {"withdrawn", "deleted"}),
        ("?kind=live&standing=withdrawn", {"deleted"}),
        ("?kind=nonsense&standing=%00", {"judged", "withdrawn", "asked", "deleted"}),
    ],
)
def test_the_filters_are_addresses(visit, asker, query, shown):
    Prompt.objects.update(turns=["~judged~"])
    withdrawn = vote_for(make_battle(), visitor=asker)
    Prompt.objects.filter(pk=withdrawn.battle.prompt_id).update(turns=["~withdrawn~"])
    Vote.objects.filter(pk=withdrawn.pk).update(state="withdrawn", rule="withdrawn")
    make_live(asker, "~asked~")
    make_live(asker, "~deleted~", end="deleted")

    visit.get(f"/me{query}")

    words = ("judged", "withdrawn", "asked", "deleted")
    assert {word for word in words if f"~{word}~</p>" in visit.text} == shown


def test_a_live_battle_whose_vote_is_withdrawn_counts_as_withdrawn(visit, asker):
    live = live_of(asker, end="voted")
    vote = vote_for(live.battle, visitor=asker)
    Vote.objects.filter(pk=vote.pk).update(state="withdrawn", rule="withdrawn")

    assert "Why is it so?" in visit.get("/me?standing=withdrawn").content.decode()
    assert "Why is it so?" not in visit.get("/me?standing=standing").content.decode()


def test_a_filter_that_finds_nothing_says_so(visit):
    visit.get("/me?kind=live")

    assert visit.response.status_code == 200
    assert "No live battles here yet." in visit.text
    assert "Show everything" in visit.text


def test_the_pages_keep_the_filter(visit, asker):
    for _ in range(PAGE_LENGTH + 1):
        make_live(asker)

    visit.get("/me?kind=live&page=2")

    assert "Page 2 of 2" in visit.text
    assert 'href="?kind=live&amp;page=1"' in visit.text
    assert visit.text.count("<li>") == 1


def test_the_export_is_a_file_that_no_cache_keeps(visit):
    response = visit.client.get("/me/export")

    day = f"{timezone.now():%Y-%m-%d}"
    assert response["Content-Disposition"] == (
        f'attachment; filename="open-arena-{day}.json"'
    )
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]


def test_the_export_holds_all_that_this_browser_did(visit, asker):
    vote = Vote.objects.get()
    Vote.objects.update(reasons=["clear"], comment="It was clearer.", reading_ms=900)
    live = live_of(asker, end="voted", publish=True)
    vote_for(live.battle, "b", visitor=asker)
    skipped, reported = make_battle(), make_battle()
    Skip.objects.create(battle=skipped, volunteer=asker.volunteer, reason="")
    Report.objects.create(
        battle=reported, volunteer=asker.volunteer, reason="broken", comment="Cut."
    )
    vote_for(make_battle())
    make_live(make_visitor())

    told = exported(visit)

    [on_live, first] = told["votes"]
    assert (first["id"], first["verdict"]) == (str(vote.public_id), "a")
    assert first["question"] == vote.battle.prompt.turns
    assert (first["reasons"], first["note"]) == (["clear"], "It was clearer.")
    left = "Larch" if vote.left == "x" else "Rowan"
    assert first["model_a"]["name"] == left
    assert (on_live["live"], on_live["battle"]) == (True, str(live.battle.public_id))
    [battle] = told["live_battles"]
    assert battle["others_may_judge_it"] is True
    turn = live.battle.turns.get()
    said = {"x": turn.answer_x.text, "y": turn.answer_y.text}
    assert battle["turns"][0]["question"] == "Why is it so?"
    assert battle["turns"][0]["answer_a"] == said[live.left]
    assert [skip["battle"] for skip in told["skipped"]] == [str(skipped.public_id)]
    assert [report["note"] for report in told["reported"]] == ["Cut."]
    assert told["consent"]["version"] == asker.volunteer.consent_version


def test_an_answer_that_is_still_written_is_not_exported(visit, asker):
    live = live_of(asker, end="", state=Battle.State.WAITING)
    LiveTurn.objects.update(done_at=None)

    [battle] = exported(visit)["live_battles"]

    assert battle["turns"] == [
        {"question": "Why is it so?", "answer_a": None, "answer_b": None}
    ]
    assert (battle["ended"], battle["model_a"]) == ("open", None)
    assert live.battle.contestant_x.name not in json.dumps(battle)


def test_a_stranger_has_nothing_to_export():
    visit = Visit()

    assert visit.client.get("/me/export").status_code == 302
    assert Volunteer.objects.count() == 0


def test_the_list_takes_few_queries(visit, asker, django_assert_max_num_queries):
    for number in range(5):
        live = make_live(asker, end="voted")
        if number % 2:
            vote_for(live.battle, visitor=asker)
        vote_for(make_battle(), visitor=asker)

    with django_assert_max_num_queries(7):
        visit.get("/me")


def test_the_export_takes_few_queries(visit, asker, django_assert_max_num_queries):
    for _ in range(5):
        live = make_live(asker, "Why?", "And then?", end="voted")
        vote_for(live.battle, visitor=asker)

    with django_assert_max_num_queries(12):
        exported(visit)
