from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import DjangoCaptureOnCommitCallbacks

from evaluations.importers.report import Count
from evaluations.importers.starter import load_starter_pack
from evaluations.models import (
    Benchmark,
    BenchmarkItem,
    Contestant,
    ContestantChange,
    JudgeTemplate,
    Prompt,
    PromptSet,
)
from evaluations.providers.house import PROGRAMS
from evaluations.question_sets import freeze
from tests.factories import make_contestant

pytestmark = pytest.mark.django_db


def test_the_house_programs_come_in_active_and_the_log_says_so() -> None:
    load_starter_pack()

    house = Contestant.objects.active().filter(provider=Contestant.Provider.HOUSE)
    assert {contestant.api_model for contestant in house} == set(PROGRAMS)
    assert all(contestant.slug.startswith("house-") for contestant in house)
    assert {contestant.maker for contestant in house} == {"Open Arena"}
    changes = ContestantChange.objects.values_list(
        "contestant__slug", "from_state", "to_state"
    )
    assert set(changes) == {(contestant.slug, "", "active") for contestant in house}


def test_the_prompts_come_in_approved_under_their_licence() -> None:
    load_starter_pack()

    starter = PromptSet.objects.get(slug="starter")
    prompts = starter.prompts.all()
    assert (starter.licence, starter.source) == ("CC BY 4.0", "Open Arena")
    assert len(prompts) >= 60
    assert len({prompt.category for prompt in prompts}) == 8
    assert {prompt.state for prompt in prompts} == {Prompt.State.APPROVED}


def test_a_frozen_set_keeps_its_prompts_and_the_pack_loads_all_the_same() -> None:
    load_starter_pack()
    starter = PromptSet.objects.get(slug="starter")
    freeze(prompt_set=starter)

    assert load_starter_pack().added == 0
    assert starter.prompts.exists()


def test_two_benchmarks_come_in_with_their_items() -> None:
    load_starter_pack()

    benchmarks = Benchmark.objects.order_by("slug")
    assert [(one.slug, one.kind, one.items.count()) for one in benchmarks] == [
        ("everyday-arithmetic", "number", 30),
        ("short-texts", "choice", 30),
    ]
    assert {one.licence for one in benchmarks} == {"CC BY 4.0"}


def test_a_benchmark_that_was_replaced_does_not_come_back() -> None:
    load_starter_pack()
    Benchmark.objects.filter(slug="short-texts").update(slug="own-texts")

    report = load_starter_pack()

    assert report.counts[2] == Count("benchmarks", 0, 2)


def test_loading_twice_changes_nothing() -> None:
    first = load_starter_pack()
    before = _everything()

    second = load_starter_pack()

    kinds = (Contestant, Prompt, Benchmark, JudgeTemplate)
    assert first.added == sum(kind._default_manager.count() for kind in kinds)
    assert second.added == 0
    assert [count.already_there for count in second.counts] == [
        count.added for count in first.counts
    ]
    assert _everything() == before


def test_a_paused_program_stays_paused() -> None:
    load_starter_pack()
    Contestant.objects.filter(slug="house-terse").update(state="paused")

    load_starter_pack()

    terse = Contestant.objects.get(slug="house-terse")
    assert terse.state == Contestant.State.PAUSED
    assert terse.changes.count() == 1


def test_what_an_admin_wrote_stays() -> None:
    load_starter_pack()
    Contestant.objects.filter(slug="house-terse").update(
        description="Ours.", requests_per_minute=7
    )
    PromptSet.objects.update(title="Our prompts")
    Prompt.objects.update(state=Prompt.State.REJECTED)

    load_starter_pack()

    terse = Contestant.objects.get(slug="house-terse")
    assert (terse.description, terse.requests_per_minute) == ("Ours.", 7)
    assert PromptSet.objects.get().title == "Our prompts"
    assert not Prompt.objects.approved().exists()


def test_a_name_that_is_taken_is_left_to_its_holder() -> None:
    holder = make_contestant(slug="own-terse", name="House Terse")

    report = load_starter_pack()

    assert report.counts[0] == Count("contestants", len(PROGRAMS) - 1, 1)
    assert not Contestant.objects.filter(slug="house-terse").exists()
    assert not holder.changes.exists()


def test_a_program_that_is_missing_is_added_to_the_rest() -> None:
    load_starter_pack()
    Contestant.objects.get(slug="house-digest").delete()
    Prompt.objects.filter(language="de").delete()

    report = load_starter_pack()

    assert report.counts[0].added == 1
    assert report.counts[1].added == Prompt.objects.filter(language="de").count() > 0


def test_a_dry_run_counts_and_writes_nothing() -> None:
    output = StringIO()

    call_command("load_starter_pack", dry_run=True, stdout=output)

    assert f"contestants: {len(PROGRAMS)} added" in output.getvalue()
    assert "nothing was written" in output.getvalue()
    assert not Contestant.objects.exists()
    assert not PromptSet.objects.exists()
    assert not JudgeTemplate.objects.exists()


def test_the_command_loads_the_pack() -> None:
    output = StringIO()

    call_command("load_starter_pack", stdout=output)

    assert "0 there before" in output.getvalue()
    assert Contestant.objects.active().count() == len(PROGRAMS)


def test_new_battles_are_asked_for_once_the_pack_is_in(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as first:
        load_starter_pack()
    with django_capture_on_commit_callbacks() as second:
        load_starter_pack()

    assert len(first) == 1
    assert second == []


def _everything() -> list[object]:
    tables = (
        *(Contestant, ContestantChange, PromptSet, Prompt),
        *(Benchmark, BenchmarkItem, JudgeTemplate),
    )
    return [
        row
        for table in tables
        for row in table._default_manager.order_by("pk").values_list()
    ]
