from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from evaluations import events
from evaluations.models import Answer, PromptSet, Run
from tests.factories import make_contestant, make_prompt
from tests.fakes.model_server import ModelServer
from tests.runs.driving import make_paid, make_run, make_set

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server():
    with ModelServer() as running:
        yield running


@pytest.fixture(autouse=True)
def no_worker():
    cache.delete(events.HEARTBEAT)


def evaluate(*arguments: str) -> str:
    out = StringIO()
    call_command("evaluate", *arguments, stdout=out)
    return out.getvalue()


def test_every_contestant_named_answers_every_turn(server):
    make_set(["One?", "Two?"], ["Three?"])
    contestant, other = make_contestant(slug="asked"), make_contestant(slug="other")

    told = evaluate("fixed", "--contestants", "asked", "--yes")

    assert "3 done, 0 failed, 0 left" in told
    assert contestant.answers.ready().count() == 3
    assert not other.answers.exists()


def test_a_dry_run_tells_the_price_and_asks_nothing(server):
    make_set(["One?"])
    contestant = make_paid(server, slug="paid", price_out=10)

    told = evaluate("fixed", "--dry-run")

    assert "0.0041" in told  # 400 tokens at $10 a million and 100 at $1
    assert server.calls == []
    assert not Run.objects.exists()
    assert not contestant.answers.exists()


def test_a_set_that_is_not_frozen_is_frozen_only_when_told_so():
    make_prompt(set="loose")
    make_contestant()

    told = evaluate("loose", "--yes")
    assert "Say --freeze" in told
    assert not Answer.objects.exists()

    evaluate("loose", "--yes", "--freeze")
    assert PromptSet.objects.get(slug="loose").frozen_at
    assert Answer.objects.ready().count() == 1


def test_a_run_whose_start_is_refused_is_not_left_behind():
    make_prompt(set="live", origin="live")
    make_contestant()

    with pytest.raises(CommandError, match="grows with its volunteers"):
        evaluate("live", "--yes", "--freeze")

    assert not Run.objects.exists()


def test_without_a_yes_nothing_is_asked():
    make_set(["One?"])
    make_contestant()

    assert "--yes starts" in evaluate("fixed")
    assert not Answer.objects.exists()


def test_a_run_that_was_planned_before_is_begun_or_kept():
    run = make_run(make_set(["One?"]), make_contestant())

    assert "nothing was asked" in evaluate("--resume", str(run.pk), "--dry-run")
    assert "is finished: 1 done" in evaluate("--resume", str(run.pk), "--yes")


def test_a_run_paused_at_its_limit_is_resumed_with_another(server):
    make_set(["One?"], ["Two?"])
    make_paid(server)
    told = evaluate("fixed", "--yes", "--spend-limit", "0")
    assert "is paused: 0 done" in told
    assert "could pass the limit of US$ 0" in told

    run = Run.objects.get()
    told = evaluate("--resume", str(run.pk), "--spend-limit", "1")

    assert "is finished: 2 done" in told


def test_what_failed_is_told_and_asked_again_on_demand(server):
    server.behave(status=400, message="no")
    make_set(["One?"])
    contestant = make_paid(server)

    told = evaluate("fixed", "--yes")
    assert f"1 of {contestant.name}:" in told

    server.behave(text="Yes.")
    run = Run.objects.get()
    told = evaluate("--resume", str(run.pk), "--retry-failed")
    assert "is finished: 1 done, 0 failed" in told


NO_SUMS = ("five", "-1", "nan", "inf", "0.00001")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nothing"], "There is no set nothing"),
        (
            ["fixed", "--contestants", "wakin, nobody"],
            "no contestant nobody, wakin. Do you mean waking\\? There are: waking.",
        ),
        (["fixed", "--contestants", "sleeper"], "Sleeper is paused"),
        (["--resume", "7"], "no run 7"),
        ([], "Name a question set"),
        *((["fixed", f"--spend-limit={sum_}"], "no sum of US") for sum_ in NO_SUMS),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(arguments, sentence):
    make_set(["One?"])
    make_contestant(slug="sleeper", name="Sleeper", state="paused")
    make_contestant(slug="waking")

    with pytest.raises(CommandError, match=sentence):
        evaluate(*arguments)
