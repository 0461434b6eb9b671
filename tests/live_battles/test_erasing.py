"""What a deleted live battle leaves behind: no word of its texts."""

import json
import uuid

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.cache import cache
from django.db.models import Sum
from django.utils import timezone

from evaluations import events
from evaluations.battles import offer, report
from evaluations.live.announcing import STOP, asked_key
from evaluations.live.erasing import delete
from evaluations.live.pooling import approve
from evaluations.live.snapshots import snapshot_of, told
from evaluations.models import (
    Answer,
    Battle,
    BattleTurn,
    JudgeVerdict,
    LiveBattle,
    LiveTurn,
    Prompt,
    TallyChange,
    Vote,
)
from evaluations.voting import BattleUnknown, set_reasons, settle_votes
from tests.dumps.reading import everything, published
from tests.factories import make_battle, make_prompt, make_visitor, vote_for
from tests.judging.making import reply_to, run_over
from tests.live_battles.making import make_live, make_live_answer

pytestmark = pytest.mark.django_db

CANARY = "canary-7d1f"


@pytest.fixture(autouse=True)
def _forget_reservations(settings, tmp_path):
    settings.ARENA_VAR = tmp_path
    cache.clear()


@pytest.fixture
def asker():
    return make_visitor()


def kept() -> str:
    """All that stands in the tables, as one text."""
    rows = [row for model in apps.get_models() for row in model._default_manager.all()]
    return json.dumps(serializers.serialize("json", rows))


def make_canary(asker, **values) -> LiveBattle:
    return make_live(asker, f"{CANARY} one", f"{CANARY} two", **values)


def remove(asker, live: LiveBattle) -> None:
    delete(visitor=asker, battle_id=live.battle.public_id)


def approved(live: LiveBattle) -> Battle:
    approve(prompts=Prompt.objects.filter(pk=live.battle.prompt_id))
    return Battle.objects.exclude(mode=Battle.Mode.LIVE).get()


def test_no_word_of_it_stays(asker):
    live = make_canary(asker, publish=True, end="voted")
    vote_for(live.battle, visitor=asker)
    set_reasons(
        visitor=asker, battle_id=live.battle.public_id, reasons=[], comment=CANARY
    )
    battle = approved(live)
    report(
        visitor=make_visitor(),
        battle_id=battle.public_id,
        reason="private",
        comment=CANARY,
    )
    LiveTurn.objects.update(html_x=CANARY, html_y=CANARY)
    assert CANARY in kept()

    remove(asker, live)

    assert CANARY not in kept()


def test_what_a_judge_was_sent_and_said_of_it_goes_too(asker):
    live = make_canary(asker, publish=True, end="voted")
    battle = approved(live)
    run = run_over(battle)
    for item in run.items.all():
        reply_to(item, f"It says {CANARY}.")
        Answer.objects.filter(pk=item.answer_id).update(messages=[CANARY])
        JudgeVerdict.objects.create(
            judge=run.judge,
            battle=battle,
            left=item.left,
            state="read",
            verdict="a",
            reason=CANARY,
            reply=item.answer,
        )

    remove(asker, live)

    assert CANARY not in kept()
    assert JudgeVerdict.objects.count() == 2


def test_the_panels_log_forgets_it_too(asker):
    live = make_canary(asker, publish=True)
    LogEntry.objects.create(
        user=User.objects.create_superuser("ada"),
        content_type=ContentType.objects.get_for_model(Prompt),
        object_id=str(live.battle.prompt_id),
        object_repr=str(live.battle.prompt),
        action_flag=CHANGE,
    )

    remove(asker, live)

    assert LogEntry.objects.get().object_repr == "(deleted by its volunteer)"


def test_answers_that_were_replaced_are_erased_as_well(asker):
    live = make_canary(asker)
    asked = live.battle.prompt.first_messages()
    make_live_answer(live.battle.contestant_x, asked)
    make_live_answer(live.battle.contestant_y, asked, state="failed", error=CANARY)

    remove(asker, live)

    assert CANARY not in kept()


def test_answers_to_somebody_elses_equal_question_stay(asker):
    other = make_visitor()
    live, others = make_live(asker, "Why?"), make_live(other, "Why?")

    remove(asker, live)

    turn = others.battle.turns.get()
    assert turn.answer_x.messages == [{"role": "user", "content": "Why?"}]
    assert turn.answer_y.text
    assert Prompt.objects.get(pk=others.battle.prompt_id).turns == ["Why?"]


def test_what_was_drawn_on_it_goes_but_not_what_another_set_asks_too(asker):
    live = make_live(asker, "Why?", publish=True)
    approved(live)
    prompt = Prompt.objects.get(pk=live.battle.prompt_id)
    drawn = make_battle(live.battle.contestant_x, live.battle.contestant_y, prompt)
    fresh = make_battle(prompt=prompt)
    of_a_set = make_battle(*_sides(drawn), make_prompt("Why?"))

    remove(asker, live)

    for battle in (drawn, fresh):
        battle.refresh_from_db()
        assert battle.withdrawn_reason == "deleted by its volunteer"
    assert not fresh.turns.get().answer_x.text
    assert drawn.turns.get().answer_x_id == of_a_set.turns.get().answer_x_id
    assert of_a_set.turns.get().answer_x.text


def _sides(battle: Battle):
    return battle.contestant_x, battle.contestant_y


def test_an_erased_answer_is_nobodys_answer(asker):
    live = make_live(asker, "Why?", publish=True)
    approved(live)
    prompt = Prompt.objects.get(pk=live.battle.prompt_id)
    drawn = make_battle(prompt=prompt)
    digests = {answer.messages_digest for answer in _answers(drawn)}

    remove(asker, live)

    assert not Answer.objects.filter(messages_digest__in=digests).exists()
    assert not Prompt.objects.filter(first_digest__in=digests).exists()


def _answers(battle: Battle) -> list[Answer]:
    turn = battle.turns.select_related("answer_x", "answer_y").get()
    return [turn.answer_x, turn.answer_y]


def test_its_votes_leave_the_table(asker, settings):
    settings.ARENA_UNDO_SECONDS = 0
    live = make_canary(asker, publish=True, end="voted")
    own = vote_for(live.battle, visitor=asker)
    vote_for(approved(live))
    assert settle_votes() == 2
    assert in_the_tallies() == 2

    remove(asker, live)

    own.refresh_from_db()
    assert (own.state, own.rule) == ("withdrawn", "withdrawn")
    assert in_the_tallies() == 0


def in_the_tallies() -> int:
    return TallyChange.objects.aggregate(sum=Sum("delta"))["sum"]


def test_the_next_dump_has_neither_vote_nor_texts(asker):
    live = make_canary(asker, publish=True, end="voted")
    vote_for(live.battle, visitor=asker)
    vote_for(approved(live))
    Vote.objects.update(state="counted")
    before = everything(published())
    assert before.count(CANARY.encode()) > 0

    remove(asker, live)

    after = everything(published())
    assert CANARY.encode() not in after
    assert live.battle.contestant_x.slug.encode() not in after


def test_others_are_not_offered_it_any_more(asker):
    live = make_canary(asker, publish=True)
    approved(live)
    assert offer(visitor=make_visitor()) is not None

    remove(asker, live)

    assert offer(visitor=make_visitor()) is None


def test_a_battle_that_is_streamed_loses_its_worker(asker):
    live = make_canary(asker, end="", state=Battle.State.WAITING)
    turn = live.battle.turns.last()
    lease = {"lease_token": uuid.uuid4(), "lease_until": timezone.now()}
    LiveTurn.objects.filter(pk=turn.pk).update(done_at=None, **lease)
    Answer.objects.filter(pk=turn.answer_x_id).update(
        state="fetching", finished_at=None, started_at=timezone.now(), **lease
    )

    remove(asker, live)

    assert not LiveTurn.objects.under_way().exists()
    assert LiveTurn.objects.get(pk=turn.pk).stop_asked_at
    # What the worker does, each time, before it stores anything.
    held = {"lease_token": lease["lease_token"]}
    assert not Answer.objects.filter(**held).exists()
    assert not LiveTurn.objects.filter(**held).exists()
    assert not Answer.objects.exclude(state="ready").exists()


def test_its_worker_and_its_pages_are_told(asker, django_capture_on_commit_callbacks):
    live = make_canary(asker, end="")

    with django_capture_on_commit_callbacks(execute=True):
        remove(asker, live)

    key = asked_key(live.battle.public_id)
    assert events.announce("nobody", {}, asked=key) == {STOP}
    shown = told(snapshot_of(LiveBattle.objects.get(pk=live.pk)))
    assert (shown["state"], len(shown["turns"])) == ("closed", 2)
    assert CANARY not in json.dumps(shown, default=str)


def test_its_volunteer_can_open_another_one(asker):
    live = make_live(asker, end="")

    remove(asker, live)

    live.refresh_from_db()
    assert (live.end, live.ended_at is None) == ("deleted", False)
    make_live(asker, end="")


def test_only_ones_own_is_deleted(asker):
    live = make_canary(asker)

    for visitor in (make_visitor(), make_visitor(consented=False)):
        with pytest.raises(BattleUnknown):
            remove(visitor, live)

    with pytest.raises(BattleUnknown):
        delete(visitor=asker, battle_id=make_battle().public_id)
    assert CANARY in kept()
    assert not Battle.objects.filter(withdrawn_at__isnull=False).exists()


def test_it_is_deleted_once(asker):
    live = make_canary(asker)
    remove(asker, live)

    with pytest.raises(BattleUnknown):
        remove(asker, live)


def test_one_that_an_administrator_withdrew_is_erased_all_the_same(asker):
    live = make_canary(
        asker, withdrawn_at=timezone.now(), withdrawn_reason="reported: private"
    )

    remove(asker, live)

    assert CANARY not in kept()
    live.battle.refresh_from_db()
    assert live.battle.withdrawn_reason == "reported: private"


def test_a_deleted_question_is_not_approved_any_more(asker):
    live = make_canary(asker, publish=True)
    remove(asker, live)

    chosen = Prompt.objects.filter(pk=live.battle.prompt_id)
    assert approve(prompts=chosen) == 0

    assert chosen.get().state == "rejected"
    assert BattleTurn.objects.count() == 2
