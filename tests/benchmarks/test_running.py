import pytest

from evaluations import runs
from evaluations.benchmarks.filling import filled
from evaluations.importers.starter import load_starter_pack
from evaluations.models import (
    Benchmark,
    BenchmarkItem,
    BenchmarkResult,
    BenchmarkScore,
    Contestant,
)
from tests.benchmarks.making import make_test_set, start
from tests.factories import make_contestant
from tests.fakes.model_server import ModelServer
from tests.runs.driving import make_paid, take_to_its_end

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server():
    with ModelServer() as running:
        yield running


def test_places_are_filled_once_and_texts_are_left_alone():
    asked = filled(
        "{question}\n{choices}\n{reply}",
        question="What does {choices} mean?",
        choices=["{question}", "a place"],
    )

    assert asked == "What does {choices} mean?\nA) {question}\nB) a place\n{reply}"


def test_house_programs_take_the_benchmarks_that_ship_with_them():
    load_starter_pack()
    # Enough of them to be right and wrong.
    BenchmarkItem.objects.filter(number__gt=15).delete()
    house = Contestant.objects.filter(slug__in=["house-reckoner", "house-digest"])

    for slug in ("everyday-arithmetic", "short-texts"):
        run = start(Benchmark.objects.get(slug=slug), *house)
        assert take_to_its_end(run).state == "finished"
        assert run.items.filter(state="done").count() == 30

    reached = {
        (score.benchmark.slug, score.contestant.slug): score.correct
        for score in BenchmarkScore.objects.select_related("benchmark", "contestant")
        if score.contestant and score.items == 15
    }
    assert len(reached) == 4
    assert 0 < reached["everyday-arithmetic", "house-reckoner"] < 15
    assert 0 < reached["short-texts", "house-digest"] < 15
    assert reached["short-texts", "house-reckoner"] == 0
    first = BenchmarkResult.objects.get(
        run_item__benchmark_item__external_id="everyday-arithmetic-1",
        run_item__contestant__slug="house-reckoner",
    )
    assert (first.extracted, first.correct) == ("114", True)


def test_a_score_is_the_share_of_right_answers_in_per_cent(server):
    server.behave(text="That makes 4.")
    benchmark = make_test_set({"2 + 2?": "4", "2 + 3?": "5", "8 / 2?": "4"})
    contestant = make_paid(server)

    take_to_its_end(start(benchmark, contestant))

    score = BenchmarkScore.objects.get()
    assert (score.contestant, score.items, score.correct) == (contestant, 3, 2)
    assert score.value == pytest.approx(200 / 3)
    assert (score.origin, score.reported_as) == ("run", contestant.name)
    assert score.measured_on is not None


def test_an_item_without_a_reply_is_not_right_and_may_come_later(server):
    server.behave(text="4")
    server.behave(when="+ 2", status=400, message="no")
    benchmark = make_test_set({"2 + 2?": "4", "2 + 3?": "5", "1 + 3?": "4"})
    run = take_to_its_end(start(benchmark, make_paid(server)))

    score = BenchmarkScore.objects.get()
    assert (score.items, score.correct, score.failed) == (3, 1, 1)
    assert score.value == pytest.approx(100 / 3)
    server.behave(when="+ 2", text="4")

    runs.retry_failed(run=run)
    take_to_its_end(run)

    score = BenchmarkScore.objects.get()
    assert (score.items, score.correct, score.failed) == (3, 2, 0)


def test_whoever_never_replied_has_no_score(server):
    server.behave(status=400, message="no")

    take_to_its_end(start(make_test_set({"2 + 2?": "4"}), make_paid(server)))

    assert not BenchmarkResult.objects.exists() and not BenchmarkScore.objects.exists()


def test_nobody_is_asked_twice_for_what_was_answered(server):
    server.behave(text="4")
    benchmark = make_test_set({"2 + 2?": "4"})
    contestant, other = make_paid(server), make_contestant()

    take_to_its_end(start(benchmark, contestant))
    take_to_its_end(start(benchmark, contestant, other))

    assert len(server.calls) == 1
    assert BenchmarkScore.objects.filter(contestant=contestant).count() == 2


def test_an_own_expression_reads_the_answer(server):
    server.behave(text="Final: 5\nI am 99 % sure.")
    benchmark = make_test_set({"2 + 3?": "5"}, extraction=r"Final: (\d+)")

    take_to_its_end(start(benchmark, make_paid(server)))

    assert BenchmarkResult.objects.get().correct
