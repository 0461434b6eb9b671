"""How much of a judgement is chance: counted from votes of known choices."""

import pytest

from evaluations import battles, leaderboard, voting
from evaluations.charts import wilson
from evaluations.models import Vote
from evaluations.volunteers import Visitor
from tests.factories import (
    make_battle,
    make_control,
    make_repeat,
    make_visitor,
    vote_for,
)

pytestmark = pytest.mark.django_db

NO_FIGURE = (None, None, None, None, None, None, None, None, 0)


@pytest.fixture(autouse=True)
def _no_window(settings):
    settings.ARENA_UNDO_SECONDS = 0


def measured() -> battles.NoiseFloor:
    voting.settle_votes()
    leaderboard.rebuild_tallies()
    return battles.noise_floor()


def counted(share: battles.Share | None) -> tuple[float, int]:
    assert share is not None
    assert (share.low, share.high) == wilson(share.share, share.cases)
    return share.share * share.cases, share.cases


def vote_twice(first: str, second: str, visitor: Visitor | None = None) -> Vote:
    visitor = visitor or make_visitor()
    vote = vote_for(make_battle(), first, visitor=visitor)
    return vote_for(make_repeat(vote, visitor), second, visitor=visitor)


def test_without_a_vote_there_is_no_figure():
    make_control(), make_battle()

    floor = measured()

    assert tuple(vars(floor).values()) == NO_FIGURE


def test_one_model_against_itself_shows_ties_and_position():
    for verdict in ("a", "a", "a", "b", "tie", "both_bad", "tie"):
        vote_for(make_control(), verdict)

    floor = measured()

    assert counted(floor.same_model_undecided) == (3, 7)
    assert counted(floor.same_model_left) == (3, 4)
    assert floor.ordinary_undecided is floor.ordinary_left is floor.agreement is None


def test_the_votes_of_the_table_show_position_too():
    for verdict in ("a", "a", "b", "tie", "both_bad"):
        vote_for(make_battle(), verdict)
    vote_for(make_control(), "b")

    floor = measured()

    assert counted(floor.ordinary_left) == pytest.approx((2, 3))
    assert counted(floor.ordinary_undecided) == (2, 5)


def test_repeats_show_who_agrees_with_themselves():
    visitor = make_visitor()
    for first, second in (
        *(("a", "b"), ("b", "a"), ("tie", "tie"), ("tie", "both_bad")),
        *(("a", "a"), ("b", "b"), ("b", "b")),
        *(("a", "tie"), ("both_bad", "b")),
    ):
        vote_twice(first, second, visitor)

    floor = measured()

    assert counted(floor.repeats_same) == pytest.approx((4, 9))
    assert counted(floor.repeats_opposite) == pytest.approx((3, 9))
    assert counted(floor.repeats_one_tie) == pytest.approx((2, 9))
    assert floor.same_model_undecided is None


def test_volunteers_agree_whatever_side_each_of_them_saw():
    alike, apart, alone = (make_battle(judgements_wanted=9) for _ in range(3))
    first = vote_for(alike, "a")
    for _ in range(2):
        choose(alike, first.choice)
    choose(apart, "x"), choose(apart, "x"), choose(apart, "y"), choose(apart, "")
    choose(alone, "x")

    floor = measured()

    # All three of the first; one of the six pairs of the second.
    assert counted(floor.agreement) == pytest.approx((1 + 1 / 6, 2))
    assert floor.agreement_votes == 7


def choose(battle, side: str) -> None:
    """Vote for a side of the battle, whichever way it is shown."""
    visitor = make_visitor()
    left = battles.ballot(visitor=visitor, battle_id=battle.public_id).left
    verdict = ("a" if left == side else "b") if side else "tie"
    vote_for(battle, verdict, visitor=visitor)


def test_votes_that_do_not_count_are_no_figure():
    voting.flag_vote(vote=vote_for(make_control()), rule="r", reason="s")
    voting.flag_vote(vote=vote_twice("a", "a"), rule="r", reason="s")
    visitor = make_visitor()
    kept = vote_for(make_control(), visitor=visitor)
    voting.withdraw_vote(visitor=visitor, vote_id=kept.public_id)
    withdrawn = make_control()
    vote_for(withdrawn)
    battles.withdraw_battle(battle=withdrawn, reason="odd")

    floor = measured()

    assert floor.same_model_undecided is floor.repeats_same is None


def test_a_check_judged_anew_after_its_reveal_is_left_out(settings):
    settings.ARENA_UNDO_SECONDS = 8
    visitor, control = make_visitor(), make_control()
    vote_for(control, visitor=visitor)
    voting.undo_vote(visitor=visitor, battle_id=control.public_id)
    vote_for(control, "tie", visitor=visitor)
    settings.ARENA_UNDO_SECONDS = 0

    assert measured().same_model_undecided is None


def test_a_repeat_judged_by_somebody_else_is_left_out():
    visitor, other = make_visitor(), make_visitor()
    battle = make_battle(judgements_wanted=2)
    repeat = make_repeat(vote_for(battle, visitor=visitor), visitor)
    vote_for(battle, visitor=other), vote_for(repeat, visitor=other)

    assert measured().repeats_same is None


def test_the_figures_take_few_queries(django_assert_num_queries):
    for _ in range(3):
        vote_twice("a", "b"), vote_for(make_control())
    voting.settle_votes()

    with django_assert_num_queries(4):
        battles.noise_floor()
