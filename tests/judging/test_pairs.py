import pytest
from django.utils import timezone

from evaluations import judging
from evaluations.models import (
    BattleTurn,
    JudgeVerdict,
    Prompt,
    PromptSet,
    Run,
    RunItem,
)
from tests.factories import (
    make_answer,
    make_battle,
    make_contestant,
    make_control,
    make_prompt,
    vote_for,
)
from tests.judging.making import (
    make_judge,
    make_template,
    planned,
    reply_to,
    run_over,
)
from tests.live_battles.making import make_live

pytestmark = pytest.mark.django_db


def judged_by(**values: object) -> list[tuple[int | None, str]]:
    run = judging.make_run(judge=make_judge(), template=make_template(), **values)
    return [(item.battle_id, item.left) for item in planned(run)]


def counted(battle) -> None:
    vote = vote_for(battle)
    vote.state = "counted"
    vote.save()


def test_every_battle_is_asked_about_in_both_orders():
    battle = make_battle()

    assert judged_by() == [(battle.pk, "x"), (battle.pk, "y")]


def test_battles_with_peoples_votes_come_first_and_then_the_newest():
    voted, older, newer = make_battle(), make_battle(), make_battle()
    counted(voted)
    vote_for(newer)

    chosen = [battle for battle, left in judged_by() if left == "x"]

    assert chosen == [voted.pk, newer.pk, older.pk]
    assert judged_by(voted_only=True) == [(voted.pk, "x"), (voted.pk, "y")]
    assert {battle for battle, _ in judged_by(battle_limit=2)} == {newer.pk, older.pk}


def test_a_set_is_judged_alone():
    koala = make_battle(prompt=make_prompt(set="koala"))
    make_battle()

    chosen = judged_by(prompt_set=PromptSet.objects.get(slug="koala"))

    assert {battle for battle, _ in chosen} == {koala.pk}


def test_only_open_finished_pairs_go_to_a_judge():
    make_control()
    make_battle(state="waiting")
    make_battle(withdrawn_at=timezone.now(), withdrawn_reason="equal")
    make_live(None, "Asked for oneself")
    make_battle(prompt=make_prompt(state=Prompt.State.REJECTED))

    with pytest.raises(judging.JudgingRefused, match="no battle to judge"):
        judged_by()


def test_the_one_shown_first_is_answer_a():
    prompt = make_prompt("What is two and two?", references=["It is 4."])
    x, y = make_contestant(), make_contestant()
    make_answer(x, prompt, text="Four.")
    make_answer(y, prompt, text="Five {answer_a}.")
    run = run_over(make_battle(x, y, prompt))

    asked = [judging.JUDGING.messages(item)[-1]["content"] for item in run.items.all()]

    places = [[text.index(said) for said in ("Four.", "Five {")] for text in asked]
    assert places[0] == sorted(places[0])
    assert places[1] == sorted(places[1], reverse=True)
    assert all("Five {answer_a}." in text for text in asked)
    assert all("Good: ===== reference answer begins" in text for text in asked)


def test_a_judge_is_told_of_every_turn_and_of_no_name():
    prompt = make_prompt("Name a bird.")
    battle = make_battle(prompt=prompt)
    prompt.turns = ["Name a bird.", "Why that one?", "Never asked."]
    prompt.save()
    sides = (battle.contestant_x, battle.contestant_y)
    again = make_prompt("Why that one?")
    answers = [make_answer(one, again, text=f"Since {one.pk}.") for one in sides]
    BattleTurn.objects.create(
        battle=battle, number=2, answer_x=answers[0], answer_y=answers[1]
    )

    asked = judging.JUDGING.messages(run_over(battle).items.all()[0])[-1]["content"]

    for said in ("Name a bird.", "Why that one?", *(one.text for one in answers)):
        assert said in asked
    assert "Never asked" not in asked
    assert not any(one.name in asked or one.maker in asked for one in sides)


def test_a_template_goes_before_the_contestants_own_parameters():
    persona = {"system": "Speak like a pirate.", "temperature": 1, "top_p": 0.9}
    judge = make_judge(make_contestant(parameters=persona))
    item = run_over(make_battle(), judge=judge).items.all()[0]

    assert judging.JUDGING.overrides(item) == {"system": None, "temperature": 0}


@pytest.mark.parametrize(
    ("text", "answer_state", "state", "verdict"),
    [
        ("A is right.\n[[A]]", "ready", "read", "a"),
        ("I cannot tell.", "ready", "unreadable", ""),
        ("[[A]]\n[[B]]", "ready", "unreadable", ""),
        ("", "failed", "failed", ""),
    ],
)
def test_a_reply_becomes_a_verdict_or_a_failure_and_never_a_tie(
    text: str, answer_state: str, state: str, verdict: str
):
    item = run_over(make_battle()).items.all()[1]

    judging.JUDGING.settle(reply_to(item, text, state=answer_state))

    kept = JudgeVerdict.objects.get()
    assert (kept.state, kept.verdict, kept.left) == (state, verdict, "y")
    assert (kept.battle, kept.reply, kept.run) == (item.battle, item.answer, item.run)
    assert kept.reason == ("A is right." if state == "read" else "")


def test_a_call_that_failed_may_be_asked_again_and_one_that_was_read_stays():
    item = run_over(make_battle()).items.all()[0]
    judging.JUDGING.settle(reply_to(item, "", state="failed"))

    judging.JUDGING.settle(reply_to(item, "[[B]]"))
    assert JudgeVerdict.objects.get().verdict == "b"

    judging.JUDGING.settle(reply_to(item, "[[A]]"))
    assert JudgeVerdict.objects.get().verdict == "b"


def test_a_judge_without_a_connection_is_not_asked():
    made_elsewhere = make_judge(contestant=make_contestant())
    made_elsewhere.contestant = None
    paused = make_judge(make_contestant(state="paused"))
    make_battle()

    for judge, sentence in ((made_elsewhere, "no connection"), (paused, "is paused")):
        with pytest.raises(judging.JudgingRefused, match=sentence):
            judging.make_run(judge=judge, template=make_template())
    with pytest.raises(judging.JudgingRefused, match=r"There is no \{question\}"):
        judging.make_run(judge=make_judge(), template=make_template(text="Judge!"))
    assert not Run.objects.exists()
    assert not RunItem.objects.exists()
