import pytest
from django.contrib.auth.models import User

from evaluations import leaderboard, moderation
from evaluations.models import Battle, Decision, Prompt, Tally
from tests.factories import make_battle, make_prompt
from tests.live_battles.making import make_live
from tests.test_leaderboard import count_votes

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return User.objects.create_superuser("ada")


@pytest.fixture
def bea():
    return User.objects.create_superuser("bea")


def only(prompt: Prompt):
    return Prompt.objects.filter(pk=prompt.pk)


def state(prompt: Prompt) -> str:
    return only(prompt).get().state


def test_a_decision_says_who_and_when_and_what_was_before(ada):
    prompt = make_prompt(state="pending")

    assert moderation.reject(prompts=only(prompt), by=ada, reason="personal") == 1

    decision = Decision.objects.get()
    assert (decision.kind, decision.reason) == ("reject", "personal")
    assert decision.decided_by == ada and decision.decided_at is not None
    assert decision.before == {"state": "pending"}
    assert decision.after == {"state": "rejected"}
    assert state(prompt) == "rejected"


def test_what_changes_nothing_is_no_decision(ada):
    prompt = make_prompt(state="approved")
    live = make_live(None, "Still open", publish=True, end="")

    moderation.approve(prompts=only(prompt), by=ada)
    moderation.approve(prompts=only(live.battle.prompt), by=ada)

    assert not Decision.objects.exists()


def test_an_undone_approval_waits_again(ada):
    prompt = make_prompt(state="pending")
    moderation.approve(prompts=only(prompt), by=ada)
    assert state(prompt) == "approved"

    undone = moderation.undo(by=ada)

    assert undone.prompt == prompt
    assert state(prompt) == "pending"
    decision = Decision.objects.get()
    assert decision.undone_by == ada and decision.undone_at is not None
    with pytest.raises(moderation.NothingToUndo):
        moderation.undo(by=ada)


def test_an_undone_approval_of_a_live_question_takes_it_from_the_others(ada):
    prompt = make_live(publish=True).battle.prompt
    moderation.approve(prompts=only(prompt), by=ada)
    assert Battle.objects.filter(mode="queue", withdrawn_at__isnull=True).count() == 1

    moderation.undo(by=ada)

    assert state(prompt) == "pending"
    assert not Battle.objects.filter(mode="queue", withdrawn_at__isnull=True).exists()
    assert moderation.approve(prompts=only(prompt), by=ada) == 1
    assert Battle.objects.filter(mode="queue", withdrawn_at__isnull=True).count() == 1


def test_one_undoes_ones_own_last_decision_alone(ada, bea):
    first, second = make_prompt(state="pending"), make_prompt(state="pending")
    moderation.approve(prompts=only(first), by=ada)
    moderation.reject(prompts=only(second), by=bea)

    moderation.undo(by=ada)

    assert (state(first), state(second)) == ("pending", "rejected")


def test_what_somebody_changed_since_is_not_undone(ada, bea):
    prompt = make_prompt(state="pending")
    moderation.approve(prompts=only(prompt), by=ada)
    moderation.reject(prompts=only(prompt), by=bea)

    with pytest.raises(moderation.NothingToUndo, match="Its state changed since"):
        moderation.undo(by=ada)
    assert state(prompt) == "rejected"

    # Nor where a third one has brought it back to what it was made.
    moderation.approve(prompts=only(prompt), by=bea)
    with pytest.raises(moderation.ChangedSince):
        moderation.undo(by=ada)
    only(prompt).update(state="rejected")
    with pytest.raises(moderation.ChangedSince):
        moderation.undo(by=bea)
    assert not Decision.objects.filter(undone_at__isnull=False).exists()


def test_an_undo_leaves_what_the_decision_did_not_touch(ada, bea):
    prompt = make_prompt(state="pending")
    moderation.edit(prompt=prompt, language="de", categories=["mathematics"], by=ada)
    moderation.approve(prompts=only(prompt), by=bea)

    moderation.undo(by=ada)
    assert (only(prompt).get().language, state(prompt)) == ("en", "approved")

    moderation.edit(prompt=prompt, language="fr", categories=["coding"], by=ada)
    moderation.undo(by=bea)
    assert (only(prompt).get().language, state(prompt)) == ("fr", "pending")


def test_an_edit_is_undone_as_well(ada):
    prompt = make_prompt(state="pending", categories=["knowledge"])

    assert moderation.edit(prompt=prompt, language="de", categories=["coding"], by=ada)
    assert not moderation.edit(
        prompt=prompt, language="de", categories=["coding"], by=ada
    )
    moderation.undo(by=ada)

    again = only(prompt).get()
    assert (again.language, again.categories) == ("en", ["knowledge"])


def test_an_edit_takes_counted_votes_along(ada):
    battle = make_battle(prompt=make_prompt(state="pending"))
    count_votes(battle, ["a"])
    leaderboard.roll_up()

    moderation.edit(prompt=battle.prompt, language="de", categories=["coding"], by=ada)

    slices = set(Tally.objects.values_list("slice", flat=True))
    assert {"language:de", "category:coding"} <= slices


def test_the_queue_gives_one_at_a_time():
    first, second, third = (make_prompt(state="pending") for _ in range(3))
    make_prompt()
    make_live(publish=True, end="")

    middle = moderation.waiting_at(second.pk)

    assert middle is not None
    assert (middle.prompt, middle.place, middle.number) == (second, 2, 3)
    assert (middle.before, middle.after) == (first.pk, third.pk)
    Prompt.objects.filter(pk=second.pk).update(state="approved")
    behind = moderation.waiting_at(second.pk)
    assert behind is not None and behind.prompt == third
    last = moderation.waiting_at(third.pk + 1)
    assert last is not None and last.prompt == first


def test_the_shares_of_the_pool_are_counted():
    head = make_prompt("Why is the sky blue?")
    make_prompt("why is the sky blue", near=head, near_found="wording")
    make_prompt(origin="volunteer")
    Prompt.objects.update(created_at="2026-01-01T00:00Z")
    make_prompt(origin="live")
    make_prompt(state="pending", near=head, near_found="wording")

    shares = moderation.pool_shares()

    assert (shares.prompts, shares.new, shares.suggested) == (4, 1, 2)
    assert (shares.duplicates, shares.waiting) == (1, 1)
    assert (shares.new_share, shares.duplicate_share) == (0.25, 0.25)
