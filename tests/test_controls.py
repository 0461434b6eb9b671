"""Battles that check the judgements: one model twice, and pairs shown again."""

from collections import Counter
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations import battles, leaderboard, voting
from evaluations.battles import Check
from evaluations.battles.controls import REPEATED_AFTER, open_control, open_repeat
from evaluations.fetching import EQUAL_ANSWERS
from evaluations.fetching.storing import settle_battles
from evaluations.matchmaking import draw
from evaluations.models import Answer, Battle, BattleTurn, Tally, Vote
from evaluations.models.tallies import ALL
from evaluations.volunteers import Visitor, left_side
from tests.factories import (
    make_answer,
    make_battle,
    make_contestant,
    make_control,
    make_prompt,
    make_repeat,
    make_visitor,
    vote_for,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_reservations(settings):
    cache.clear()
    settings.ARENA_IMPORTED_SHARE = 0.0


@pytest.fixture
def _always(settings):
    settings.ARENA_CONTROL_SHARE = settings.ARENA_REPEAT_SHARE = 1.0


def make_model(**values):
    """One whose answers may vary."""
    return make_contestant(provider="openai", **values)


def answer_both(control: Battle, *texts: str, leak: str = "") -> None:
    """Let its two answers come in, with these texts, in this order."""
    turn = control.turns.get()
    sides = (turn.answer_x_id, turn.answer_y_id)
    for pk, text in zip(sides, texts, strict=True):
        Answer.objects.filter(pk=pk).update(
            state="ready", finished_at=timezone.now(), text=text, html=text.strip()
        )
    Answer.objects.filter(pk=sides[1]).update(leak=leak)
    settle_battles(list(sides))
    control.refresh_from_db()


def judge(visitor: Visitor, number: int) -> list[Vote]:
    return [vote_for(make_battle(), visitor=visitor) for _ in range(number)]


def left_of(visitor: Visitor, battle: Battle) -> str:
    return left_side(token=visitor.token, battle_id=battle.public_id)


# One contestant against itself


def test_a_control_asks_one_model_for_two_answers():
    model, prompt = make_model(), make_prompt()

    control = open_control()

    turn = control.turns.get()
    assert (control.contestant_x, control.contestant_y) == (model, model)
    assert (control.mode, control.state, control.prompt) == (
        "control",
        "waiting",
        prompt,
    )
    assert {turn.answer_x.replicate, turn.answer_y.replicate} == {0, 1}
    assert turn.answer_x.messages == turn.answer_y.messages == prompt.first_messages()


def test_the_answer_that_is_there_already_is_one_of_the_two():
    model, prompt = make_model(), make_prompt()
    known = make_answer(model, prompt)

    turn = open_control().turns.get()

    assert known in (turn.answer_x, turn.answer_y)


@pytest.mark.usefixtures("_always")
def test_the_queue_is_filled_with_the_share_of_controls(settings):
    settings.ARENA_READY_BATTLES = 6
    make_model(), make_model()
    for _ in range(10):
        make_prompt()

    assert battles.fill_queue() == 6 + 2  # either model meets the other one besides

    assert Battle.objects.filter(mode="control").count() == 6
    assert battles.queue_depth().waiting == 8
    assert battles.fill_queue() == 0


def test_a_share_of_nought_opens_none(settings):
    settings.ARENA_CONTROL_SHARE = 0.0
    settings.ARENA_READY_BATTLES = 30
    make_model(), make_model(), make_prompt()

    battles.fill_queue()

    assert not Battle.objects.filter(mode="control").exists()


def test_those_checked_least_come_first():
    models = [make_model() for _ in range(3)]
    for _ in range(8):
        make_prompt()

    opened = Counter(open_control().contestant_x for _ in range(6))

    assert opened == dict.fromkeys(models, 2)


def test_no_control_is_opened_on_a_prompt_that_cannot_serve():
    model = make_model()
    failed, leaking, used, good = (make_prompt() for _ in range(4))
    make_answer(model, failed, state="failed", text="", html="")
    make_answer(model, leaking, leak="self_name")
    make_control(model, used)
    make_prompt(state="pending")

    assert open_control().prompt == good
    assert open_control() is None


def test_house_programs_and_resting_models_are_not_checked():
    make_contestant(), make_model(state="paused"), make_prompt()

    assert open_control() is None


def test_a_control_is_offered_like_any_other_battle():
    make_model(), make_prompt()
    control = open_control()
    answer_both(control, "One.", "Another.")

    offered = battles.offer(visitor=make_visitor())

    assert offered.public_id == control.public_id


@pytest.mark.parametrize("other", ["Four.", "Four.\n"])
def test_a_control_whose_answers_look_the_same_is_withdrawn(other):
    make_model(), make_prompt()
    control = open_control()

    answer_both(control, "Four.", other)

    assert control.withdrawn_reason == EQUAL_ANSWERS
    assert battles.offer(visitor=make_visitor()) is None


def test_other_battles_of_equal_answers_stand():
    prompt = make_prompt()
    battle = make_battle(prompt=prompt, state="waiting")
    answer_both(battle, "Four.", "Four.")

    assert (battle.state, battle.withdrawn_at) == ("ready", None)


def test_a_model_that_always_says_the_same_is_soon_left_alone():
    make_model()
    for _ in range(9):
        make_prompt()
    for _ in range(3):
        answer_both(open_control(), "The same.", "The same.")

    assert open_control() is None


def test_a_model_that_sometimes_says_the_same_is_checked_further():
    make_model()
    for _ in range(9):
        make_prompt()
    answer_both(open_control(), "This.", "That.")
    for _ in range(3):
        answer_both(open_control(), "The same.", "The same.")

    assert open_control() is not None


def test_a_control_fails_with_its_second_answer():
    make_model(), make_prompt()
    control = open_control()
    answer = control.turns.get().answer_y

    Answer.objects.filter(pk=answer.pk).update(
        state="failed", finished_at=timezone.now()
    )
    settle_battles([answer.pk])

    control.refresh_from_db()
    assert control.state == Battle.State.FAILED


def test_a_vote_on_a_control_that_names_its_model_is_set_aside():
    make_model(), make_prompt()
    control = open_control()
    answer_both(control, "This.", "I am Model 7.", leak="self_name")

    vote = vote_for(control)

    assert (vote.state, vote.rule) == ("flagged", "identity_leak")
    assert battles.reveal(vote=vote).names_its_model


def test_a_newcomer_meets_another_soon_though_a_control_of_it_is_open(settings):
    settings.ARENA_READY_BATTLES = 1
    make_battle()
    newcomer = make_model()
    make_control(newcomer)

    battles.fill_queue()

    rated = Battle.objects.filter(mode="queue")
    assert rated.filter(contestant_x=newcomer) | rated.filter(contestant_y=newcomer)


def test_a_check_is_no_meeting_of_the_pair():
    model, other = make_model(), make_model()
    prompt, fresh = make_prompt(), make_prompt()
    make_battle(model, other, prompt)
    make_control(model, fresh), make_control(other, fresh)

    assert {draw().prompt for _ in range(10)} == {fresh}


# A pair shown again


def test_a_repeat_shows_the_same_answers_with_the_sides_exchanged():
    visitor = make_visitor()
    votes = [vote_for(make_battle(), visitor=visitor) for _ in range(8)]

    for vote in votes:
        repeat = make_repeat(vote, visitor)

        first = battles.ballot(visitor=visitor, battle_id=vote.battle.public_id)
        again = battles.ballot(visitor=visitor, battle_id=repeat.public_id)
        assert again.left == left_of(visitor, repeat) != vote.left
        assert again.turns[0].prompt == first.turns[0].prompt
        assert again.turns[0].html_a == first.turns[0].html_b
        assert again.turns[0].html_b == first.turns[0].html_a


def test_all_turns_are_shown_again():
    visitor = make_visitor()
    battle = make_battle(prompt=make_prompt(turns=["Why?", "And then?"]))
    second = make_prompt()
    answers = [
        make_answer(c, second) for c in (battle.contestant_x, battle.contestant_y)
    ]
    BattleTurn.objects.create(
        battle=battle, number=2, answer_x=answers[0], answer_y=answers[1]
    )

    repeat = make_repeat(vote_for(battle, visitor=visitor), visitor)

    shown = [(t.number, t.answer_x, t.answer_y) for t in repeat.turns.all()]
    assert shown == [(t.number, t.answer_x, t.answer_y) for t in battle.turns.all()]


def test_only_pairs_judged_long_enough_ago_come_again():
    visitor = make_visitor()
    old = [vote.battle for vote in judge(visitor, 2)]
    judge(visitor, REPEATED_AFTER - 1)
    assert open_repeat(visitor=visitor).repeat_of == old[0]
    assert open_repeat(visitor=visitor) is None

    judge(visitor, 1)

    assert open_repeat(visitor=visitor).repeat_of == old[1]


@pytest.mark.parametrize("what", ["withdrawn", "flagged", "control", "live", "undone"])
def test_some_pairs_never_come_again(what):
    visitor = make_visitor()
    battle = make_control() if what == "control" else make_battle()
    vote = vote_for(battle, visitor=visitor)
    if what == "withdrawn":
        battles.withdraw_battle(battle=battle, reason="odd")
    if what == "flagged":
        voting.flag_vote(vote=vote, rule="r", reason="s")
    if what == "live":
        Battle.objects.filter(pk=battle.pk).update(mode="live")
    if what == "undone":
        voting.undo_vote(visitor=visitor, battle_id=battle.public_id)
    judge(visitor, REPEATED_AFTER)

    assert open_repeat(visitor=visitor) is None


@pytest.mark.usefixtures("_always")
def test_a_repeat_is_opened_ahead_and_offered_later():
    visitor = make_visitor()
    judge(visitor, REPEATED_AFTER + 1)
    make_battle()

    offered = [battles.offer(visitor=visitor).public_id]
    cache.clear()
    offered.append(battles.offer(visitor=visitor).public_id)

    first, second = (Battle.objects.get(public_id=each) for each in offered)
    assert (first.mode, second.mode) == ("queue", "control")
    assert second.only_for == visitor.volunteer
    # Who reloads the page finds it again.
    assert battles.offer(visitor=visitor).public_id == second.public_id


@pytest.mark.usefixtures("_always")
def test_a_repeat_takes_the_place_of_another_pair_only():
    visitor = make_visitor()
    [first, *_] = judge(visitor, REPEATED_AFTER + 1)
    make_repeat(first, visitor)

    assert battles.offer(visitor=visitor) is None


@pytest.mark.usefixtures("_always")
def test_a_page_that_only_shows_a_pair_repeats_none():
    visitor = make_visitor()
    [first, *_] = judge(visitor, REPEATED_AFTER + 1)
    make_repeat(first, visitor)
    ordinary = make_battle()
    newcomer = make_visitor()
    judge(newcomer, REPEATED_AFTER + 1)

    for each in (visitor, newcomer):
        shown = battles.offer(visitor=each, reserving=False)
        assert shown.public_id == ordinary.public_id

    assert not Battle.objects.filter(only_for=newcomer.volunteer).exists()


@pytest.mark.usefixtures("_always")
def test_a_repeat_that_is_open_is_shown_on_every_page():
    visitor = make_visitor()
    repeat = make_repeat(vote_for(make_battle(), visitor=visitor), visitor)
    for _ in range(3):
        make_battle()

    offered = battles.offer(visitor=visitor)
    shown = battles.offer(visitor=visitor, reserving=False)

    assert offered.public_id == shown.public_id == repeat.public_id


@pytest.mark.usefixtures("_always")
def test_a_repeat_is_offered_to_its_volunteer_alone():
    visitor = make_visitor()
    [first, *_] = judge(visitor, REPEATED_AFTER + 1)
    make_repeat(first, visitor)
    ordinary = make_battle(judgements_wanted=9)

    for other in (make_visitor(), make_visitor(consented=False)):
        cache.clear()
        assert battles.offer(visitor=other).public_id == ordinary.public_id


@pytest.mark.usefixtures("_always")
@pytest.mark.parametrize("how", ["judged", "skipped", "reported", "withdrawn"])
def test_a_repeat_comes_once(how):
    visitor = make_visitor()
    vote = vote_for(make_battle(), visitor=visitor)
    repeat, ordinary = make_repeat(vote, visitor), make_battle()
    if how == "judged":
        vote_for(repeat, visitor=visitor)
    if how == "skipped":
        battles.skip(visitor=visitor, battle_id=repeat.public_id)
    if how == "reported":
        battles.report(visitor=visitor, battle_id=repeat.public_id, reason="other")
    if how == "withdrawn":
        battles.withdraw_battle(battle=repeat, reason="odd")
    cache.clear() if how != "reported" else None

    assert battles.offer(visitor=visitor).public_id == ordinary.public_id


@pytest.mark.parametrize("shown", [True, False])
def test_an_offer_reads_the_same_whether_a_repeat_comes_or_not(settings, shown):
    settings.ARENA_REPEAT_SHARE = 1.0 if shown else 1e-12
    visitor = make_visitor()
    make_repeat(vote_for(make_battle(), visitor=visitor), visitor)
    make_battle(shuffle=1.0)

    with CaptureQueriesContext(connection) as captured:
        offered = battles.offer(visitor=visitor)

    statements = [query["sql"].split(" FROM ")[0] for query in captured]
    mode = Battle.objects.get(public_id=offered.public_id).mode
    assert mode == ("control" if shown else "queue")
    assert len(statements) == 6, statements


# What the votes on them are worth


@pytest.mark.django_db(transaction=True)
def test_votes_on_controls_enter_no_tally(settings):
    settings.ARENA_UNDO_SECONDS = 0
    visitor = make_visitor()
    vote = vote_for(make_battle(), visitor=visitor)
    vote_for(make_control(), visitor=visitor)
    again = vote_for(make_repeat(vote, visitor), visitor=visitor)
    voting.settle_votes()
    leaderboard.roll_up()
    rolled_up = tallies()
    voting.flag_vote(vote=again, rule="r", reason="s")
    voting.unflag_vote(vote=again)
    leaderboard.roll_up()
    changed = tallies()
    leaderboard.rebuild_tallies()

    assert Vote.objects.counted().count() == 3
    assert rolled_up == changed == tallies() == [1]


def tallies() -> list[int]:
    """How many votes there are of each pair, order and outcome."""
    tallied = Tally.objects.filter(slice=ALL).exclude(count=0)
    return sorted(tallied.values_list("count", flat=True))


def test_they_count_as_judgements_of_the_session(settings):
    settings.ARENA_SESSION_LENGTH = 2
    visitor = make_visitor()
    vote_for(make_control(), "a", visitor=visitor)
    vote = vote_for(make_battle(), "a", visitor=visitor)
    leaderboard.publish()

    progress = battles.session_progress(visitor=visitor)
    summary = battles.session_summary(visitor=visitor)

    assert (progress.finished, progress.today, summary.votes) == (True, 2, 2)
    preferred = {"x": vote.battle.contestant_x, "y": vote.battle.contestant_y}
    assert [name for name, _, _ in summary.preferred] == [preferred[vote.left].name]


def test_a_session_of_checks_alone_has_a_summary():
    visitor = make_visitor()
    vote_for(make_control(), visitor=visitor)

    summary = battles.session_summary(visitor=visitor)

    assert (summary.votes, summary.preferred, summary.narrowed) == (1, [], [])


def test_the_reveal_says_that_both_answers_are_of_one_model():
    control = make_control()

    told = battles.reveal(vote=vote_for(control))

    assert (told.check, told.same_choice) == (Check.SAME_MODEL, None)
    assert told.a == told.b
    assert battles.reveal(vote=vote_for(make_battle())).check == Check.NONE


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        *(("a", "b", True), ("b", "a", True), ("a", "a", False), ("b", "b", False)),
        *(("tie", "tie", True), ("tie", "both_bad", True), ("tie", "a", False)),
    ],
)
def test_the_reveal_compares_a_repeat_with_the_first_time(first, second, same):
    visitor = make_visitor()
    repeat = make_repeat(vote_for(make_battle(), first, visitor=visitor), visitor)

    told = battles.reveal(vote=vote_for(repeat, second, visitor=visitor))

    assert (told.check, told.same_choice) == (Check.REPEAT, same)


def test_a_first_vote_taken_back_is_not_compared():
    visitor = make_visitor()
    vote = vote_for(make_battle(), visitor=visitor)
    repeat = make_repeat(vote, visitor)
    voting.withdraw_vote(visitor=visitor, vote_id=vote.public_id)

    told = battles.reveal(vote=vote_for(repeat, visitor=visitor))

    assert (told.check, told.same_choice) == (Check.REPEAT, None)


def test_whoever_opens_the_repeat_of_another_is_told_what_it_is():
    visitor = make_visitor()
    repeat = make_repeat(vote_for(make_battle(), visitor=visitor), visitor)

    told = battles.reveal(vote=vote_for(repeat))

    assert (told.check, told.same_choice) == (Check.OF_ANOTHER, None)


@pytest.mark.parametrize("first", [True, False])
def test_a_pair_and_its_repeats_are_withdrawn_together(first):
    visitor = make_visitor()
    vote = vote_for(make_battle(), visitor=visitor)
    repeat = make_repeat(vote, visitor)

    battles.withdraw_battle(battle=vote.battle if first else repeat, reason="odd")

    assert not Battle.objects.filter(withdrawn_at__isnull=True).exists()


# What the database holds


def refused(name: str):
    return pytest.raises(IntegrityError, match=name)


def change(battle: Battle, **values) -> None:
    with transaction.atomic():
        Battle.objects.filter(pk=battle.pk).update(**values)


def test_the_database_holds_what_a_control_is():
    visitor = make_visitor()
    ordinary, control = make_battle(), make_control()
    vote = vote_for(ordinary, visitor=visitor)
    repeat = make_repeat(vote, visitor)

    with refused("battle_control_is_of_one_kind"):
        change(ordinary, mode="control")
    with refused("battle_between_two_contestants"):
        change(control, mode="queue")
    with refused("battle_repeat_is_a_control"):
        change(repeat, mode="queue")
    with refused("battle_repeat_is_for_one"):
        change(repeat, only_for=None)
    with refused("battle_repeat_is_for_one"):
        change(ordinary, only_for=visitor.volunteer)


def test_the_database_holds_a_repeat_to_its_pair():
    visitor = make_visitor()
    vote = vote_for(make_battle(), visitor=visitor)
    repeat, other = make_repeat(vote, visitor), make_battle()

    for values in (
        {"repeat_of": other},
        {"repeat_of": repeat},
        {"contestant_x": other.contestant_x},
        {"prompt": other.prompt},
    ):
        with refused("battle_repeats_a_queued_pair"):
            change(repeat, **values)


def test_the_database_holds_a_repeat_to_the_answers():
    visitor = make_visitor()
    vote = vote_for(make_battle(), visitor=visitor)
    turn, other = make_repeat(vote, visitor).turns.get(), make_battle().turns.get()

    for values in (
        {"answer_x": other.answer_x},
        {"answer_x": turn.answer_y, "answer_y": turn.answer_x},
        {"number": 2},
    ):
        with refused("turn_repeats_the_same_answers"), transaction.atomic():
            BattleTurn.objects.filter(pk=turn.pk).update(**values)


def test_a_vote_is_repeated_once():
    visitor = make_visitor()
    vote = vote_for(make_battle(), visitor=visitor)
    first = make_repeat(vote, visitor)

    with refused("battle_repeated_once_per_volunteer"), transaction.atomic():
        Battle.objects.filter(pk=first.pk).update(public_id=UUID(int=1))
        copy = Battle.objects.get(pk=first.pk)
        copy.pk, copy.public_id = None, UUID(int=2)
        copy.save()
