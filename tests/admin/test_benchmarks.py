import pytest
from django.urls import reverse

from evaluations.models import Benchmark, BenchmarkScore, Contestant, Run
from tests.benchmarks.making import make_benchmark, make_test_set, report
from tests.factories import make_contestant

pytestmark = pytest.mark.django_db

LIST = "/admin/evaluations/benchmarkscore/"
BENCHMARKS = "/admin/evaluations/benchmark/"


@pytest.fixture
def heron() -> Contestant:
    return make_contestant(name="Heron 7B", slug="heron-7b")


@pytest.fixture
def scores(heron) -> list[BenchmarkScore]:
    """Two names, the first with two scores and a suggestion."""
    one, two = make_benchmark("One"), make_benchmark("Two")
    hint = {"reported_as": "heron_7b", "suggested": heron}
    return [
        report(one, None, 1, **hint),
        report(two, None, 2, **hint),
        report(one, None, 3, reported_as="rowan"),
    ]


def act(admin, action: str, *scores: BenchmarkScore) -> str:
    sent = {"action": action, "_selected_action": [score.pk for score in scores]}
    return admin.post(LIST, sent, follow=True).content.decode()


def page_of(score: BenchmarkScore) -> str:
    return reverse("admin:evaluations_benchmarkscore_change", args=[score.pk])


def owners() -> list[int | None]:
    found = BenchmarkScore.objects.order_by("pk")
    return list(found.values_list("contestant", flat=True))


def test_each_name_stands_once_with_its_match(admin, scores):
    text = admin.get(LIST).content.decode()
    waiting = admin.get(f"{LIST}?match=unmatched").content.decode()

    assert text.count('type="checkbox" name="_selected_action"') == 2
    assert "heron_7b" in text and "heron_7b" not in waiting and "rowan" in waiting


def test_a_suggestion_is_confirmed_for_all_scores_and_taken_back(admin, scores, heron):
    said = act(admin, "confirm_suggestion", scores[0])
    assert "Scores confirmed: 2." in said
    assert owners() == [heron.pk, heron.pk, None]
    assert BenchmarkScore.objects.filter(confirmed_by__username="ada").count() == 2

    assert "Scores taken back: 2." in act(admin, "undo", scores[0])
    assert owners() == [None, None, None]


def test_what_has_no_suggestion_is_not_confirmed_by_one(admin, scores):
    assert "Nothing is suggested for rowan" in act(
        admin, "confirm_suggestion", scores[2]
    )
    assert owners() == [None, None, None]


def test_many_names_without_a_suggestion_are_told_in_one_line(admin, scores):
    maple = report(scores[0].benchmark, None, 4, reported_as="maple")

    said = act(admin, "confirm_suggestion", scores[2], maple)

    assert "Names left as they are: 2. Nothing is suggested for maple" in said
    assert "Nothing is suggested for rowan" not in said


def test_another_model_is_chosen_on_the_page_of_the_name(admin, scores):
    grove = make_contestant(name="Grove")

    said = admin.post(page_of(scores[2]), {"contestant": grove.pk}, follow=True)

    assert "Scores given to Grove: 1." in said.content.decode()
    assert owners() == [None, None, grove.pk]
    grove.refresh_from_db()
    assert grove.aliases == ["rowan"]

    admin.post(page_of(scores[2]), {"contestant": ""})
    grove.refresh_from_db()
    assert (owners()[2], grove.aliases) == (None, [])


def test_a_page_of_a_name_shows_all_its_scores(admin, scores):
    text = admin.get(page_of(scores[0])).content.decode()

    assert "One, accuracy, %: 1" in text and "Two, accuracy, %: 2" in text


def test_names_are_looked_at_again(admin, scores):
    rowan = make_contestant(name="Rowan")

    act(admin, "suggest_again", scores[2])

    scores[2].refresh_from_db()
    assert scores[2].suggested == rowan


def test_what_is_said_of_a_benchmark_may_change_and_what_it_asks_not(admin):
    sums = make_test_set({"2 + 2?": "4"})
    assert "Sums" in admin.get(BENCHMARKS).content.decode()
    sent = {
        **{"name": "Sums", "version": "1", "metric": "accuracy, %", "licence": "MIT"},
        **{"source": "us", "prompt_template": "{question}!", "kind": "exact"},
    }

    admin.post(reverse("admin:evaluations_benchmark_change", args=[sums.pk]), sent)

    saved = Benchmark.objects.get()
    assert (saved.licence, saved.kind) == ("MIT", "number")
    assert saved.prompt_template == "{question}"


def test_a_benchmark_is_run_with_whom_an_admin_chooses(admin, heron):
    sums = make_test_set({"2 + 2?": "4"})
    sent = {"action": "run_benchmark", "_selected_action": sums.pk}

    asked = admin.post(BENCHMARKS, sent).content.decode()
    planned = {**sent, "plan": "yes", "contestants": heron.pk, "spend_limit": "2"}
    response = admin.post(BENCHMARKS, planned)

    assert "Every item of Sums 1 will be asked" in asked and "Heron 7B" in asked
    run = Run.objects.get()
    assert response["Location"].endswith(f"/run/{run.pk}/change/")
    assert (run.kind, run.benchmark, run.spend_limit) == ("benchmark", sums, 2)
    assert run.by is not None and run.items.count() == 1
    assert run.state == Run.State.PLANNED


def test_what_was_measured_elsewhere_cannot_be_run(admin, heron):
    elsewhere = make_benchmark("Elsewhere")
    sent = {"action": "run_benchmark", "_selected_action": elsewhere.pk}

    said = admin.post(
        BENCHMARKS, {**sent, "plan": "yes", "contestants": heron.pk}, follow=True
    )

    assert "was measured elsewhere" in said.content.decode()
    assert not Run.objects.exists()
