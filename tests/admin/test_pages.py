import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from evaluations import auditing, voting
from evaluations.models import (
    Answer,
    Audit,
    Battle,
    ConnectionTest,
    Contestant,
    Dump,
    ImportJob,
    Leaderboard,
    Prompt,
    PromptSet,
    Report,
    Volunteer,
    Vote,
)
from tests.crowds import adore, judge_all, make_models
from tests.factories import make_battle, make_prompt, make_visitor, vote_for

pytestmark = pytest.mark.django_db

ROWS = (
    Answer,
    Audit,
    Battle,
    ConnectionTest,
    Contestant,
    Dump,
    ImportJob,
    Leaderboard,
    Prompt,
    PromptSet,
    Report,
    Volunteer,
    Vote,
)


def list_of(model) -> str:
    return reverse(f"admin:evaluations_{model._meta.model_name}_changelist")


def logged() -> list[str]:
    """What the admin's own log keeps, with who it was."""
    entries = LogEntry.objects.order_by("pk").select_related("user")
    return [f"{entry.user}: {entry.get_change_message()}" for entry in entries]


@pytest.fixture
def _rows():
    battle = make_battle()
    vote_for(battle)
    Report.objects.create(battle=battle, reason="private")
    ConnectionTest.objects.create(contestant=battle.contestant_x)
    Dump.objects.create(version="2026-11-23-1")
    ImportJob.objects.create(format="csv", file_name="own.csv", folder="f")
    auditing.run_audit()


@pytest.mark.usefixtures("_rows")
@pytest.mark.parametrize("model", ROWS)
def test_every_list_and_every_row_opens(admin, model):
    assert admin.get(list_of(model)).status_code == 200
    for row in model.objects.all():
        name = f"admin:evaluations_{model._meta.model_name}_change"
        assert admin.get(reverse(name, args=[row.pk])).status_code == 200


def test_the_first_page_warns_of_a_leader_that_hangs_on_one_volunteer(admin):
    models = make_models(3)
    judge_all(models, strengths=(0.4, 0.2, 0.0), volunteers=12)
    fan = adore(models[1], [models[0], models[2]], times=40)
    auditing.run_audit()

    page = admin.get("/admin/").content.decode()

    assert "⚠" in page
    assert "without one volunteer another would lead" in page
    where = f"{list_of(Vote)}?volunteer__id__exact={fan.pk}"
    assert f'href="{where}"' in page
    assert admin.get(where).status_code == 200


def test_the_first_page_is_calm_before_any_audit(admin):
    page = admin.get("/admin/").content.decode()

    assert "no audit yet" in page
    assert "⚠" not in page


@pytest.mark.usefixtures("_rows")
def test_the_first_page_shows_the_figures(admin):
    page = admin.get("/admin/").content.decode()

    for title in ("Judgements in 24 hours", "Pairs ready", "Open reports", "Worker"):
        assert title in page


def test_the_admin_has_a_policy_of_its_own_and_the_site_the_strict_one(admin, client):
    for page in (admin.get("/admin/"), client.get("/admin/login/")):
        assert "'unsafe-eval'" in page.headers["Content-Security-Policy"]
    for page in (client.get("/leaderboard"), client.get("/nowhere")):
        assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_an_admin_flags_votes_and_counts_them_again(admin):
    visitor = make_visitor()
    vote = vote_for(make_battle(), visitor=visitor)
    vote_for(make_battle(), visitor=visitor)
    chosen = {"_selected_action": vote.pk}

    admin.post(list_of(Vote), {"action": "flag", **chosen})
    vote.refresh_from_db()
    assert (vote.state, vote.rule) == ("flagged", "review")
    assert vote.state_reason == "left out after review"
    assert logged() == ["ada: Flagged."]

    admin.post(list_of(Vote), {"action": "unflag", **chosen})
    vote.refresh_from_db()
    assert vote.state == "counted"
    assert logged() == ["ada: Flagged.", "ada: Counted again."]


def test_an_upheld_report_withdraws_the_pair(admin):
    battle = make_battle()
    report = Report.objects.create(battle=battle, reason="private")

    admin.post(list_of(Report), {"action": "uphold", "_selected_action": report.pk})

    report.refresh_from_db()
    assert report.state == "upheld"
    assert logged() == ["ada: Upheld."]
    with pytest.raises(voting.BattleWithdrawn):
        vote_for(battle)


def test_an_admin_withdraws_a_battle(admin):
    battle = make_battle()

    admin.post(list_of(Battle), {"action": "withdraw", "_selected_action": battle.pk})

    battle.refresh_from_db()
    assert battle.withdrawn_reason == "withdrawn by an administrator"
    assert logged() == ["ada: Withdrawn from the queue."]


def test_a_withdrawn_dump_does_not_name_the_admin(admin, client):
    dump = Dump.objects.create(
        version="2026-11-23-1", state="published", published_at=timezone.now()
    )

    admin.post(list_of(Dump), {"action": "withdraw", "_selected_action": dump.pk})

    dump.refresh_from_db()
    assert (dump.state, dump.note) == ("withdrawn", "withdrawn by an administrator")
    assert logged() == ["ada: Withdrawn from download."]
    assert "withdrawn by an administrator" in client.get("/data").content.decode()


def test_prompts_are_approved_and_rejected(admin):
    prompt = make_prompt(state="pending")
    chosen = {"_selected_action": prompt.pk}

    admin.post(list_of(Prompt), {"action": "approve", **chosen})
    assert Prompt.objects.approved().exists()

    admin.post(list_of(Prompt), {"action": "reject", **chosen})
    assert not Prompt.objects.approved().exists()


def test_votes_cannot_be_edited(admin):
    vote = vote_for(make_battle())
    page = reverse("admin:evaluations_vote_change", args=[vote.pk])

    response = admin.post(page, {"verdict": "b"})

    assert response.status_code == 403


def test_saving_the_empty_form_asks_for_a_dump(admin):
    response = admin.post("/admin/evaluations/dump/add/", {}, follow=True)

    dump = Dump.objects.get()
    assert dump.state == "queued"
    assert dump.requested_by.username == "ada"
    assert dump.version in response.content.decode()


def test_after_the_log_in_comes_the_panel(client):
    User.objects.create_superuser("ada", password="x")

    response = client.post("/admin/login/", {"username": "ada", "password": "x"})

    assert response.headers["Location"] == reverse("admin:index")
