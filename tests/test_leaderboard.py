import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from evaluations import leaderboard, voting
from evaluations.models import Leaderboard, Tally, TallyChange, TallyMark, Vote
from tests.factories import make_battle, make_contestant, make_visitor, vote_for
from tests.test_voting import let_window_pass


def count_votes(battle, verdicts):
    """Cast and settle votes; the first contestant is the one shown left."""
    for verdict in verdicts:
        let_window_pass(vote_for(battle, verdict))
    voting.settle_votes()


def tallies() -> dict[tuple[int, int, str], int]:
    rows = Tally.objects.values_list("first_id", "second_id", "outcome", "count")
    return {row[:3]: row[3] for row in rows if row[3]}


def recount() -> dict[tuple[int, int, str], int]:
    """The tallies once more, straight from the ledger, by other means."""
    counted: dict[tuple[int, int, str], int] = {}
    for vote in Vote.objects.counted().select_related("battle"):
        sides = vote.battle.contestant_x_id, vote.battle.contestant_y_id
        first, second = sides if vote.left == "x" else sides[::-1]
        cell = (first, second, vote.verdict)
        counted[cell] = counted.get(cell, 0) + 1
    return counted


@pytest.mark.django_db(transaction=True)
def test_tallies_equal_a_recount_after_votes_flags_and_withdrawals():
    battle, visitor = make_battle(), make_visitor()
    withdrawn = vote_for(battle, visitor=visitor)
    let_window_pass(withdrawn)
    count_votes(battle, ["a", "b", "tie", "both_bad", "a"])
    leaderboard.roll_up()

    voting.withdraw_vote(visitor=visitor, vote_id=withdrawn.public_id)
    voting.flag_vote(vote=Vote.objects.counted().first(), rule="r", reason="s")
    leaderboard.roll_up()

    assert tallies() == recount()
    assert sum(tallies().values()) == 4


@pytest.mark.django_db(transaction=True)
def test_rolling_up_twice_takes_nothing_twice():
    count_votes(make_battle(), ["a", "a"])

    assert leaderboard.roll_up() == 2
    assert leaderboard.roll_up() == 0

    assert tallies() == recount()


@pytest.mark.django_db(transaction=True)
def test_a_slow_transaction_is_not_skipped():
    battle = make_battle()
    slow, quick = vote_for(battle, "a"), vote_for(battle, "b")
    written, may_commit = threading.Event(), threading.Event()

    def settle_slowly():
        with transaction.atomic():
            let_window_pass(slow)
            voting.settle_votes()
            written.set()
            may_commit.wait(10)
        connection.close()

    thread = threading.Thread(target=settle_slowly)
    thread.start()
    written.wait(10)
    let_window_pass(quick)
    voting.settle_votes()
    early = leaderboard.roll_up()
    may_commit.set()
    thread.join()
    late = leaderboard.roll_up()

    # The quick one has a later transaction than the slow one, so it waits as well.
    assert (early, late) == (0, 2)
    assert tallies() == recount()


@pytest.mark.django_db(transaction=True)
def test_rebuilding_gives_the_same_tallies():
    count_votes(make_battle(), ["a", "b", "tie"])
    leaderboard.roll_up()
    before = tallies()

    leaderboard.rebuild_tallies()
    count_votes(make_battle(), ["a"])
    leaderboard.roll_up()

    assert before.items() <= tallies().items()
    assert tallies() == recount()


@pytest.mark.django_db(transaction=True)
def test_a_restored_database_is_counted_anew():
    count_votes(make_battle(), ["a", "b"])
    leaderboard.roll_up()
    TallyMark.objects.update(transaction=2**60)
    TallyChange.objects.update(transaction=2**60)
    count_votes(make_battle(), ["tie"])

    leaderboard.roll_up()

    assert tallies() == recount()


@pytest.mark.django_db(transaction=True)
def test_a_table_is_published_when_votes_came_and_only_then():
    assert leaderboard.publish() is None
    count_votes(make_battle(), ["a", "a", "b"])

    published = leaderboard.publish()

    assert published is not None
    assert published.votes == 3
    assert published.volunteers == 3
    assert published.ratings.count() == 2
    assert leaderboard.publish() is None
    assert leaderboard.latest() == Leaderboard.objects.get()


@pytest.mark.django_db(transaction=True)
def test_the_winner_stands_above_the_loser():
    winner, loser = make_contestant(), make_contestant()
    for _ in range(4):
        battle = make_battle(winner, loser)
        visitor = make_visitor()
        left = voting.left_side(token=visitor.token, battle_id=battle.public_id)
        vote = vote_for(battle, "a" if left == "x" else "b", visitor=visitor)
        let_window_pass(vote)
    voting.settle_votes()

    group = leaderboard.groups(leaderboard=leaderboard.publish())[0]

    lines = [(row.contestant, row.rating.wins) for row in group.provisional]
    assert lines == [(winner, 4), (loser, 0)]
    assert group.rows == []
    above, below = (row.rating for row in group.provisional)
    outlook = leaderboard.expected(rating=above, opponent=below)
    assert outlook.win > outlook.tie > outlook.loss


@pytest.mark.django_db(transaction=True)
def test_groups_that_no_vote_connects_stand_apart():
    first, second = make_battle(), make_battle()
    count_votes(first, ["a", "a"])
    count_votes(second, ["b"])
    lonely = make_contestant()

    published = leaderboard.publish()
    groups = leaderboard.groups(leaderboard=published)

    assert [group.number for group in groups] == [1, 2]
    assert {row.contestant_id for row in published.ratings.all()} == {
        first.contestant_x_id,
        first.contestant_y_id,
        second.contestant_x_id,
        second.contestant_y_id,
    }
    assert lonely in leaderboard.unrated(leaderboard=published)


@pytest.mark.django_db
def test_of_older_days_the_last_table_stays():
    def published(moment):
        table = Leaderboard.objects.create(
            method="m",
            parameters={},
            watermark=1,
            code_version="v",
            digest="d",
            votes=0,
            volunteers=0,
        )
        Leaderboard.objects.filter(pk=table.pk).update(published_at=moment)
        return table

    published("2026-01-01T08:00Z")
    old = [published("2026-01-01T20:00Z"), published("2026-01-02T07:00Z")]
    fresh = [published(timezone.now()) for _ in range(2)]

    assert leaderboard.thin_out() == 1

    assert set(Leaderboard.objects.all()) == {*old, *fresh}
