import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluations import battles, leaderboard, voting
from evaluations.battles.controls import open_control
from evaluations.fetching import request_answer
from evaluations.matchmaking import draw
from evaluations.models import Answer, Battle, Contestant, Prompt, Report, Skip
from evaluations.volunteers import left_side
from tests.factories import (
    make_answer,
    make_battle,
    make_contestant,
    make_prompt,
    make_visitor,
    vote_for,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_reservations():
    cache.clear()


@pytest.fixture
def _no_imports(settings):
    settings.ARENA_IMPORTED_SHARE = 0.0


def test_the_queue_is_filled_to_the_wanted_number(settings):
    settings.ARENA_READY_BATTLES = 7
    for _ in range(2):
        make_contestant()
    for _ in range(5):
        make_prompt()

    assert battles.fill_queue() == 7
    assert battles.fill_queue() == 0

    assert battles.queue_depth().waiting == 7
    assert Answer.objects.filter(state="queued").exists()


def test_a_new_contestant_is_in_the_queue_at_once_however_full_it_is(settings):
    settings.ARENA_READY_BATTLES = 3
    make_prompt()
    for _ in range(3):
        make_contestant()
    battles.fill_queue()
    newcomer = make_contestant()

    assert battles.fill_queue() == 1
    assert battles.fill_queue() == 0

    newest = Battle.objects.latest("pk")
    assert newcomer in (newest.contestant_x, newest.contestant_y)
    assert newest.draw_probability == pytest.approx(1 / 3)


def test_a_battle_with_stored_answers_is_ready_at_once():
    prompt = make_prompt()
    for contestant in (make_contestant(), make_contestant()):
        make_answer(contestant, prompt)

    battle = battles.open_battle(draw())

    assert battle.state == Battle.State.READY


def converse(prompt: Prompt, *, leak: str = "", turns: int = 3) -> Contestant:
    """A contestant that has answered so many turns, the last with this leak."""
    contestant = make_contestant(provider="openai")
    answer = make_answer(contestant, prompt)
    for number, question in enumerate(prompt.turns[1:turns], start=2):
        messages = [
            *answer.messages,
            {"role": "assistant", "content": answer.text},
            {"role": "user", "content": question},
        ]
        answer = request_answer(contestant=contestant, messages=messages)
        text = f"Turn {number} of {contestant.slug}"
        answer.state, answer.finished_at = Answer.State.READY, timezone.now()
        answer.text = answer.html = text
        answer.leak = leak if number == turns else ""
        answer.save()
    return contestant


def test_a_battle_is_over_all_turns_that_both_have_answered():
    prompt = make_prompt(turns=["One?", "Two?", "Three?"])
    x, y = converse(prompt), converse(prompt)

    battle = battles.open_battle(draw())

    assert battle.state == Battle.State.READY
    ballot = battles.ballot(visitor=make_visitor(), battle_id=battle.public_id)
    assert [turn.prompt for turn in ballot.turns] == prompt.turns
    left, right = (
        (x, y) if (ballot.left == "x") == (battle.contestant_x == x) else (y, x)
    )
    assert [(turn.html_a, turn.html_b) for turn in ballot.turns[1:]] == [
        (f"Turn {n} of {left.slug}", f"Turn {n} of {right.slug}") for n in (2, 3)
    ]
    assert open_control() is None


@pytest.mark.parametrize("values", [{"turns": 2}, {"leak": "name"}])
def test_a_battle_is_over_the_first_turn_where_a_later_answer_is_missing(values):
    prompt = make_prompt(turns=["One?", "Two?", "Three?"])
    converse(prompt), converse(prompt, **values)

    battle = battles.open_battle(draw())

    assert battle.state == Battle.State.READY
    assert [turn.number for turn in battle.turns.all()] == [1]
    assert not Answer.objects.filter(state=Answer.State.QUEUED).exists()


def test_battles_of_a_paused_contestant_do_not_block_the_queue(settings):
    settings.ARENA_READY_BATTLES = 4
    make_prompt()
    paused, _, _ = (make_contestant() for _ in range(3))
    battles.fill_queue()
    Contestant.objects.filter(pk=paused.pk).update(state="paused")

    battles.fill_queue()

    assert battles.queue_depth().waiting == 4


def test_no_battle_is_drawn_without_two_contestants_and_a_prompt():
    make_contestant()
    make_prompt()
    assert draw() is None

    make_contestant()
    assert draw() is not None


def test_the_probability_of_pair_and_prompt_is_stored():
    for _ in range(3):
        make_contestant()
    for _ in range(4):
        make_prompt()

    battle = battles.open_battle(draw())

    assert battle.draw_probability == pytest.approx(1 / 3 / 4)


def test_a_pair_meets_on_every_prompt_before_it_meets_on_one_again():
    make_contestant(), make_contestant()
    prompts = {make_prompt().pk for _ in range(4)}

    met = [battles.open_battle(draw()).prompt_id for _ in range(8)]

    assert set(met[:4]) == prompts
    assert set(met[4:]) == prompts


def test_a_prompt_that_one_of_the_pair_failed_on_is_not_drawn():
    x, _ = make_contestant(), make_contestant()
    failed, good = make_prompt(), make_prompt()
    make_answer(x, failed, state=Answer.State.FAILED, html="", text="")

    assert {draw().prompt for _ in range(10)} == {good}


def test_a_pair_without_a_prompt_leaves_its_chance_to_the_others(settings):
    settings.ARENA_READY_BATTLES = 30
    x, y, _ = (make_contestant() for _ in range(3))
    hard, easy = make_prompt(), make_prompt()
    make_answer(x, hard, state=Answer.State.FAILED, html="", text="")
    make_answer(y, easy, state=Answer.State.FAILED, html="", text="")

    assert battles.fill_queue() == 30

    pairs = {(b.contestant_x_id, b.contestant_y_id) for b in Battle.objects.all()}
    assert len({frozenset(pair) for pair in pairs}) == 2
    assert {b.draw_probability for b in Battle.objects.all()} == {1 / 2}


def test_no_battle_is_drawn_where_every_pair_failed_on_every_prompt():
    x, _ = make_contestant(), make_contestant()
    make_prompt("Why?", set="one"), make_prompt("Why?", set="another")
    make_answer(x, Prompt.objects.first(), state=Answer.State.FAILED, html="", text="")

    assert draw() is None


def test_a_ballot_holds_both_answers_and_no_name():
    battle, visitor = make_battle(), make_visitor()

    ballot = battles.ballot(visitor=visitor, battle_id=battle.public_id)

    turn = battle.turns.get()
    shown = [turn.answer_x.html, turn.answer_y.html]
    if ballot.left == "y":
        shown.reverse()
    assert [ballot.turns[0].html_a, ballot.turns[0].html_b] == shown
    assert battle.contestant_x.name not in repr(ballot)
    assert battle.contestant_y.slug not in repr(ballot)


def test_sides_are_random_over_visitors_and_fixed_for_one():
    battle = make_battle()
    visitors = [make_visitor(consented=False) for _ in range(60)]

    sides = [left_side(token=v.token, battle_id=battle.public_id) for v in visitors]
    again = [left_side(token=v.token, battle_id=battle.public_id) for v in visitors]

    assert sides == again
    assert 12 < sides.count("x") < 48


def test_a_waiting_battle_shows_no_answer():
    battle = make_battle(state=Battle.State.WAITING)

    ballot = battles.ballot(visitor=make_visitor(), battle_id=battle.public_id)

    assert (ballot.ready, ballot.turns) == (False, ())


@pytest.mark.usefixtures("_no_imports")
def test_two_visitors_are_not_offered_the_same_pair():
    make_battle()

    first = battles.offer(visitor=make_visitor())
    second = battles.offer(visitor=make_visitor())

    assert first is not None
    assert second is None


@pytest.mark.usefixtures("_no_imports")
def test_a_visitor_who_comes_back_gets_the_pair_reserved_before():
    for _ in range(8):
        make_battle()
    visitor = make_visitor(consented=False)

    offered = [battles.offer(visitor=visitor) for _ in range(6)]

    assert all(again == offered[0] for again in offered)


def test_a_pair_that_is_held_gives_way_when_it_is_to_be_avoided():
    make_battle(), make_battle()
    visitor = make_visitor()
    first = battles.offer(visitor=visitor)

    second = battles.offer(visitor=visitor, avoiding=[first.public_id])

    assert second is not None
    assert second != first


@pytest.mark.parametrize("consented", [True, False])
def test_a_skipped_pair_does_not_come_back(consented):
    battle, visitor = make_battle(), make_visitor(consented=consented)

    battles.skip(visitor=visitor, battle_id=battle.public_id, reason="outside_field")

    assert battles.offer(visitor=visitor) is None
    assert Skip.objects.count() == (1 if consented else 0)


def test_a_reported_pair_does_not_come_back_to_the_reporter():
    battle, visitor = make_battle(), make_visitor()

    battles.report(visitor=visitor, battle_id=battle.public_id, reason="private")

    assert battles.offer(visitor=visitor) is None
    assert Report.objects.get().state == Report.State.OPEN


def test_unknown_reasons_are_refused():
    battle, visitor = make_battle(), make_visitor()

    with pytest.raises(voting.BadVote):
        battles.skip(visitor=visitor, battle_id=battle.public_id, reason="bored")
    with pytest.raises(voting.BadVote):
        battles.report(visitor=visitor, battle_id=battle.public_id, reason="bored")


def test_a_judged_pair_is_not_offered_again():
    battle, visitor = make_battle(judgements_wanted=5), make_visitor()
    vote_for(battle, visitor=visitor)

    assert battles.offer(visitor=visitor) is None
    assert battles.offer(visitor=make_visitor()) is not None


def test_a_pair_leaves_the_queue_when_it_has_its_judgements():
    vote_for(make_battle(judgements_wanted=1))

    assert battles.offer(visitor=make_visitor()) is None


def test_a_withdrawn_battle_is_not_offered():
    battle = make_battle()

    battles.withdraw_battle(battle=battle, reason="an answer names its model")

    assert battles.offer(visitor=make_visitor()) is None


def test_imported_battles_are_offered_by_their_share(settings):
    settings.ARENA_IMPORTED_SHARE = 1.0
    make_battle()
    imported = make_battle(origin=Battle.Origin.IMPORT)

    offered = battles.offer(visitor=make_visitor())

    assert offered.public_id == imported.public_id


def test_the_reveal_names_both_sides_as_they_were_shown():
    battle, visitor = make_battle(), make_visitor()
    vote = vote_for(battle, "b", visitor=visitor)

    reveal = battles.reveal(vote=vote)

    sides = {"x": battle.contestant_x, "y": battle.contestant_y}
    assert reveal.a.name == sides[vote.left].name
    assert reveal.verdict == "b"
    assert 0 < reveal.undo_seconds <= 8


def test_agreement_is_counted_whatever_side_the_others_saw():
    battle = make_battle(judgements_wanted=99)
    visitor = make_visitor()
    mine = vote_for(battle, "a", visitor=visitor)
    for _ in range(12):
        other = make_visitor()
        left = left_side(token=other.token, battle_id=battle.public_id)
        vote_for(battle, "a" if left == mine.left else "b", visitor=other)
    vote_for(battle, "tie")

    reveal = battles.reveal(vote=mine)

    assert (reveal.others, reveal.agreeing) == (13, 12)


def test_a_session_is_finished_after_its_length(settings):
    settings.ARENA_SESSION_LENGTH = 2
    visitor = make_visitor()

    vote_for(make_battle(), visitor=visitor)
    halfway = battles.session_progress(visitor=visitor)
    vote_for(make_battle(), visitor=visitor)
    end = battles.session_progress(visitor=visitor)

    assert (halfway.done, halfway.finished) == (1, False)
    assert (end.done, end.finished, end.today) == (0, True, 2)


def test_the_session_summary_names_whom_the_visitor_preferred():
    visitor = make_visitor()
    battle = make_battle()
    vote = vote_for(battle, "a", visitor=visitor)
    vote_for(make_battle(), "tie", visitor=visitor)
    leaderboard.publish()

    summary = battles.session_summary(visitor=visitor)

    winner = battle.contestant_x if vote.left == "x" else battle.contestant_y
    assert summary.votes == 2
    assert summary.preferred == [(winner.name, winner.slug, 1)]
    assert battles.session_summary(visitor=make_visitor()) is None


def test_the_database_refuses_a_battle_of_one_contestant():
    contestant = make_contestant()

    with (
        pytest.raises(IntegrityError, match="battle_between_two_contestants"),
        transaction.atomic(),
    ):
        Battle.objects.create(
            contestant_x=contestant, contestant_y=contestant, prompt=make_prompt()
        )
