"""The pages of sets, of one set and of one prompt."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from evaluations import leaderboard, studies
from evaluations.battles import report, withdraw_battle
from evaluations.models import Contestant, Prompt, PromptSet
from evaluations.question_sets import reading
from evaluations.studies import volunteers
from tests.factories import (
    make_answer,
    make_battle,
    make_contestant,
    make_control,
    make_prompt,
    make_visitor,
    vote_for,
)
from tests.studies.test_volunteers import judged
from tests.views.reading import plain, rows
from tests.views.test_samples import counted, finished, samples

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str, **values: str) -> str:
    response = client.get(address, values)
    assert response.status_code == 200
    return unescape(response.content.decode())


def page_of(client: Client, prompt: Prompt) -> str:
    return text_of(client, address_of(prompt))


def address_of(prompt: Prompt) -> str:
    return f"/prompts/{prompt.prompt_set.slug}/{prompt.public_id}"


def facts(text: str) -> dict[str, str]:
    """Terms with what is said of them, of the last list of them."""
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text)
    return {plain(term): plain(said) for term, said in pairs}


def asked(text: str) -> list[str]:
    listed = text.partition('class="asked-list')[2].partition("</ol>")[0]
    return [plain(link) for link in re.findall(r"<a [^>]*>(.*?)</a>", listed)]


def koala(**values: Any) -> Prompt:
    return make_prompt(set="koala", **values)


def test_a_card_says_whose_the_questions_are_and_how_far_they_are_judged(
    client: Client,
) -> None:
    one, other = make_contestant(), make_contestant()
    make_contestant(state=Contestant.State.RETIRED)
    first = koala(turns=["One?", "Two?"], language="de")
    make_answer(one, first)
    battle = make_battle(one, other, koala())
    for verdict in "ab":
        vote_for(battle, verdict)
    battle.votes.update(state="counted", left="x")
    PromptSet.objects.filter(slug="koala").update(
        title="Koala",
        source="https://koala.example/set",
        frozen_at=timezone.now(),
        version="1.2",
    )
    leaderboard.rebuild_tallies()
    studies.make_study(volunteers, volunteers.NAME)

    text = text_of(client, "/prompts")

    told = facts(text)
    assert re.findall(r'<h2><a href="([^"]+)">([^<]+)', text) == [
        ("/prompts/koala", "Koala")
    ]
    assert '<a href="https://koala.example/set" rel=' in text
    assert told["Licence"] == "CC0-1.0"
    assert told["Version"].startswith("1.2, frozen on ")
    assert told["Prompts"] == "2, 1 of several turns"
    assert told["Languages"] == "German, English"
    assert told["Judged"] == "2 times"
    assert told["Volunteers agree"] == "0 %, α 0.00"
    assert "3 of 4 first answers" in text
    assert '<a href="/leaderboard?set=koala">' in text


def test_before_there_are_any_questions_the_page_says_so(client: Client) -> None:
    assert "No questions yet" in text_of(client, "/prompts")

    PromptSet.objects.create(slug="empty", title="Empty", licence="CC0-1.0")

    assert "No questions yet" in text_of(client, "/prompts")
    assert "None of its prompts is public" in text_of(client, "/prompts/empty")


def test_a_source_that_is_no_address_is_no_link(client: Client) -> None:
    koala()
    PromptSet.objects.update(source="javascript:alert(1)", licence="<b>MIT</b>")

    text = client.get("/prompts").content.decode()

    assert 'href="javascript' not in text
    assert "<b>MIT" not in text


def not_approved() -> Prompt:
    return koala(state=Prompt.State.PENDING)


def rejected() -> Prompt:
    return koala(state=Prompt.State.REJECTED)


def private() -> Prompt:
    return koala(origin=Prompt.Origin.LIVE, state=Prompt.State.PRIVATE)


def on_hold() -> Prompt:
    return koala(origin=Prompt.Origin.LIVE)


def complained_of() -> Prompt:
    prompt = released()
    battle = make_battle(prompt=prompt)
    report(visitor=make_visitor(), battle_id=battle.public_id, reason="private")
    return prompt


def released() -> Prompt:
    prompt = koala(origin=Prompt.Origin.LIVE)
    asked_at = timezone.now() - timedelta(days=31)
    Prompt.objects.filter(pk=prompt.pk).update(created_at=asked_at)
    return prompt


@pytest.mark.parametrize(
    "made", [not_approved, rejected, private, on_hold, complained_of]
)
def test_what_is_not_public_is_on_no_page(
    client: Client, settings: Settings, made: Any
) -> None:
    settings.ARENA_DUMP_HOLD_DAYS = 30
    prompt = made()

    pages = [
        text_of(client, address)
        for address in ("/prompts", "/prompts/koala", "/api/v1/prompts?set=koala")
    ]

    assert client.get(address_of(prompt)).status_code == 404
    assert not any(prompt.turns[0] in text for text in pages)
    assert "None of its prompts is public yet" in pages[1]
    assert client.get("/api/v1/prompts").json()["sets"] == []


def test_an_approved_live_question_is_shown_after_its_hold(
    client: Client, settings: Settings
) -> None:
    settings.ARENA_DUMP_HOLD_DAYS = 30
    prompt = released()

    assert asked(text_of(client, "/prompts/koala")) == prompt.turns
    assert prompt.turns[0] in page_of(client, prompt)


@pytest.mark.parametrize("address", ["/prompts/none", "/api/v1/prompts?set=none"])
def test_an_unknown_set_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_prompt_is_found_in_its_own_set_alone(client: Client) -> None:
    make_prompt(set="llama")
    address = address_of(koala()).replace("koala", "llama")

    assert client.get(address).status_code == 404


@pytest.fixture
def four() -> None:
    koala(text="Why is the sky blue?", categories=["science"])
    judged("xa xb", text="Write a 100%_sure plan", set="koala", categories=["writing"])
    judged("xa xa xt xb", text="Schreib!", set="koala", language="de", categories=[])
    judged("xa", turns=["Begin.", "Now of the SEA"], set="koala")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "Why Write Schreib Begin"),
        ({"category": "writing"}, "Write"),
        ({"category": "cooking"}, ""),
        ({"language": "de"}, "Schreib"),
        ({"q": "sky BLUE"}, "Why"),
        ({"q": "the sea"}, "Begin"),
        ({"q": "%_"}, "Write"),
        ({"q": "\0"}, "Why Write Schreib Begin"),
        ({"judged": "not"}, "Why"),
        ({"judged": "once"}, "Write Schreib Begin"),
        ({"judged": "several"}, "Write Schreib"),
        ({"judged": "'; --", "sort": "pk"}, "Why Write Schreib Begin"),
        ({"sort": "votes"}, "Schreib Write Begin Why"),
        ({"sort": "disagreement"}, "Write Schreib Begin Why"),
        ({"page": "9"}, "Why Write Schreib Begin"),
        ({"page": "-1"}, "Why Write Schreib Begin"),
    ],
)
@pytest.mark.usefixtures("four")
def test_prompts_are_filtered_and_ordered(
    client: Client, query: dict[str, str], expected: str
) -> None:
    text = text_of(client, "/prompts/koala", **query)

    found = [re.split(r"\W", prompt)[0] for prompt in asked(text)]
    assert found == expected.split()
    number = f"{len(found)} of 4 prompts" if len(found) < 4 else "4 prompts."
    assert number in text or not found


@pytest.mark.usefixtures("four")
def test_each_prompt_says_how_often_it_was_judged(client: Client) -> None:
    text = text_of(client, "/prompts/koala")

    listed = text.partition('class="asked-list')[2].partition("</ol>")[0]
    said = [plain(part) for part in re.findall(r"<p>(.*?)</p>", listed)]
    assert said[0].endswith("Englishnot judged yet")
    assert said[1].endswith("judged 2 times100 % disagreement on 1 pair")
    assert said[2].startswith("German")
    assert said[2].endswith("judged 4 times83 % disagreement on 1 pair")
    assert said[3].endswith("English2 turnsjudged 1 time")


def test_what_does_not_count_is_not_counted(client: Client) -> None:
    prompt = koala()
    gone = make_battle(prompt=prompt, judgements_wanted=3)
    flagged = make_battle(prompt=prompt)
    for battle in (gone, flagged, make_control(prompt=prompt)):
        vote_for(battle)
        battle.votes.update(state="counted")
    flagged.votes.update(state="flagged", rule="r")
    withdraw_battle(battle=gone, reason="personal data")

    assert reading.line_of(prompt).votes == 0
    assert "not judged yet" in text_of(client, "/prompts/koala")


def test_a_long_set_has_several_pages(client: Client) -> None:
    for number in range(reading.AT_ONCE + 3):
        koala(text=f"Question {number}?")

    first = text_of(client, "/prompts/koala", q="question")
    (after,) = re.findall(r'<a class="btn small" href="([^"]+)" rel="next"', first)
    second = text_of(client, f"/prompts/koala{after}")

    assert after == "?q=question&page=2"
    assert asked(second) == [f"Question {n}?" for n in (50, 51, 52)]
    assert 'rel="prev"' in second and 'rel="next"' not in second


def test_agreement_is_told_by_category(client: Client) -> None:
    for verdicts in ("xa xa xb", "yb xa yb", "xt xt"):
        judged(verdicts, set="koala", categories=["coding"])
    judged("xa xb", set="koala", categories=["writing"])
    studies.make_study(volunteers, volunteers.NAME)

    text = text_of(client, "/prompts/koala")

    lines = rows(text)
    assert [line[:4] for line in lines] == [
        ["Coding", "3", "8", "78 %"],
        ["Writing", "1", "2", "0 %"],
    ]


def test_a_prompt_shows_its_turns_and_its_reference(client: Client) -> None:
    prompt = koala(turns=["One <b>?", "Two?"], references=["Uno", ""])

    text = client.get(address_of(prompt)).content.decode()

    assert "One &lt;b&gt;?" in text
    assert "Two?" in text
    assert "Uno" in text
    assert "What is asked, in 2 turns" in text


def test_pairs_of_answers_are_shown_by_the_rules_of_samples(client: Client) -> None:
    prompt = koala()
    own = make_contestant(name="Larch")
    done = finished(own, prompt=prompt)
    still_open = make_battle(prompt=prompt, judgements_wanted=9)
    visitor = make_visitor()
    counted(still_open, visitor=visitor)

    (sample,) = samples(page_of(client, prompt))

    assert f"Larch against {done.contestant_y.name}" in sample
    assert still_open.contestant_x.name not in page_of(client, prompt)
    answer = still_open.turns.get().answer_x.text
    assert answer not in page_of(client, prompt)
    make_battle(own, None, prompt)
    assert samples(page_of(client, prompt)) == []


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    counts = []
    for number in (2, 9):
        for n in range(number):
            for _ in range(number):
                judged("xa xb", set=f"set-{n}")
        studies.make_study(volunteers, volunteers.NAME)
        prompt = Prompt.objects.filter(prompt_set__slug="set-0")[0]
        cache.clear()
        for address in (
            *("/prompts", "/prompts/set-0", address_of(prompt)),
            *("/api/v1/prompts", "/api/v1/prompts?set=set-0"),
        ):
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            counts.append(len(captured))

    assert counts[:5] == counts[5:]
    assert max(counts) <= 10


def test_the_interface_tells_the_same(client: Client) -> None:
    judged("xa xb", text="Why?", set="koala", categories=["science"], external_id="7")
    PromptSet.objects.update(licence="Apache-2.0", source="https://koala.example")
    leaderboard.rebuild_tallies()
    studies.make_study(volunteers, volunteers.NAME)

    (line,) = client.get("/api/v1/prompts").json()["sets"]
    page = client.get("/api/v1/prompts?set=koala").json()

    assert (line["slug"], line["licence"], line["votes"]) == ("koala", "Apache-2.0", 2)
    assert (line["answered"], line["wanted"]) == (2, 2)
    assert line["agreement"]["alpha"] == pytest.approx(0.0)
    assert page["sets"] == [line]
    assert page["categories"]["science"]["units"] == 1
    assert (page["found"], page["pages"]) == (1, 1)
    (prompt,) = page["prompts"]
    assert (prompt["turns"], prompt["external_id"]) == (["Why?"], "7")
    assert (prompt["votes"], prompt["disagreement"]) == (2, 1.0)
