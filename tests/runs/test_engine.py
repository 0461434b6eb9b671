import threading
from decimal import Decimal

import pytest
from django.db import connection

from evaluations import fetching, runs
from evaluations.contestants import change_state
from evaluations.models import Answer, Benchmark, Contestant, Prompt, Run, RunItem
from evaluations.runs import RunRefused
from tests.benchmarks.making import make_test_set
from tests.factories import make_answer, make_contestant, make_prompt
from tests.fakes.model_server import ModelServer
from tests.runs.driving import (
    fetch_all,
    make_paid,
    make_questions,
    make_run,
    make_set,
    start,
    take_to_its_end,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def running():
    with ModelServer() as server:
        yield server


@pytest.fixture
def server(running):
    yield running
    running.forget()


def notes(run: Run) -> set[str]:
    return set(run.items.values_list("note", flat=True))


def test_a_later_turn_is_asked_with_the_answer_to_the_turn_before(server):
    server.behave(text="Paris.")
    contestant = make_paid(server)
    run = start(make_set(["Capital of France?", "And its river?"]), contestant)

    take_to_its_end(run)

    assert run.state == Run.State.FINISHED
    first, second = (call.payload["messages"] for call in server.calls)
    assert first == [{"role": "user", "content": "Capital of France?"}]
    assert second == [
        *first,
        {"role": "assistant", "content": "Paris."},
        {"role": "user", "content": "And its river?"},
    ]


def test_a_turn_after_one_that_failed_is_not_asked(server):
    server.behave(status=400, message="no")
    run = start(make_set(["One?", "Two?", "Three?"]), make_paid(server))

    take_to_its_end(run)

    assert run.state == Run.State.FINISHED
    assert len(server.calls) == 1
    assert runs.progress_of(run).failed == 3
    assert "An earlier turn got no answer." in notes(run)


def test_failed_items_are_asked_again_on_demand(server):
    server.behave(status=400, message="no")
    run = take_to_its_end(start(make_set(["One?", "Two?"]), make_paid(server)))
    server.behave(text="Yes.")

    assert runs.retry_failed(run=run) == 2
    take_to_its_end(run)

    assert (run.state, runs.progress_of(run).done) == ("finished", 2)
    assert notes(run) == {""}


def test_what_failed_calls_cost_still_counts_when_they_are_asked_again(server):
    server.behave(truncate_after=3)
    run = take_to_its_end(start(make_set(["One?"]), make_paid(server)))
    before = runs.spent_on(run)

    runs.retry_failed(run=run)

    assert runs.spent_on(run) == before > 0


def test_calls_that_still_wait_are_not_lost_when_they_are_asked_again(server):
    contestant = make_paid(server)
    run = start(make_questions(2), contestant)
    runs.advance_run(run_id=run.pk)
    Contestant.objects.update(state="retired")
    take_to_its_end(run)
    assert (runs.progress_of(run).failed, server.calls) == (2, [])
    Contestant.objects.update(state="active")

    assert runs.retry_failed(run=run) == 2
    assert run.items.under_way().filter(paid=True).count() == 2
    take_to_its_end(run)

    assert (run.state, runs.progress_of(run).done) == (Run.State.FINISHED, 2)
    assert len(server.calls) == 2
    assert runs.spent_on(run) > 0


def test_an_answer_that_was_there_before_is_taken_and_not_paid(server):
    contestant, prompt = make_paid(server), make_prompt("Known?", set="fixed")
    make_answer(contestant, prompt, prompt_tokens=10, completion_tokens=10)
    run = start(make_questions(1), contestant)

    take_to_its_end(run)

    assert len(server.calls) == 1
    paid = dict(run.items.values_list("prompt__turns__0", "paid"))
    assert paid == {"Known?": False, "What is 0 and two?": True}


def test_a_run_of_all_that_was_asked_before_makes_no_call(server):
    questions, contestant = make_questions(3), make_paid(server)
    take_to_its_end(start(questions, contestant))

    again = take_to_its_end(start(questions, contestant))

    assert again.state == Run.State.FINISHED
    assert len(server.calls) == 3
    assert runs.spent_on(again) == 0


def test_an_answer_that_failed_before_is_asked_once_more(server):
    contestant, prompt = make_paid(server), make_prompt("Failed?", set="fixed")
    failed = make_answer(contestant, prompt, state="failed", text="", error="cut")
    run = take_to_its_end(start(make_set(), contestant))

    failed.refresh_from_db()
    assert (failed.state, run.items.get().paid) == ("ready", True)


def test_what_was_spent_is_tokens_times_prices(server):
    server.behave(tokens=7)
    contestant = make_paid(server, price_in="2.5", price_out=10)
    run = take_to_its_end(start(make_questions(2), contestant))

    answers = Answer.objects.filter(contestant=contestant)
    dollars = sum(
        Decimal("2.5") * a.prompt_tokens + 10 * a.completion_tokens for a in answers
    )
    assert dollars > 0
    assert runs.spent_on(run) == dollars / 1_000_000


def test_an_answer_asked_twice_counts_twice(server):
    contestant = make_paid(server)
    run = take_to_its_end(start(make_questions(1), contestant))
    once = runs.spent_on(run)

    Answer.objects.update(claims=2)

    assert runs.spent_on(run) == 2 * once


def test_a_run_pauses_before_the_call_that_could_pass_its_limit(server):
    server.behave(tokens=20)
    contestant = make_paid(server, price_in=1000, price_out=1000)
    first = take_to_its_end(start(make_questions(1, slug="first"), contestant))
    one = runs.spent_on(first)

    run = start(make_questions(30), contestant, spend_limit=one * 10)
    take_to_its_end(run)

    assert (run.state, runs.spent_on(run)) == (Run.State.PAUSED, one * 10)
    assert "The next call could pass the limit" in run.note
    assert runs.progress_of(run).done == 11  # one was there


def test_where_nothing_is_known_of_a_price_one_call_goes_first(server):
    server.behave(tokens=500)
    contestant = make_paid(server, price_out=100)
    run = start(make_questions(30), contestant, spend_limit="0.5")

    runs.advance_run(run_id=run.pk)
    assert run.items.under_way().count() == 1
    take_to_its_end(run)

    assert run.state == Run.State.PAUSED
    assert runs.spent_on(run) <= Decimal("0.5")


def test_a_run_goes_on_under_a_higher_limit(server):
    contestant = make_paid(server)
    run = start(make_questions(5), contestant, spend_limit=0)
    assert take_to_its_end(run).state == Run.State.PAUSED

    runs.resume_run(run=run, spend_limit=Decimal(1))

    assert take_to_its_end(run).state == Run.State.FINISHED
    assert len(server.calls) == 5


def test_no_more_is_asked_ahead_than_some_calls_per_place(server):
    run = start(make_questions(50), make_paid(server, concurrency=2))

    runs.advance_run(run_id=run.pk)

    assert runs.progress_of(run).asked == 8


def test_two_workers_at_once_ask_nothing_twice(server):
    contestants = [make_paid(server, api_model=f"m{n}") for n in range(3)]
    run = start(make_questions(10), *contestants)

    def work() -> None:
        try:
            for _ in range(200):
                runs.advance_run(run_id=run.pk)
                fetch_all(run)
                run_now = Run.objects.get(pk=run.pk)
                if run_now.state == Run.State.FINISHED:
                    return
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    run.refresh_from_db()
    assert run.state == Run.State.FINISHED
    assert len({(call.model, call.digest) for call in server.calls}) == 30
    assert len(server.calls) == 30
    assert runs.progress_of(run).done == 30


def test_a_paused_run_asks_nothing_and_takes_what_comes(server):
    run = start(make_questions(30), make_paid(server, concurrency=1))
    runs.advance_run(run_id=run.pk)
    runs.pause_run(run=run)
    fetch_all(run)

    assert run.pk in runs.due_runs()
    take_to_its_end(run)

    assert run.state == Run.State.PAUSED
    assert runs.progress_of(run).done == len(server.calls) == 4
    assert run.pk not in runs.due_runs()


def test_a_stopped_run_stays_stopped(server):
    run = start(make_questions(2), make_paid(server))
    runs.stop_run(run=run)

    take_to_its_end(run)

    assert server.calls == []
    with pytest.raises(RunRefused):
        runs.resume_run(run=run)


def test_the_others_go_on_while_one_contestant_is_paused(server):
    held, other = make_paid(server, name="Held"), make_paid(server, api_model="other")
    run = start(make_questions(3), held, other)
    change_state(contestant=held, to="paused")

    take_to_its_end(run)

    assert len(server.calls_of("other")) == 3
    assert (run.state, run.note) == (
        "paused",
        "Paused: Held. Activate and resume the run.",
    )


def test_nothing_is_asked_of_a_contestant_that_retired_meanwhile(server):
    contestant = make_paid(server, name="Gone")
    run = start(make_questions(2), contestant)
    change_state(contestant=contestant, to="retired")

    take_to_its_end(run)

    assert (run.state, server.calls) == ("finished", [])
    assert notes(run) == {"Gone is retired and is not asked."}


def test_a_prompt_that_was_rejected_meanwhile_is_not_sent(server):
    run = start(make_set(["One?"], ["Two?"]), make_paid(server))
    Prompt.objects.filter(turns=["Two?"]).update(state="rejected")

    take_to_its_end(run)

    assert [c.payload["messages"][-1]["content"] for c in server.calls] == ["One?"]
    assert notes(run) == {"", "The prompt is not approved any more."}


def test_an_item_that_cannot_be_asked_fails_alone(server, caplog):
    contestant = make_paid(server)
    run = start(make_set(["One, in secret?"], ["Two?"]), contestant)
    # A turn that its prompt does not have, and one after it.
    prompt = Prompt.objects.get(turns=["Two?"])
    for turn in (2, 3):
        run.items.create(
            number=10 + turn, contestant=contestant, prompt=prompt, turn=turn
        )

    take_to_its_end(run)

    assert (run.state, runs.progress_of(run).done) == (Run.State.FINISHED, 2)
    broken, later = run.items.filter(state="failed").order_by("turn")
    assert broken.note == "It could not be asked (IndexError); the log says where."
    assert later.note == "An earlier turn got no answer."
    assert "IndexError at advancing.py:" in caplog.text
    assert "Two?" not in caplog.text


def test_an_answer_that_cannot_be_taken_in_fails_alone_and_is_tried_again(server):
    server.behave(text="Secretly 4")
    benchmark = make_test_set({"2 + 2?": "4", "1 + 3?": "4"}, extraction="(")
    run = runs.open_benchmark(benchmark=benchmark, contestants=[make_paid(server)])
    runs.start_run(run=run)

    take_to_its_end(run)

    assert run.state == Run.State.FINISHED
    assert notes(run) == {
        "It could not be taken in (CalledProcessError); the log says where."
    }
    spent = runs.spent_on(run)
    Benchmark.objects.update(extraction="")
    runs.retry_failed(run=run)
    take_to_its_end(run)
    assert (runs.progress_of(run).done, len(server.calls)) == (2, 2)
    assert runs.spent_on(run) == spent > 0


def test_a_run_without_questions_is_refused():
    with pytest.raises(RunRefused, match="nothing to ask"):
        make_run(make_set(["One?"]), *[])


def test_a_run_with_somebody_who_is_not_active_is_refused():
    paused = make_contestant(name="Sleeper", state="paused")

    with pytest.raises(RunRefused, match="Sleeper is paused"):
        make_run(make_set(["One?"]), paused)

    assert not RunItem.objects.exists()


def test_an_estimate_counts_what_was_answered_and_measures_the_rest(server):
    server.behave(tokens=9)
    contestant = make_paid(server, price_in=1, price_out=2, requests_per_minute=60)
    known = make_set(["A?", "B?"], ["C?"], slug="known")
    take_to_its_end(start(known, contestant))
    make_prompt("D?", set="more")
    prompts = make_set(["A?", "B?"], ["C?", "E?"], slug="more")

    figures = runs.estimate(run=make_run(prompts, contestant))

    (line,) = figures.lines
    said = [(a.prompt_tokens, a.completion_tokens) for a in Answer.objects.all()]
    mean_in, mean_out = (sum(column) / 3 for column in zip(*said, strict=True))
    assert (line.answered, line.calls) == (3, 2)
    assert line.prompt_tokens == round(2 * mean_in)
    assert line.completion_tokens == round(2 * mean_out)
    expected = Decimal(line.prompt_tokens + 2 * line.completion_tokens) / 1_000_000
    assert line.cost == figures.cost == expected
    assert line.basis == "mean of 3 earlier answers"


def test_an_estimate_without_any_measurement_says_that_it_guesses():
    contestant = make_contestant(price_out=10)

    figures = runs.estimate(run=make_run(make_questions(5), contestant))

    assert figures.cost == Decimal("0.02")  # 5 x 400 tokens at $10 a million
    assert "rough guess: 100 + 400 tokens a call" in figures.lines[0].basis
    assert fetching.failure_counts() == {}
