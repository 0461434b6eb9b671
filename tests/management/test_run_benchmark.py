from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from evaluations.models import Answer, BenchmarkScore, Run
from tests.benchmarks.making import make_benchmark, make_test_set
from tests.factories import make_contestant

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("run_benchmark", *arguments, stdout=output)
    return output.getvalue()


@pytest.fixture
def sums():
    return make_test_set({"What is 2 + 2?": "4", "What is six and six?": "12"})


def test_a_benchmark_is_run_to_its_end_and_the_scores_are_told(sums):
    make_contestant(name="Reckoner", api_model="reckoner", slug="reckoner")
    make_contestant(slug="other")

    said = run("sums", "--contestants", "reckoner", "--yes")

    assert "is finished: 2 done, 0 failed" in said
    assert "Reckoner  1 of 2  50.0 %" in said
    assert BenchmarkScore.objects.get().contestant.slug == "reckoner"


def test_a_dry_run_tells_the_price_and_asks_nothing(sums):
    make_contestant()

    said = run("sums", "--dry-run")

    assert "nothing was asked" in said and "to ask" in said
    assert not Run.objects.exists() and not Answer.objects.exists()


def test_nothing_starts_without_a_yes(sums):
    make_contestant()

    assert "Nothing was asked" in run("sums")
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["none"], "There is no benchmark none. There are: sums."),
        (["elsewhere"], "was measured elsewhere"),
        (["sums", "--contestants", "nobody"], "There is no contestant nobody"),
        (["sums", "--contestants", "retired"], "Only active contestants"),
    ],
)
def test_what_cannot_be_run_is_refused(sums, arguments, problem):
    make_benchmark("Elsewhere")
    make_contestant(slug="retired", state="retired")

    with pytest.raises(CommandError, match=problem):
        run(*arguments)

    assert not Run.objects.exists()
