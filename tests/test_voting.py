from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from evaluations import battles, voting
from evaluations.models import Battle, TallyChange, Vote, ledger
from evaluations.volunteers import left_side
from tests.factories import make_battle, make_visitor, vote_for

pytestmark = pytest.mark.django_db


def let_window_pass(vote: Vote) -> None:
    window = timedelta(seconds=settings.ARENA_UNDO_SECONDS + 1)
    Vote.objects.filter(pk=vote.pk).update(cast_at=F("cast_at") - window)


def cast(visitor, battle, **changes):
    values = {
        "visitor": visitor,
        "battle_id": battle.public_id,
        "verdict": "a",
        "left": left_side(token=visitor.token, battle_id=battle.public_id),
        "idempotency_key": "key",
    }
    return voting.cast_vote(**{**values, **changes})


def test_a_vote_stands_in_the_ledger_as_it_was_shown():
    battle, visitor = make_battle(), make_visitor()

    vote = cast(visitor, battle, verdict="b", reading_ms=4200).vote

    stored = Vote.objects.get()
    assert stored == vote
    assert (stored.verdict, stored.state) == ("b", "pending")
    assert stored.left == left_side(token=visitor.token, battle_id=battle.public_id)
    assert stored.reading_ms == 4200
    assert stored.cast_at is not None


def test_a_battle_takes_one_vote_per_volunteer():
    battle, visitor = make_battle(), make_visitor()
    cast(visitor, battle)

    with pytest.raises(voting.AlreadyVoted):
        cast(visitor, battle, idempotency_key="another")

    assert Vote.objects.count() == 1


def test_the_database_itself_refuses_a_second_vote():
    battle, visitor = make_battle(), make_visitor()
    first = cast(visitor, battle).vote

    with (
        pytest.raises(IntegrityError, match="vote_once_per_volunteer_and_battle"),
        transaction.atomic(),
    ):
        Vote.objects.create(
            battle=battle, volunteer=first.volunteer, verdict="a", left="x"
        )


def test_the_same_key_returns_the_first_result():
    battle, visitor = make_battle(), make_visitor()
    first = cast(visitor, battle)

    second = cast(visitor, battle)

    assert (first.repeated, second.repeated) == (False, True)
    assert second.vote == first.vote


def test_the_same_key_with_another_verdict_is_refused():
    battle, visitor = make_battle(), make_visitor()
    cast(visitor, battle)

    with pytest.raises(voting.KeyReused):
        cast(visitor, battle, verdict="tie")


def test_a_key_may_be_used_by_two_volunteers():
    battle = make_battle()

    cast(make_visitor(), battle)
    cast(make_visitor(), battle)

    assert Vote.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"state": Battle.State.WAITING}, voting.BattleNotReady),
        ({"state": Battle.State.FAILED}, voting.BattleFailed),
    ],
)
def test_a_vote_before_both_answers_are_complete_is_refused(values, refusal):
    battle = make_battle(**values)

    with pytest.raises(refusal):
        cast(make_visitor(), battle)

    assert not Vote.objects.exists()


def test_a_vote_on_an_unknown_battle_is_refused():
    battle, visitor = make_battle(), make_visitor()

    with pytest.raises(voting.BattleUnknown):
        cast(visitor, battle, battle_id=uuid4())


def test_a_vote_on_a_withdrawn_battle_is_refused():
    battle = make_battle(withdrawn_at="2026-01-01T00:00Z", withdrawn_reason="broken")

    with pytest.raises(voting.BattleWithdrawn):
        cast(make_visitor(), battle)


def test_a_vote_without_consent_is_refused():
    with pytest.raises(voting.ConsentNeeded):
        cast(make_visitor(consented=False), make_battle())


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "c"},
        {"verdict": ""},
        {"left": "a"},
        {"idempotency_key": ""},
        {"idempotency_key": "k" * 81},
        {"idempotency_key": "k\0"},
    ],
)
def test_a_vote_in_other_words_is_refused(changes):
    with pytest.raises(voting.BadVote):
        cast(make_visitor(), make_battle(), **changes)


def test_a_side_that_was_not_shown_is_refused():
    battle, visitor = make_battle(), make_visitor()
    shown = left_side(token=visitor.token, battle_id=battle.public_id)

    with pytest.raises(voting.WrongSide):
        cast(visitor, battle, left="y" if shown == "x" else "x")


def test_an_undone_vote_leaves_room_for_another():
    battle, visitor = make_battle(), make_visitor()
    first = cast(visitor, battle).vote

    voting.undo_vote(visitor=visitor, battle_id=battle.public_id)
    cast(visitor, battle, verdict="b", idempotency_key="second")

    first.refresh_from_db()
    assert (first.state, first.rule) == ("withdrawn", "undo")
    battle.refresh_from_db()
    assert battle.judgements == 1
    assert not TallyChange.objects.exists()


def test_undo_comes_too_late_after_the_window():
    battle, visitor = make_battle(), make_visitor()
    let_window_pass(cast(visitor, battle).vote)

    with pytest.raises(voting.UndoTooLate):
        voting.undo_vote(visitor=visitor, battle_id=battle.public_id)


def test_a_vote_counts_when_its_window_ends():
    early, late = vote_for(make_battle()), vote_for(make_battle())
    let_window_pass(early)

    assert voting.settle_votes() == 1

    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.state, late.state) == ("counted", "pending")
    assert TallyChange.objects.get().vote == early


def test_a_vote_counts_when_its_volunteer_votes_again():
    visitor = make_visitor()
    first = vote_for(make_battle(), visitor=visitor)
    second = vote_for(make_battle(), visitor=visitor)

    first.refresh_from_db()
    assert first.state == "counted"
    assert second.state == "pending"


@pytest.mark.parametrize("verdict", ["a", "b", "tie", "both_bad"])
def test_what_a_vote_adds_is_ordered_from_left_to_right(verdict):
    battle = make_battle()
    vote = vote_for(battle, verdict)
    let_window_pass(vote)

    voting.settle_votes()

    change = TallyChange.objects.get()
    sides = {"x": battle.contestant_x, "y": battle.contestant_y}
    assert change.first == sides[vote.left]
    assert change.second == sides["y" if vote.left == "x" else "x"]
    assert (change.outcome, change.delta) == (verdict, 1)


def test_a_counted_vote_that_is_withdrawn_is_taken_out_of_the_tallies():
    visitor = make_visitor()
    vote = vote_for(make_battle(), visitor=visitor)
    let_window_pass(vote)
    voting.settle_votes()

    voting.withdraw_vote(visitor=visitor, vote_id=vote.public_id)
    voting.withdraw_vote(visitor=visitor, vote_id=vote.public_id)

    assert list(TallyChange.objects.order_by("id").values_list("delta", flat=True)) == [
        1,
        -1,
    ]


def test_nobody_withdraws_another_volunteers_vote():
    vote = vote_for(make_battle())

    with pytest.raises(voting.VoteUnknown):
        voting.withdraw_vote(visitor=make_visitor(), vote_id=vote.public_id)
    with pytest.raises(voting.VoteUnknown):
        voting.withdraw_vote(
            visitor=make_visitor(consented=False), vote_id=vote.public_id
        )


def test_a_flagged_vote_leaves_the_count_and_may_come_back():
    vote = vote_for(make_battle())
    let_window_pass(vote)
    voting.settle_votes()

    assert voting.flag_vote(vote=vote, rule="review", reason="looks scripted")
    assert not voting.flag_vote(vote=vote, rule="review", reason="again")
    assert voting.unflag_vote(vote=vote)

    assert list(TallyChange.objects.order_by("id").values_list("delta", flat=True)) == [
        1,
        -1,
        1,
    ]


def test_reasons_are_kept_and_unknown_ones_refused():
    battle, visitor = make_battle(), make_visitor()
    vote_for(battle, visitor=visitor)

    vote = voting.set_reasons(
        visitor=visitor,
        battle_id=battle.public_id,
        reasons=["clear", "correct", "clear"],
        comment="short and right\0",
    )

    assert vote.reasons == ["clear", "correct"]
    assert vote.comment == "short and right"
    with pytest.raises(voting.BadVote):
        voting.set_reasons(
            visitor=visitor, battle_id=battle.public_id, reasons=["louder"]
        )


def test_a_vote_withdrawn_after_its_names_were_seen_is_not_cast_again():
    battle, visitor = make_battle(), make_visitor()
    vote = cast(visitor, battle).vote
    voting.withdraw_vote(visitor=visitor, vote_id=vote.public_id)

    with pytest.raises(voting.AlreadyVoted):
        cast(visitor, battle, idempotency_key="again")

    assert battles.offer(visitor=visitor) is None


def test_a_withdrawn_battle_leaves_the_tallies_and_takes_no_vote():
    battle = make_battle(judgements_wanted=9)
    counted, pending = vote_for(battle), vote_for(battle)
    let_window_pass(counted)
    voting.settle_votes()

    assert battles.withdraw_battle(battle=battle, reason="names its model")
    assert not battles.withdraw_battle(battle=battle, reason="again")
    let_window_pass(pending)
    voting.settle_votes()
    voting.flag_vote(vote=counted, rule="review", reason="late")

    changes = TallyChange.objects.order_by("id").values_list("vote", "delta")
    assert list(changes) == [(counted.pk, 1), (counted.pk, -1)]


def test_a_battle_withdrawn_in_the_midst_of_a_vote_takes_none():
    battle, visitor = make_battle(), make_visitor()
    vote = Vote(battle=battle, volunteer=visitor.volunteer, verdict="a", left="x")
    battles.withdraw_battle(battle=battle, reason="names its model")

    assert not ledger.enter(vote)

    assert not Vote.objects.exists()
