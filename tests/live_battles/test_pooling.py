import pytest
from django.core.cache import cache

from evaluations.battles import ballot, offer, open_battle
from evaluations.live import pooling
from evaluations.matchmaking import draw
from evaluations.models import Answer, Battle, LiveBattle, Prompt, Vote
from evaluations.models.prompts import digest_of
from tests.factories import make_prompt, make_visitor, vote_for
from tests.live_battles.making import make_live

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_reservations():
    cache.clear()


def of(live: LiveBattle):
    return Prompt.objects.filter(pk=live.battle.prompt_id)


def approve(live: LiveBattle) -> int:
    return pooling.approve(prompts=of(live))


def pooled() -> list[Battle]:
    return list(Battle.objects.filter(mode=Battle.Mode.QUEUE).order_by("pk"))


def state_of(live: LiveBattle) -> str:
    return of(live).get().state


def test_an_approved_question_is_for_others_to_judge(settings):
    settings.ARENA_POOL_JUDGEMENTS = 4
    live = make_live(None, "Why?", "And then?", publish=True)

    assert approve(live) == 1

    [battle] = pooled()
    assert state_of(live) == "approved"
    assert (battle.state, battle.origin) == ("ready", "draw")
    assert battle.judgements_wanted == 4
    assert battle.draw_probability == live.battle.draw_probability
    pairs = ("number", "answer_x", "answer_y")
    theirs, own = (
        battle.turns.values_list(*pairs),
        live.battle.turns.values_list(*pairs),
    )
    assert list(theirs) == list(own)


def test_others_are_offered_all_of_its_turns_and_the_asker_none():
    asker, other = make_visitor(), make_visitor()
    live = make_live(asker, "Why?", "And then?", publish=True)
    approve(live)

    offered = offer(visitor=other)

    assert offered is not None
    assert [turn.prompt for turn in offered.turns] == ["Why?", "And then?"]
    last = live.battle.turns.last()
    shown = {offered.turns[1].html_a, offered.turns[1].html_b}
    assert shown == {last.answer_x.html, last.answer_y.html}
    cache.clear()
    assert offer(visitor=asker) is None


def test_others_votes_on_it_count():
    live = make_live(publish=True)
    approve(live)
    [battle] = pooled()

    vote_for(battle)

    battle.refresh_from_db()
    assert battle.judgements == 1
    assert Vote.objects.filter(battle=live.battle).count() == 0


def test_the_asker_is_not_offered_what_is_drawn_on_it_later():
    asker = make_visitor()
    approve(make_live(asker, publish=True))
    drawn = draw()
    assert drawn is not None
    open_battle(drawn)
    Answer.objects.update(state="ready", finished_at="2026-01-01T00:00Z")
    Answer.objects.update(lease_token=None, lease_until=None)
    Battle.objects.update(state="ready")

    assert offer(visitor=asker) is None


def test_it_joins_the_stock_by_what_is_really_asked():
    first, second = (make_live(None, "Why?", publish=True) for _ in range(2))

    approve(first)
    approve(second)

    prompts = Prompt.objects.approved()
    assert {p.first_digest for p in prompts} == {digest_of(prompts[0].first_messages())}
    assert len({prompt.digest for prompt in prompts}) == 2
    drawn = draw()
    assert drawn is not None and drawn.prompt in prompts


def test_a_battle_drawn_on_it_asks_anew():
    live = make_live(publish=True)
    approve(live)
    drawn = draw()
    assert drawn is not None

    battle = open_battle(drawn)

    turn = battle.turns.get()
    assert {turn.answer_x.origin, turn.answer_y.origin} == {Answer.Origin.FETCH}


@pytest.mark.parametrize(
    "values",
    [
        {"publish": False},
        {"publish": True, "end": ""},
        {"publish": True, "end": "deleted"},
        {"publish": True, "end": "failed", "state": "failed"},
        {"publish": True, "withdrawn_at": "2026-01-01T00:00Z"},
    ],
)
def test_what_is_not_for_others_stays_as_it_is(values):
    reason = "reported" if "withdrawn_at" in values else ""
    live = make_live(**values, withdrawn_reason=reason)
    before = state_of(live)

    assert approve(live) == 0

    assert state_of(live) == before
    assert pooled() == []
    assert live.battle.prompt not in pooling.waiting()


def test_a_private_question_cannot_be_rejected_either():
    live = make_live()

    assert pooling.reject(prompts=of(live)) == 0

    assert state_of(live) == "private"


def test_a_voted_battle_is_pooled_too():
    visitor = make_visitor()
    live = make_live(visitor, publish=True, end="voted")

    assert live.battle.prompt in pooling.waiting()
    assert approve(live) == 1
    assert live.battle.prompt not in pooling.waiting()


def test_answers_that_name_their_model_are_not_pooled():
    live = make_live(publish=True)
    turn = live.battle.turns.get()
    Answer.objects.filter(pk=turn.answer_y_id).update(leak="says_its_name")

    assert approve(live) == 1

    assert state_of(live) == "approved"
    assert pooled() == []


def test_approving_twice_opens_one_battle():
    live = make_live(publish=True)

    approve(live)
    approve(live)

    assert len(pooled()) == 1


def test_rejecting_takes_it_back_from_the_others():
    live = make_live(publish=True)
    approve(live)
    vote_for(pooled()[0])

    assert pooling.reject(prompts=of(live)) == 1

    [battle] = pooled()
    assert state_of(live) == "rejected"
    assert battle.withdrawn_reason == "its question was rejected"
    assert offer(visitor=make_visitor()) is None
    live.battle.refresh_from_db()
    assert live.battle.withdrawn_at is None


def test_it_can_be_approved_once_more():
    live = make_live(publish=True)
    approve(live)
    pooling.reject(prompts=of(live))

    approve(live)

    assert [battle.withdrawn_at is None for battle in pooled()] == [False, True]
    assert offer(visitor=make_visitor()) is not None


def test_questions_of_a_set_are_approved_and_rejected_as_before():
    prompt = make_prompt(state="pending")
    chosen = Prompt.objects.filter(pk=prompt.pk)
    assert prompt in pooling.waiting()

    assert pooling.approve(prompts=chosen) == 1
    assert chosen.get().state == "approved"
    assert pooling.reject(prompts=chosen) == 1
    assert chosen.get().state == "rejected"


def test_the_pooled_ballot_names_nobody():
    live = make_live(publish=True)
    approve(live)

    shown = ballot(visitor=make_visitor(), battle_id=pooled()[0].public_id)

    for contestant in (live.battle.contestant_x, live.battle.contestant_y):
        assert contestant.name not in repr(shown)
        assert contestant.slug not in repr(shown)
