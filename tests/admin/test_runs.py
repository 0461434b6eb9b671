import pytest
from django.core.cache import cache
from django.urls import reverse

from evaluations import events, runs
from evaluations.models import Answer, PromptSet, Run
from tests.admin.test_pages import list_of, logged
from tests.factories import make_contestant, make_prompt
from tests.runs.driving import make_questions, make_run, start, take_to_its_end

pytestmark = pytest.mark.django_db


def page_of(run: Run) -> str:
    return reverse("admin:evaluations_run_change", args=[run.pk])


def press(admin, run: Run, button: str, **fields: str) -> Run:
    name = f"evaluations_run_{button}_this"
    reply = admin.post(page_of(run), {name: "1", **fields})
    assert (reply.status_code, reply.url) == (302, page_of(run))
    run.refresh_from_db()
    return run


def evaluate(admin, *sets: PromptSet, **fields):
    chosen = {"_selected_action": [each.pk for each in sets]}
    data = {"action": "evaluate", **chosen, **fields}
    return admin.post(list_of(PromptSet), data)


def test_a_set_is_evaluated_with_whom_an_admin_chooses(admin):
    prompts, chosen = make_questions(3), make_contestant(name="Chosen")
    make_contestant(name="Other")
    assert "Chosen" in evaluate(admin, prompts).content.decode()

    sent = {"plan": "yes", "contestants": [chosen.pk], "spend_limit": "2.5"}
    reply = evaluate(admin, prompts, **sent)

    run = Run.objects.get()
    assert reply.url == page_of(run)
    assert (run.state, run.by.username, run.spend_limit) == ("planned", "ada", 2.5)
    assert {item.contestant for item in run.items.all()} == {chosen}
    assert not Answer.objects.exists()


def test_nobody_chosen_is_said_and_nothing_planned(admin):
    page = evaluate(admin, make_questions(1), plan="yes").content.decode()

    assert "This field is required" in page
    assert not Run.objects.exists()


def test_several_sets_are_a_run_each(admin):
    sets = make_questions(1), make_questions(2, slug="second")
    chosen = make_contestant()

    reply = evaluate(admin, *sets, plan="yes", contestants=[chosen.pk])

    assert reply.url.endswith("?state__exact=planned")
    assert sorted(run.items.count() for run in Run.objects.all()) == [1, 2]


def test_where_one_of_several_sets_is_refused_none_is_planned(admin):
    empty = PromptSet.objects.create(slug="empty", title="Z", licence="CC0-1.0")
    sent = {"plan": "yes", "contestants": [make_contestant().pk]}

    evaluate(admin, make_questions(1), empty, **sent)

    assert not Run.objects.exists()


def test_a_planned_run_tells_its_price_and_that_it_freezes_its_set(admin):
    make_prompt(set="loose")
    loose = PromptSet.objects.get(slug="loose")
    run = make_run(loose, make_contestant(price_out=10))

    page = admin.get(page_of(run)).content.decode()
    assert "0.0040" in page  # 400 tokens at $10 a million
    assert "rough guess" in page
    assert "It freezes Made at version 1" in page

    press(admin, run, "start", spend_limit="3")
    loose.refresh_from_db()
    assert (run.state, run.spend_limit) == ("running", 3)
    assert loose.frozen_at is not None


def test_a_run_is_paused_resumed_and_stopped_by_its_buttons(admin):
    run = start(make_questions(3), make_contestant())

    assert press(admin, run, "pause").state == "paused"
    assert press(admin, run, "resume", spend_limit="9").state == "running"
    assert run.spend_limit == 9
    assert press(admin, run, "stop").state == "stopped"
    assert logged()[1:] and "ada: It is paused." in logged()


def test_a_button_that_does_not_fit_is_not_there(admin):
    run = start(make_questions(3), make_contestant())

    page = admin.get(page_of(run))
    assert "Pause" in page.content.decode()
    assert "Save and start" not in page.content.decode()
    assert page["Refresh"] == "3"

    press(admin, run, "resume")
    assert run.state == "running"


def test_saving_the_limit_leaves_what_the_workers_write(admin):
    run = make_run(make_questions(1), make_contestant())
    runs.start_run(run=run)
    runs.pause_run(run=run)

    admin.post(page_of(run), {"spend_limit": "4"})

    run.refresh_from_db()
    assert (run.state, run.spend_limit) == ("paused", 4)


@pytest.mark.django_db(transaction=True)
def test_failed_items_are_told_and_asked_again(admin):
    gone = make_contestant(name="Gone")
    run = start(make_questions(2), gone)
    gone.state = "retired"
    gone.save()
    take_to_its_end(run)

    page = admin.get(page_of(run)).content.decode()
    assert "Gone is retired and is not asked." in page
    assert "2 of 2 (100 %)" in page

    admin.post(list_of(Run), {"action": "retry", "_selected_action": run.pk})
    run.refresh_from_db()
    assert run.state == "running"


def test_only_a_run_that_has_not_begun_is_discarded(admin):
    prompts, contestant = make_questions(1), make_contestant()
    planned = make_run(prompts, contestant)
    begun = start(prompts, contestant)

    for run in (planned, begun):
        reply = admin.post(page_of(run), {"evaluations_run_discard_this": "1"})
        assert reply.status_code == 302

    assert Run.objects.get() == begun


def test_the_list_takes_as_many_queries_however_many_runs(
    admin, django_assert_max_num_queries
):
    prompts, contestant = make_questions(2), make_contestant()
    for _ in range(8):
        start(prompts, contestant)
    cache.delete(events.HEARTBEAT)

    with django_assert_max_num_queries(20):
        page = admin.get(list_of(Run)).content.decode()

    assert page.count("<progress") == 8
