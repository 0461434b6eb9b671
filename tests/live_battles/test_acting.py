"""What a volunteer may do in a live battle, and what is refused in words."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

from evaluations import live
from evaluations.battles import ballot, offer
from evaluations.models import Answer, Battle, LiveBattle, Prompt
from evaluations.voting import (
    BattleFailed,
    BattleNotReady,
    BattleUnknown,
    BattleWithdrawn,
    ConsentNeeded,
    undo_vote,
)
from tests.factories import make_visitor, vote_for
from tests.live_battles.steps import (
    ask,
    complete,
    current,
    fail,
    live_turn,
    make_players,
    state_of,
)

pytestmark = pytest.mark.django_db

ACTS = {
    "say": lambda visitor, battle_id: live.say(
        visitor=visitor, battle_id=battle_id, text="And then?"
    ),
    "retry": lambda visitor, battle_id: live.retry(
        visitor=visitor, battle_id=battle_id
    ),
    "stop": lambda visitor, battle_id: live.stop(visitor=visitor, battle_id=battle_id),
    "leave": lambda visitor, battle_id: live.leave(
        visitor=visitor, battle_id=battle_id
    ),
}
every_act = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)


@pytest.fixture(autouse=True)
def _forget_counts():
    cache.clear()


@pytest.fixture
def asker():
    make_players()
    return make_visitor()


def say(visitor, battle, text="And then?"):
    live.say(visitor=visitor, battle_id=battle.public_id, text=text)


def test_nobody_asks_before_agreeing(asker):
    stranger = make_visitor(consented=False)
    battle = ask(asker)

    for act in (
        lambda: ask(stranger),
        lambda: say(stranger, battle),
        lambda: live.retry(visitor=stranger, battle_id=battle.public_id),
    ):
        with pytest.raises(ConsentNeeded):
            act()

    assert LiveBattle.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  \r\n\t ", "\0\0"])
def test_an_empty_question_is_refused(asker, text):
    with pytest.raises(live.PromptRefused, match="write a question first"):
        ask(asker, text)

    assert not Prompt.objects.exists()


def test_a_question_may_be_as_long_as_the_setting_says_and_no_longer(asker, settings):
    settings.ARENA_PROMPT_CHARS = 1200

    with pytest.raises(live.PromptRefused, match="has 1,201 characters; 1,200 are"):
        ask(asker, "x" * 1201)

    assert ask(asker, " " + "x" * 1200 + "\n").prompt.turns == ["x" * 1200]


def test_a_further_question_is_held_to_the_same_measure(asker, settings):
    settings.ARENA_PROMPT_CHARS = 20
    battle = ask(asker, "Why?")
    complete(battle)

    for text in ("", "x" * 21):
        with pytest.raises(live.PromptRefused):
            say(asker, battle, text)

    assert Prompt.objects.get().turns == ["Why?"]


def test_one_battle_at_a_time_is_open(asker):
    first = ask(asker)

    with pytest.raises(live.OpenBattleExists) as refused:
        ask(asker, "Another one?")

    assert refused.value.battle_id == first.public_id
    assert LiveBattle.objects.count() == 1


def test_a_battle_whose_vote_was_cut_off_in_mid_step_is_in_nobodys_way(asker):
    battle = ask(asker)
    complete(battle)
    vote_for(battle, visitor=asker)
    LiveBattle.objects.update(ended_at=None, end="")

    ask(asker, "Another one?")

    assert LiveBattle.objects.get(battle=battle).end == LiveBattle.End.VOTED


def test_questions_a_minute_are_limited_and_refused_ones_count_too(asker, settings):
    settings.ARENA_LIVE_MESSAGES_PER_MINUTE = 3
    battle = ask(asker)
    complete(battle)
    say(asker, battle)
    with pytest.raises(BattleNotReady):
        say(asker, battle)

    with pytest.raises(live.TooManyMessages) as refused:
        live.retry(visitor=asker, battle_id=battle.public_id)

    assert refused.value.retry_after == 60
    ask(make_visitor())  # somebody else is not meant


def test_without_two_active_models_nothing_is_asked():
    make_players(1)
    make_players(3, state="paused")

    with pytest.raises(live.NoContestants):
        ask(make_visitor())

    assert not Battle.objects.exists()


def test_a_further_question_waits_for_both_answers(asker):
    battle = ask(asker)

    with pytest.raises(BattleNotReady):
        say(asker, battle)
    fail(battle)
    with pytest.raises(BattleNotReady):
        say(asker, battle)

    assert battle.turns.count() == 1


def test_a_battle_has_no_more_turns_than_the_setting_says(asker, settings):
    settings.ARENA_LIVE_TURNS = 2
    battle = ask(asker)
    complete(battle)
    say(asker, battle)
    complete(battle)

    with pytest.raises(live.TurnsUsedUp):
        say(asker, battle)

    shown = live.snapshot(visitor=asker, battle_id=battle.public_id)
    assert (shown.turns_left, len(shown.turns)) == (0, 2)


def test_each_side_is_told_its_own_answers_alone(asker):
    battle = ask(asker, "Why?")
    complete(battle, "By x.", "By y.")

    say(asker, battle, "How?")

    turn = current(battle)
    for answer, said in ((turn.answer_x, "By x."), (turn.answer_y, "By y.")):
        assert answer.messages == [
            {"role": "user", "content": "Why?"},
            {"role": "assistant", "content": said},
            {"role": "user", "content": "How?"},
        ]


def test_nothing_is_tried_again_where_nothing_failed(asker):
    battle = ask(asker)

    with pytest.raises(live.NothingToRetry):
        live.retry(visitor=asker, battle_id=battle.public_id)
    complete(battle)
    with pytest.raises(live.NothingToRetry):
        live.retry(visitor=asker, battle_id=battle.public_id)

    assert Answer.objects.count() == 2


@every_act
def test_no_act_reaches_somebody_elses_battle(asker, act):
    battle = ask(asker)
    fail(battle)
    before = list(LiveBattle.objects.values()), list(Answer.objects.values())

    with pytest.raises(BattleUnknown):
        act(make_visitor(), battle.public_id)
    with pytest.raises(BattleUnknown):
        act(asker, uuid4())

    assert (list(LiveBattle.objects.values()), list(Answer.objects.values())) == before


@every_act
def test_no_act_reaches_a_battle_that_is_over(asker, act):
    battle = ask(asker)
    live.leave(visitor=asker, battle_id=battle.public_id)

    with pytest.raises(live.BattleClosed):
        act(asker, battle.public_id)


@every_act
def test_no_act_reaches_a_battle_that_was_withdrawn(asker, act):
    battle = ask(asker)
    Battle.objects.update(withdrawn_at=timezone.now(), withdrawn_reason="reported")

    with pytest.raises(BattleWithdrawn):
        act(asker, battle.public_id)
    with pytest.raises(BattleWithdrawn):
        live.snapshot(visitor=asker, battle_id=battle.public_id)


@every_act
@pytest.mark.parametrize("undone", [False, True])
def test_after_a_vote_nothing_is_asked_even_if_it_was_undone(asker, act, undone):
    battle = ask(asker)
    complete(battle)
    vote_for(battle, visitor=asker)
    if undone:
        undo_vote(visitor=asker, battle_id=battle.public_id)

    with pytest.raises(live.BattleClosed):
        act(asker, battle.public_id)

    shown = live.snapshot(visitor=asker, battle_id=battle.public_id)
    assert (shown.state, shown.turns_left) == ("ready" if undone else "voted", 0)


def test_nobody_else_sees_or_judges_it(asker):
    battle = ask(asker, publish=True)
    complete(battle)

    for visitor in (make_visitor(), make_visitor(consented=False)):
        with pytest.raises(BattleUnknown):
            live.snapshot(visitor=visitor, battle_id=battle.public_id)
        with pytest.raises(BattleUnknown):
            ballot(visitor=visitor, battle_id=battle.public_id)
    with pytest.raises(BattleUnknown):
        vote_for(battle)

    assert vote_for(battle, visitor=asker).battle == battle


def test_the_judge_queue_offers_it_to_nobody(asker):
    complete(ask(asker, publish=True))

    assert offer(visitor=make_visitor()) is None
    assert offer(visitor=asker) is None


@pytest.mark.parametrize(("publish", "state"), [(True, "pending"), (False, "private")])
def test_a_question_is_private_without_the_tick(asker, publish, state):
    battle = ask(asker, publish=publish)

    assert battle.prompt.state == state
    assert not Prompt.objects.approved().exists()


def test_equal_questions_are_asked_anew_for_each_volunteer(asker):
    battles = [ask(asker), ask(make_visitor())]

    assert len({battle.prompt_id for battle in battles}) == 2
    assert Answer.objects.count() == 4


def test_giving_up_leaves_room_for_another_battle(asker):
    battle = ask(asker)

    live.leave(visitor=asker, battle_id=battle.public_id)

    assert state_of(asker, battle.public_id) == "closed"
    assert live.open_battle_of(visitor=asker) is None
    with pytest.raises(BattleFailed):
        vote_for(battle, visitor=asker)
    ask(asker)


def test_a_stop_is_written_down_once(asker):
    battle = ask(asker)
    live.stop(visitor=asker, battle_id=battle.public_id)
    first = live_turn(battle).stop_asked_at

    live.stop(visitor=asker, battle_id=battle.public_id)

    assert live_turn(battle).stop_asked_at == first
    shown = live.snapshot(visitor=asker, battle_id=battle.public_id)
    assert (shown.state, shown.can_stop) == ("writing", False)


def test_a_page_that_is_read_while_a_question_is_written_down_shows_what_was(asker):
    battle = ask(asker, "Why?")
    complete(battle)
    read_before = LiveBattle.objects.select_related("battle__prompt").get()
    say(asker, battle, "How?")

    shown = live.snapshots.snapshot_of(read_before)

    assert [turn.prompt for turn in shown.turns] == ["Why?"]
