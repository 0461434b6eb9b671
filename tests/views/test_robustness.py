import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluations import auditing, leaderboard, studies
from evaluations.models import Contestant, Volunteer, Vote
from evaluations.studies import volunteers
from tests.crowds import adore, judge_all, make_models
from tests.factories import make_battle, make_contestant, vote_for

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/about/robustness"
STRENGTHS = (1.5, 0.6, -0.2, -1.0)


def _page(client: Client) -> str:
    response = client.get(ADDRESS)
    assert response.status_code == 200
    return unescape(response.content.decode())


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def _rows(html: str, heading: str) -> list[str]:
    section = html.partition(f">{heading}<")[2].partition("</section>")[0]
    body = "".join(re.findall(r"<tbody>(.*?)</tbody>", section, re.DOTALL))
    return [_words(row) for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)]


def _audited(count: int = 4) -> list[Contestant]:
    models = make_models(count)
    strengths = (STRENGTHS * 5)[:count]
    judge_all(models, strengths=strengths, volunteers=12, rounds=3)
    auditing.run_audit()
    return models


def test_before_any_audit_the_page_says_when_one_comes(client: Client) -> None:
    page = _page(client)

    assert "No audit yet" in page
    assert "Votes that lean together" not in page


def test_an_audit_of_nothing_says_so(client: Client) -> None:
    auditing.run_audit()

    assert "Nothing to compare yet" in _page(client)


def test_the_page_says_what_would_change_the_leader(client: Client) -> None:
    _audited()
    leader = auditing.latest().results["groups"][0]["leader"]

    words = _words(_page(client))

    assert f"at most {leader['votes']} votes of 216, well chosen" in words
    assert "Model 01 leads instead of Model 00" in words
    assert "from 216 votes of 12 volunteers" in words


def test_every_pair_of_neighbours_has_its_line(client: Client) -> None:
    _audited()
    swaps = auditing.latest().results["groups"][0]["neighbours"]

    rows = _rows(_page(client), "Votes that would change the order")

    assert len(rows) == 3
    for row, swap in zip(rows, swaps, strict=True):
        assert f"{swap['lead']:.1f} {swap['votes']} perhaps {swap['at_least']}" in row


def test_further_pairs_are_folded_away(client: Client) -> None:
    _audited(15)

    page = _page(client)

    assert "The other 2 neighbouring pairs" in page
    assert len(_rows(page, "Votes that would change the order")) == 14
    assert "The other 3 models" in page


def test_the_largest_influence_of_one_volunteer_day_and_question(
    client: Client,
) -> None:
    _audited()

    rows = _rows(_page(client), "Without one volunteer, one day, one question")

    assert [row.split(" of ")[0] for row in rows] == [
        "One volunteer",
        "One day",
        "One question",
    ]
    assert "of 12 volunteers" in rows[0]
    left_out = auditing.latest().results["groups"][0]["left_out"]["day"]
    change = f"{left_out['on_rating']['rating_change']:+.1f}".replace("-", "−")
    assert f": {change} " in rows[1]
    assert all(" yes " in row for row in rows)


def test_no_volunteer_can_be_told_from_the_page(client: Client) -> None:
    models = _audited()
    fan = adore(models[1], [models[0], *models[2:]], times=60)
    auditing.run_audit()

    page = _page(client)

    row = _rows(page, "Without one volunteer, one day, one question")[0]
    assert " no " in row
    assert "180 votes" in row
    assert str(fan.public_id) not in page
    for volunteer in Volunteer.objects.all():
        assert volunteer.external_id not in page


def test_weighted_and_unweighted_ratings_stand_side_by_side(client: Client) -> None:
    _audited()
    known = auditing.latest().results["groups"][0]["reliability"]

    rows = _rows(_page(client), "How sharply volunteers judge")

    classes, ratings = rows[:5], rows[5:]
    assert sum(int(row.split()[-3]) for row in classes) == 12
    for row, figures in zip(ratings, known["rows"], strict=True):
        assert f"{figures['rating']:.0f} ±{1.959964 * figures['se']:.0f}" in row
        assert f"{figures['weighted']:.0f} ±" in row


def test_groups_apart_have_headings_of_their_own(client: Client) -> None:
    models = make_models(4)
    judge_all(models, strengths=STRENGTHS, volunteers=12)
    vote = vote_for(make_battle())
    Vote.objects.filter(pk=vote.pk).update(state="counted")
    auditing.run_audit()

    page = _page(client)

    assert page.count('<h2 class="group">House programs</h2>') == 2
    assert "All ratings of this group are provisional" in page
    assert "without them nothing would be left" in page


def test_a_group_is_called_as_in_the_table(client: Client) -> None:
    imported = [
        make_contestant(provider="openai", base_url="", state="retired")
        for _ in range(3)
    ]
    Vote.objects.filter(pk=vote_for(make_battle()).pk).update(state="counted")
    judge_all(imported, strengths=(1.0, 0.0, -1.0), volunteers=4)
    auditing.run_audit()

    assert '<h2 class="group">Retired models</h2>' in _page(client)
    assert "Retired models</h2>" in client.get("/leaderboard").content.decode()


def test_the_work_of_the_page_does_not_grow(client: Client) -> None:
    models, queries = make_models(9), []
    _page(client)  # keeps the noise floor
    for count, people in ((3, 5), (9, 8)):
        judge_all(models[:count], strengths=(STRENGTHS * 3)[:count], volunteers=people)
        auditing.run_audit()
        with CaptureQueriesContext(connection) as captured:
            _page(client)
        queries.append(len(captured))

    assert queries[0] == queries[1] <= 3


def test_the_table_and_the_explanation_lead_there(client: Client) -> None:
    _audited()
    assert leaderboard.latest() is not None

    for address in ("/leaderboard", "/about"):
        assert f'href="{ADDRESS}"' in client.get(address).content.decode()


def _edit_left_out(kind: str, **figures: object) -> None:
    audit = auditing.latest()
    audit.results["groups"][0]["left_out"][kind].update(figures)
    audit.save()


def _left_out_row(client: Client) -> str:
    return _rows(_page(client), "Without one volunteer, one day, one question")[1]


def test_what_has_run_away_is_no_number(client: Client) -> None:
    """Without that day nothing but wins, or nothing at all, is left of someone."""
    _audited()
    found = auditing.latest().results["groups"][0]["left_out"]["day"]

    for change in (None, -5000.0):
        lead = {**found["on_lead"], "lead_change": change, "leads": False}
        rating = {**found["on_rating"], "rating_change": 5000.0}
        _edit_left_out("day", on_lead=lead, on_rating=rating)

        row = _left_out_row(client)

        assert " – " in row
        assert "without bounds" in row
        assert "5000" not in row


def test_a_day_without_which_another_leads_goes_before_a_larger_gain(
    client: Client,
) -> None:
    _audited()
    found = auditing.latest().results["groups"][0]["left_out"]["day"]
    lead = {"votes": 77, "lead_change": -3.0, "leads": False}

    _edit_left_out("day", turns={**found["on_lead"], **lead})

    assert "−3.0 77 votes no " in _left_out_row(client)


def test_the_leaderboard_says_how_few_votes_would_change_its_leader(
    client: Client,
) -> None:
    leader, second, *_ = _audited()
    leaderboard.publish()

    words = _words(client.get("/leaderboard").content.decode())

    assert re.search(
        rf"taking out (at most )?\d+ of them, well chosen, would have put "
        rf"{second.name} before {leader.name} ?, the leader",
        words,
    )
    assert "last audited" not in client.get("/leaderboard?open=on").content.decode()


def test_agreement_beyond_chance_is_told_once_it_is_known(client: Client) -> None:
    battle = make_battle(judgements_wanted=2)
    for verdict in "ab":
        vote_for(battle, verdict)
    battle.votes.update(state="counted", left="x")
    before = _page(client)
    studies.make_study(volunteers, volunteers.NAME)

    after = _page(client)

    assert "Krippendorff’s α" not in before
    assert "Krippendorff’s α, 0 where nothing but chance agrees" in after
    assert "and 1 where all do, is 0.00." in after
    assert '<a href="/prompts">' in after
