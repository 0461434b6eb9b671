"""What a battle's withdrawal meets half done is counted once, whoever comes first."""

import threading
from collections.abc import Callable

import pytest
from django.db import transaction

from evaluations import battles, leaderboard, voting
from evaluations.models import Battle, TallyChange, Vote
from tests.factories import make_battle
from tests.live import wait_until
from tests.races import in_thread, someone_waits, while_held
from tests.test_leaderboard import count_votes, recount, tallies

pytestmark = pytest.mark.django_db(transaction=True)


def withdraw_while_held(hold: Callable[[], object], battle: Battle) -> None:
    """Withdraw the battle in the midst of a transaction that has done `hold`."""
    while_held(hold, lambda: battles.withdraw_battle(battle=battle, reason="x"))


def test_a_vote_that_is_being_flagged_leaves_the_tallies_once() -> None:
    battle = make_battle()
    count_votes(battle, ["a", "a"])
    # So that a vote taken out twice cannot hide below zero.
    count_votes(make_battle(battle.contestant_x, battle.contestant_y), ["a"] * 12)
    leaderboard.roll_up()
    vote = Vote.objects.filter(battle=battle).first()
    assert vote is not None

    withdraw_while_held(
        lambda: voting.flag_vote(vote=vote, rule="review", reason="at once"), battle
    )
    leaderboard.roll_up()

    assert tallies() == recount()


def test_a_vote_that_is_being_unflagged_stays_out_of_the_tallies() -> None:
    battle = make_battle()
    count_votes(battle, ["a", "b"])
    vote = Vote.objects.filter(battle=battle).first()
    assert vote is not None
    voting.flag_vote(vote=vote, rule="review", reason="before")

    withdraw_while_held(lambda: voting.unflag_vote(vote=vote), battle)
    leaderboard.roll_up()

    assert tallies() == recount() == {}


def test_a_withdrawal_in_the_midst_of_a_recount_is_taken_in_once() -> None:
    battle = make_battle()
    count_votes(battle, ["a", "a"])
    count_votes(make_battle(battle.contestant_x, battle.contestant_y), ["a"] * 12)
    leaderboard.roll_up()
    locked, tried = threading.Event(), threading.Event()

    def hold_a_change() -> None:
        """The recount deletes the changes first, and has to wait for this one."""
        with transaction.atomic():
            TallyChange.objects.select_for_update().earliest("pk")
            locked.set()
            tried.wait(10)

    holder = in_thread(hold_a_change)
    locked.wait(10)
    counting = in_thread(leaderboard.rebuild_tallies)
    wait_until(someone_waits, pause=0.01)
    withdrawal = in_thread(lambda: battles.withdraw_battle(battle=battle, reason="x"))
    withdrawal.join(0.5)
    tried.set()
    for thread in (holder, counting, withdrawal):
        thread.join()
    leaderboard.roll_up()

    assert tallies() == recount()
