"""Battles that check the judgements: alike before the vote, honest after it."""

import json
import re
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluations.charts import wilson
from evaluations.models import Battle, Vote
from evaluations.voting import settle_votes
from tests.factories import make_battle, make_contestant, make_control, make_repeat
from tests.views.browsing import Visit, judge_with_consent
from tests.views.test_me import visitor_of

pytestmark = pytest.mark.django_db

KINDS = ("ordinary", "same_model", "repeat")
RANDOM = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+')
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture(autouse=True)
def _forget_reservations(settings):
    cache.clear()
    settings.ARENA_IMPORTED_SHARE = 0.0


@pytest.fixture
def visit() -> Visit:
    """A volunteer who has judged a pair."""
    make_battle(make_contestant(name="Larch"), make_contestant(name="Rowan"))
    visit = judge_with_consent()
    visit.get("/judge")
    visit.send("/vote", verdict="a")
    return visit


def make_kind(kind: str, visit: Visit) -> Battle:
    if kind == "repeat":
        return make_repeat(Vote.objects.get(), visitor_of(visit))
    control = kind == "same_model"
    return make_control(make_contestant(name="Larix")) if control else make_battle()


def normalised(text: str, battle: Battle) -> str:
    """The text less what differs between any two ordinary battles."""
    turn = battle.turns.get()
    text = re.sub(r'"exported_at": "[^"]+"', "…", unescape(text))
    for own in (turn.answer_x.html, turn.answer_y.html, battle.prompt.turns[0]):
        text = text.replace(own, "…").replace(json.dumps(own)[1:-1], "…")
    text = RANDOM.sub("…", UUIDS.sub("…", text))
    return re.sub(r'(name=\\?"left\\?" value=\\?")[xy]', r"\1…", text)


def headers_of(response) -> dict[str, str]:
    """But for the length, which is that of the texts, and the second of the day."""
    headers = response.headers.items()
    return {k: v for k, v in headers if k not in ("Content-Length", "Expires")}


def seen_before_the_vote(visit: Visit, battle: Battle) -> list:
    """Everything that a volunteer may be sent of a battle, the ways they may ask."""
    here = f"/judge/{battle.public_id}"
    as_json = {"headers": {"Accept": "application/json"}}
    token = visit.client.cookies["csrftoken"].value
    refused = {"csrfmiddlewaretoken": token, "verdict": "c", "left": "x"}
    answers = [
        visit.client.get(here),
        visit.client.get(here, **as_json),
        visit.client.head(here),
        visit.client.get(f"{here}/report"),
        visit.client.post(f"{here}/vote", refused, **as_json),
        visit.client.post(f"{here}/undo", {"csrfmiddlewaretoken": token}, **as_json),
    ]
    return [
        (a.status_code, headers_of(a), normalised(a.content.decode(), battle))
        for a in answers
    ]


@pytest.mark.parametrize("kind", KINDS[1:])
def test_what_is_served_before_the_vote_is_the_same(visit, kind):
    ordinary, check = make_kind("ordinary", visit), make_kind(kind, visit)

    served = [seen_before_the_vote(visit, battle) for battle in (ordinary, check)]

    assert served[0] == served[1]
    assert [status for status, _, _ in served[0]] == [200, 200, 200, 200, 400, 404]


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_battle_not_judged_yet_is_in_no_list(visit, kind):
    before = [visit.client.get(page).content for page in ("/me", "/judge/pause")]
    make_kind(kind, visit)

    after = [visit.client.get(page).content for page in ("/me", "/judge/pause")]

    assert after == before


@pytest.mark.parametrize("kind", KINDS[1:])
def test_the_database_is_asked_the_same(visit, kind):
    asked = []
    for each in ("ordinary", kind):
        address = f"/judge/{make_kind(each, visit).public_id}"
        with CaptureQueriesContext(connection) as captured:
            visit.client.get(address)
        asked.append([query["sql"].partition(" WHERE ")[0] for query in captured])

    assert asked[0] == asked[1]
    assert asked[0]


@pytest.mark.parametrize("kind", KINDS[1:])
def test_what_somebody_else_is_served_is_the_same_too(visit, kind):
    ordinary, check = make_kind("ordinary", visit), make_kind(kind, visit)
    other = Visit()
    other.get("/consent")

    served = [seen_before_the_vote(other, battle) for battle in (ordinary, check)]

    assert served[0] == served[1]
    assert served[0][0][0] == 200


@pytest.mark.parametrize("kind", KINDS[1:])
def test_the_next_pair_comes_alike_with_the_vote_before(visit, kind, settings):
    first, second = make_battle(judgements_wanted=2), make_kind("ordinary", visit)
    told = [next_pair(visit, first, second)]
    Vote.objects.filter(battle=first).delete()
    Battle.objects.filter(pk=second.pk).update(
        withdrawn_at="2026-01-01T00:00Z", withdrawn_reason="over"
    )
    cache.clear()
    if kind == "repeat":
        # A repeat takes the place of another pair.
        make_battle()
        settings.ARENA_REPEAT_SHARE = 1.0

    told.append(next_pair(visit, first, make_kind(kind, visit)))

    assert told[0] == told[1]


def next_pair(visit: Visit, first: Battle, second: Battle) -> str:
    """What the page is sent of the second battle with the vote on the first."""
    visit.get(f"/judge/{first.public_id}")
    form = next(f for f in visit.forms() if f["action"].endswith("/vote"))
    response = visit.client.post(
        form["action"],
        form["fields"] | {"verdict": "tie", "next": "1"},
        headers={"Accept": "application/json"},
    )
    following = response.json()["next"]
    assert str(second.public_id) in following["url"]
    return "\n".join(normalised(text, second) for text in following.values())


def judge(visit: Visit, battle: Battle, verdict: str) -> str:
    """Vote with the page's own form; what the reveal says."""
    visit.get(f"/judge/{battle.public_id}")
    visit.send("/vote", verdict=verdict)
    said = re.search(r"data-outcome>(.*?)</p>", visit.text, re.DOTALL)
    assert said is not None
    return unescape(re.sub(r"<[^>]+>", "", said[1]))


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("a", "You preferred answer A."),
        ("b", "You preferred answer B."),
        ("tie", "You called it a tie."),
        ("both_bad", "You would have wanted neither."),
    ],
)
def test_the_reveal_of_one_model_twice_is_honest(visit, verdict, words):
    said = judge(visit, make_kind("same_model", visit), verdict)

    assert said == (
        f"{words} Both answers came from the same model, Larix: a check of how much "
        "chance there is in judgements. It counts in no rating."
    )


@pytest.mark.parametrize(
    ("verdict", "words"), [("b", "and chose the same:"), ("a", "and chose otherwise:")]
)
def test_the_reveal_of_a_repeat_is_honest(visit, verdict, words):
    said = judge(visit, make_kind("repeat", visit), verdict)

    assert f"You judged this pair before, with the sides exchanged, {words}" in said
    assert said.endswith("It counts in no rating.")


def test_the_repeat_of_another_is_told_too(visit):
    repeat = make_kind("repeat", visit)

    said = judge(judge_with_consent(), repeat, "a")

    assert "to check the judgements of somebody else" in said
    assert "You judged this pair before" not in said


def test_an_ordinary_reveal_says_nothing_of_checks(visit):
    said = judge(visit, make_kind("ordinary", visit), "a")

    assert "check" not in said
    assert "no rating" not in said


def test_programs_are_told_what_it_was_with_the_vote(visit):
    told = {}
    for kind in KINDS:
        battle = make_kind(kind, visit)
        visit.get(f"/judge/{battle.public_id}")
        form = next(f for f in visit.forms() if f["action"].endswith("/vote"))
        sent = form["fields"] | {"verdict": "b"}
        response = visit.client.post(
            form["action"], sent, headers={"Accept": "application/json"}
        )
        told[kind] = (response.json()["check"], response.json()["same_choice"])
        Vote.objects.filter(battle=battle).delete()

    assert told == {
        "ordinary": ("", None),
        "same_model": ("same_model", None),
        "repeat": ("repeat", True),
    }


def test_the_own_list_says_which_pairs_were_checks(visit):
    judge(visit, make_kind("same_model", visit), "tie")
    visit.get("/me")
    assert "A tie between two answers of Larix" in visit.text
    assert visit.text.count("counts in no rating") == 1
    Vote.objects.filter(battle__mode="control").delete()

    judge(visit, make_kind("repeat", visit), "b")
    visit.get("/me")

    assert "a pair you had judged before, as a check" in visit.text
    exported = json.loads(visit.client.get("/me/export").content)
    assert [vote["check"] for vote in exported["votes"]] == ["repeat", ""]


def test_a_vote_on_a_check_is_undone_and_withdrawn_like_any_other(visit):
    check = make_kind("same_model", visit)
    judge(visit, check, "a")
    visit.send("/undo")
    assert "Which answer would you rather have received?" in visit.text

    judge(visit, check, "b")
    vote = Vote.objects.standing().get(battle=check)
    visit.get(f"/me/votes/{vote.public_id}/withdraw")
    visit.send("")

    assert not Vote.objects.standing().filter(battle=check).exists()


def noise_rows(client) -> list[str]:
    """The table's lines, as somebody reads them."""
    page = unescape(client.get("/about/robustness").content.decode())
    table = re.search(r'<table class="noise">.*?</table>', page, re.DOTALL)
    assert table is not None
    lines = re.findall(r"<tr>(.*?)</tr>", table[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in lines]


def test_the_noise_floor_says_where_nothing_is_known(client):
    assert noise_rows(client)[1:] == [
        "One model against itself",
        "No control battle has been judged yet.",
        "The same pair again, sides exchanged",
        "No pair has been judged again yet.",
        "All votes of the table, to compare",
        "No vote has counted yet.",
        "Several volunteers on one pair",
        "No pair has been judged by two volunteers yet.",
    ]


def test_the_noise_floor_is_told_in_words_and_as_json(visit, settings):
    settings.ARENA_UNDO_SECONDS = 0
    judge(visit, make_kind("repeat", visit), "b")
    for verdict in ("tie", "a", "b"):
        judge(visit, make_control(), verdict)
    settle_votes()

    rows = noise_rows(visit.client)

    low, high = wilson(1 / 3, 3)
    between = f"{100 * low:.0f} – {100 * high:.0f} %"
    assert rows[2] == f"Neither answer preferred 33 % {between} 3"
    assert rows[3].startswith("The left one, of the votes that preferred one 50 %")
    assert rows[5].startswith("The same choice as the first time 100 %")
    told = visit.client.get("/api/v1/noise-floor").json()
    assert told["same_model_undecided"]["cases"] == 3
    assert told["same_model_undecided"]["low"] == pytest.approx(low)
    assert told["repeats_same"]["share"] == 1
    assert (told["agreement"], told["agreement_votes"]) == (None, 0)


def test_the_noise_floor_is_kept_for_a_while(visit, django_assert_num_queries):
    before = visit.client.get("/api/v1/noise-floor").json()
    Vote.objects.update(state="counted")

    with django_assert_num_queries(0):
        assert visit.client.get("/api/v1/noise-floor").json() == before
