from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from evaluations import events
from evaluations.models import Judge, JudgeScore, JudgeVerdict, Run
from tests.factories import (
    make_answer,
    make_battle,
    make_contestant,
    make_prompt,
    vote_for,
)
from tests.fakes.model_server import ModelServer
from tests.judging.making import make_judge, make_template
from tests.runs.driving import make_paid

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server():
    with ModelServer() as running:
        running.behave(text="It is clear.\n[[A]]")
        yield running


@pytest.fixture(autouse=True)
def no_worker():
    cache.delete(events.HEARTBEAT)


@pytest.fixture
def judge(server) -> Judge:
    connection = make_paid(server, judge_only=True, price_out=10)
    return make_judge(connection, slug="strict")


def ask(*arguments: str) -> str:
    out = StringIO()
    call_command("judge", "strict", *arguments, stdout=out)
    return out.getvalue()


def test_a_judge_is_asked_in_both_orders_and_its_failures_are_counted(server, judge):
    make_template(slug="pair")
    make_battle(prompt=make_prompt("Plain?"))
    make_battle(prompt=make_prompt("Riddle?"))
    server.behave("fake-small", when="Riddle", text="Who knows?")

    told = ask("--yes")

    assert "4 done, 0 failed, 0 left" in told
    assert [line.split() for line in told.splitlines()[-2:]] == [
        ["read", "2"],
        ["unreadable", "2"],
    ]
    said = JudgeVerdict.objects.read().values_list("left", "verdict", "reason")
    assert set(said) == {(left, "a", "It is clear.") for left in "xy"}
    reply = JudgeVerdict.objects.all()[0].reply
    assert (reply.served_model, reply.parameters) == ("fake-small", {"temperature": 0})


def test_asked_again_it_pays_nothing(server, judge):
    make_template(slug="pair")
    make_battle()
    ask("--yes")

    told = ask("--yes")

    assert len(server.calls) == 2
    assert "2 done" in told and "US$ 0.0000 spent" in told
    assert JudgeVerdict.objects.count() == 2


def test_another_version_of_a_template_asks_anew(server, judge):
    first = make_template(slug="pair")
    make_battle()
    ask("--yes")
    make_template(slug="pair", version=2, text=first.text)

    ask("--yes")
    ask("--yes", "--template", "pair:1")

    assert len(server.calls) == 4
    versions = JudgeVerdict.objects.values_list("template__version", flat=True)
    assert sorted(versions) == [1, 1, 2, 2]


def test_a_dry_run_tells_the_price_and_asks_nothing(server, judge):
    make_template(slug="pair")
    make_battle()

    told = ask("--dry-run")

    assert "0.0090" in told  # 3,000 tokens at $1 a million and 600 at $10
    assert server.calls == []
    assert not Run.objects.exists()


def test_only_pairs_that_people_voted_on_are_asked_about(server, judge):
    make_template(slug="pair")
    vote = vote_for(make_battle())
    vote.state = "counted"
    vote.save()
    make_battle()

    ask("--voted", "--yes")

    assert set(JudgeVerdict.objects.values_list("battle", flat=True)) == {
        vote.battle_id
    }


def test_it_pauses_before_the_limit(server, judge):
    make_template(slug="pair")
    make_battle()

    told = ask("--yes", "--spend-limit", "0")

    assert "could pass the limit of US$ 0" in told
    assert server.calls == []


def test_answers_to_a_set_are_scored(server, judge):
    server.behave(text="Half of it is right.\n[[5]]")
    make_template("score", slug="score")
    answer = make_answer(make_contestant(), make_prompt(set="koala"))

    ask("--template", "score", "--set", "koala", "--yes")

    given = JudgeScore.objects.get()
    assert (given.answer, given.score) == (answer, 5)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--template", "none"], "no template none; there are pair, score"),
        (["--template", "pair:2"], "no template pair:2"),
        (["--template", "pair:x"], "no template pair:x"),
        (["--set", "none"], "no set none. There are: made"),
        (["--template", "score"], "name one"),
        (["--voted"], "no battle to judge"),
        (["--battles", "0"], "from 1 to"),
        (["--battles", "-3"], "from 1 to"),
        (["--battles", "99999999999"], "from 1 to 1,000,000 battles"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(judge, arguments, sentence):
    make_template(slug="pair")
    make_template("score", slug="score")
    make_battle()

    with pytest.raises(CommandError, match=sentence):
        ask(*arguments)
    assert not Run.objects.exists()


def test_an_unknown_judge_is_refused_with_those_there_are(judge):
    with pytest.raises(CommandError, match="no judge lenient; there are strict"):
        call_command("judge", "lenient")
