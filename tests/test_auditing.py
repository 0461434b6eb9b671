import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from evaluations import auditing, leaderboard, tasks
from evaluations.auditing.running import AUDIT_LOCK
from evaluations.models import Audit, Battle, Contestant, Leaderboard, Vote
from evaluations.rating.tallies import digest
from tests.crowds import adore, judge_all, make_models
from tests.factories import make_battle, make_control, make_visitor, vote_for

pytestmark = pytest.mark.django_db(transaction=True)

STRENGTHS = (1.5, 0.6, -0.2, -1.0)


def _arena(*, volunteers: int = 12, rounds: int = 3) -> list:
    models = make_models(len(STRENGTHS))
    judge_all(models, strengths=STRENGTHS, volunteers=volunteers, rounds=rounds)
    return models


def test_the_votes_read_are_those_of_the_table() -> None:
    _arena()
    battle = make_battle()
    for state, rule in (("pending", ""), ("flagged", "r"), ("withdrawn", "r")):
        vote = vote_for(battle)
        Vote.objects.filter(pk=vote.pk).update(state=state, rule=rule)
    withdrawn, control = vote_for(make_battle()), vote_for(make_control())
    Vote.objects.filter(pk__in=[withdrawn.pk, control.pk]).update(state="counted")
    Battle.objects.filter(pk=withdrawn.battle_id).update(
        withdrawn_at=timezone.now(), withdrawn_reason="private"
    )

    votes = auditing.read_votes()

    assert len(votes) == 12 * 6 * 3
    assert digest(votes.tallies()) == leaderboard.latest().digest


def test_a_vote_comes_with_its_volunteer_day_and_prompt() -> None:
    dated, undated = vote_for(make_battle()), vote_for(make_battle(), "both_bad")
    day = datetime(2026, 1, 2, 23, 30, tzinfo=UTC)
    Vote.objects.filter(pk=dated.pk).update(state="counted", cast_at=day)
    Vote.objects.filter(pk=undated.pk).update(state="counted", cast_at=None)

    votes = auditing.read_votes()

    assert votes.volunteer.tolist() == [dated.volunteer_id, undated.volunteer_id]
    assert votes.day.tolist() == [20455, -1]
    prompts = [dated.battle.prompt_id, undated.battle.prompt_id]
    assert votes.prompt.tolist() == prompts
    assert votes.outcome.tolist() == [0, 2]


def test_an_audit_says_from_what_it_was_made_and_fits_a_page() -> None:
    _arena()

    audit = auditing.run_audit()

    table = leaderboard.latest()
    assert (audit.votes, audit.volunteers) == (table.votes, 12)
    assert audit.digest == table.digest
    assert audit.watermark >= table.watermark
    assert audit.code_version == table.code_version
    assert audit.started_at <= audit.finished_at
    (group,) = audit.results["groups"]
    assert (group["leader"]["ahead"], group["leader"]["behind"]) == ("m0", "m1")
    pairs = [(swap["ahead"], swap["behind"]) for swap in group["neighbours"]]
    assert pairs == [("m0", "m1"), ("m1", "m2"), ("m2", "m3")]
    assert group["left_out"].keys() == {"volunteer", "day", "prompt"}
    assert len(json.dumps(audit.results)) < 5000


def test_figures_of_an_audit_agree_with_its_table() -> None:
    _arena()

    audit = auditing.run_audit()

    rows = audit.results["groups"][0]["reliability"]["rows"]
    ratings = leaderboard.latest().ratings.order_by("-rating")
    assert [row["slug"] for row in rows] == [r.contestant.slug for r in ratings]
    assert [row["rating"] for row in rows] == pytest.approx(
        [rating.rating for rating in ratings], abs=0.01
    )
    lead = audit.results["groups"][0]["leader"]["lead"]
    assert lead == pytest.approx(rows[0]["rating"] - rows[1]["rating"], abs=0.01)


def test_an_audit_shows_the_errors_that_the_next_table_has() -> None:
    models = _arena(volunteers=4, rounds=1)
    for favourite in models[:2]:
        adore(favourite, models[2:], times=40)

    audit = auditing.run_audit()
    leaderboard.publish_slices()

    rows = audit.results["groups"][0]["reliability"]["rows"]
    ratings = {r.contestant.slug: r for r in leaderboard.latest().ratings.all()}
    errors = [ratings[row["slug"]].standard_error for row in rows]
    assert max(audit.design_effects.of.values()) > 1.1
    assert [row["se"] for row in rows] == pytest.approx(errors, abs=0.01)


def test_contestants_without_a_design_effect_take_the_pooled_one() -> None:
    _arena()
    audit = auditing.run_audit()

    effects = audit.design_effects
    assert set(effects.of) == {"m0", "m1", "m2", "m3"}
    assert effects.among(("m0", "new")).tolist() == [
        audit.results["effects"]["m0"],
        audit.results["pooled_effect"],
    ]


def test_groups_without_a_vote_between_them_are_audited_apart() -> None:
    _arena()
    vote = vote_for(make_battle())
    Vote.objects.filter(pk=vote.pk).update(state="counted")

    audit = auditing.run_audit()

    first, second = audit.results["groups"]
    assert (first["contestants"], second["contestants"]) == (4, 2)
    assert (first["settled"], second["settled"]) == (True, False)
    assert second["left_out"]["volunteer"] is None


def test_no_audit_is_due_before_there_is_a_table() -> None:
    assert auditing.run_due_audit() is None


def test_an_audit_is_due_when_votes_have_grown() -> None:
    models = _arena()

    assert auditing.run_due_audit() is not None
    assert auditing.run_due_audit() is None
    adore(models[1], models[2:3], times=10)
    assert auditing.run_due_audit() is None
    adore(models[1], models[2:3], times=1)
    assert auditing.run_due_audit() is not None


def test_whatever_has_changed_is_audited_after_a_day() -> None:
    models = _arena()
    auditing.run_due_audit()
    Audit.objects.update(finished_at=timezone.now() - timedelta(days=2))

    assert auditing.run_due_audit() is None
    adore(models[1], models[2:3], times=1)
    assert auditing.run_due_audit() is not None


def test_new_code_makes_an_audit_due(settings) -> None:
    _arena()
    auditing.run_due_audit()

    settings.ARENA_CODE_VERSION = "another"

    assert auditing.run_due_audit().code_version == "another"


def test_two_workers_make_no_audit_twice() -> None:
    _arena()
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [AUDIT_LOCK])
            locked.set()
            done.wait(10)
            cursor.execute("SELECT pg_advisory_unlock(%s)", [AUDIT_LOCK])
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    locked.wait(10)
    try:
        assert auditing.run_due_audit() is None
        with pytest.raises(CommandError, match="Another process"):
            call_command("audit")
    finally:
        done.set()
        other.join()

    assert auditing.run_due_audit() is not None


def test_the_lock_is_given_back() -> None:
    _arena()
    auditing.run_audit()

    auditing.run_audit()

    assert Audit.objects.count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert cursor.fetchone() == (0,)


def test_the_task_and_the_command_are_doors_to_it(capsys) -> None:
    _arena()

    tasks.audit()
    call_command("audit")

    said = capsys.readouterr().out
    assert said.startswith("Audited 216 votes of 12 volunteers in ")
    assert Audit.objects.count() == 2


def test_an_arena_without_votes_can_be_audited() -> None:
    audit = auditing.run_audit()

    assert (audit.votes, audit.results["groups"]) == (0, [])
    assert auditing.alarm() is None


def test_the_alarm_is_raised_by_a_leader_that_hangs_on_few_votes(settings) -> None:
    _arena()
    auditing.run_audit()
    votes = auditing.alarm().votes

    settings.ARENA_FRAGILE_VOTES = votes
    assert not auditing.alarm().raised
    settings.ARENA_FRAGILE_VOTES = votes + 1
    assert auditing.alarm().raised


def test_the_alarm_is_raised_by_one_volunteer_who_makes_the_leader(settings) -> None:
    models = _arena()
    settings.ARENA_FRAGILE_VOTES = 0
    auditing.run_audit()
    assert not auditing.alarm().raised

    fan = adore(models[1], [models[0], *models[2:]], times=60)
    auditing.run_audit()

    alarm = auditing.alarm()
    assert alarm.raised
    assert alarm.turning_volunteer == fan.pk
    assert str(fan.public_id) not in json.dumps(auditing.latest().results)


def test_votes_cast_meanwhile_wait_for_the_next_audit() -> None:
    _arena()
    audit = auditing.run_audit()
    vote_for(make_battle(), visitor=make_visitor())

    assert audit.votes == Leaderboard.objects.latest("pk").votes


def test_a_contestant_has_a_swap_with_each_neighbour() -> None:
    models = _arena()
    assert auditing.swaps_of(contestant=models[1]) == []
    assert auditing.leader_swap() is None
    auditing.run_audit()

    first, middle = (auditing.swaps_of(contestant=models[n]) for n in (0, 1))

    assert [(swap.ahead, swap.behind) for swap in first] == [(models[0], models[1])]
    assert [(swap.ahead, swap.behind) for swap in middle] == [
        (models[0], models[1]),
        (models[1], models[2]),
    ]
    assert first == middle[:1]
    leader = auditing.leader_swap()
    assert (leader.ahead, leader.votes) == (models[0], first[0].votes)
    assert leader.share == leader.votes / 216


def test_a_swap_with_a_model_that_has_another_address_by_now_is_left_out() -> None:
    models = _arena()
    auditing.run_audit()
    Contestant.objects.filter(pk=models[0].pk).update(slug="another-address")

    (swap,) = auditing.swaps_of(contestant=models[1])

    assert (swap.ahead, swap.behind) == (models[1], models[2])
    assert auditing.leader_swap() is None
