"""Live battles beside the judge queue: neither takes what belongs to the other."""

import pytest

from evaluations import battles, fetching, live, voting
from evaluations.fetching.claims import claim_next
from evaluations.fetching.storing import settle_missed
from evaluations.models import Answer, Battle, LiveBattle
from evaluations.volunteers import left_side
from tests.factories import make_battle, make_contestant, make_visitor, vote_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def battle() -> Battle:
    make_contestant(), make_contestant()
    return live.open_battle(visitor=make_visitor(), text="Why?", publish=False)


def test_the_queue_neither_waits_for_live_battles_nor_offers_them(battle):
    assert battles.queue_depth().waiting == 0

    Battle.objects.filter(pk=battle.pk).update(state=Battle.State.READY)

    assert battles.offer(visitor=make_visitor()) is None


def test_what_fetches_for_the_queue_leaves_live_answers_alone(battle):
    contestant = battle.contestant_x

    assert claim_next(contestant_id=contestant.pk) is None
    Answer.objects.update(state=Answer.State.FAILED, finished_at=battle.opened_at)
    assert fetching.retry_failed(contestant=contestant) == 0


def test_a_live_battle_is_not_ready_when_its_answers_are(battle):
    Answer.objects.update(
        state=Answer.State.READY, text="Because.", finished_at="2026-01-01T00:00Z"
    )

    settle_missed()

    battle.refresh_from_db()
    assert battle.state == Battle.State.WAITING


def test_a_queued_battle_is_still_settled():
    battle = make_battle(state=Battle.State.WAITING)

    settle_missed()

    battle.refresh_from_db()
    assert battle.state == Battle.State.READY


def test_a_battle_given_up_when_it_was_complete_takes_no_vote(battle):
    Battle.objects.filter(pk=battle.pk).update(state=Battle.State.READY)
    visitor = make_visitor()
    LiveBattle.objects.filter(pk=battle.pk).update(
        volunteer=visitor.volunteer,
        left=left_side(token=visitor.token, battle_id=battle.public_id),
    )

    live.leave(visitor=visitor, battle_id=battle.public_id)

    with pytest.raises(voting.BattleFailed):
        vote_for(battle, visitor=visitor)
