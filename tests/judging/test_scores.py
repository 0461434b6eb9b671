import pytest

from evaluations import judging
from evaluations.models import Answer, Contestant, JudgeScore, Prompt, PromptSet, Run
from evaluations.models.prompts import digest_of
from tests.factories import make_answer, make_contestant, make_prompt
from tests.judging.making import make_judge, make_template, planned, reply_to

pytestmark = pytest.mark.django_db


def scoring_of(slug: str) -> Run:
    return judging.make_run(
        judge=make_judge(),
        template=make_template("score"),
        prompt_set=PromptSet.objects.get(slug=slug),
    )


def scored_in(slug: str) -> list[int | None]:
    return [item.scored_id for item in planned(scoring_of(slug))]


def answer_again(before: Answer, prompt: Prompt, text: str) -> Answer:
    """The same contestant's answer to the next turn."""
    said = {"role": "assistant", "content": before.text}
    turn = len(before.messages) // 2 + 1
    messages = [
        *before.messages,
        said,
        {"role": "user", "content": prompt.turns[turn]},
    ]
    return make_answer(
        before.contestant,
        Prompt(first_digest=digest_of(messages), turns=["unused"]),
        text=text,
        messages=messages,
    )


def two_turns(slug: str = "mt") -> Prompt:
    return make_prompt(
        turns=["Name a bird.", "Why?"], references=["Any.", "A reason."], set=slug
    )


def test_each_ready_answer_of_the_set_is_scored_once_turn_after_turn():
    prompt = two_turns()
    one, other = make_contestant(), make_contestant()
    first = make_answer(one, prompt, text="Wren.")
    alone = make_answer(other, prompt, text="Wren.")
    second = answer_again(first, prompt, "Small.")
    stray = Answer(contestant=make_contestant(), messages=first.messages, text="Wren.")
    answer_again(stray, prompt, "I never said so.")
    make_answer(one, make_prompt(set="other"))

    assert scored_in("mt") == [first.pk, alone.pk, second.pk]


def test_what_is_no_contestants_first_ready_answer_is_left_out():
    prompt = make_prompt(set="koala")
    kept = make_answer(make_contestant(state=Contestant.State.RETIRED), prompt)
    make_answer(kept.contestant, prompt, replicate=1)
    make_answer(make_contestant(judge_only=True), prompt)
    make_answer(make_contestant(), prompt, state="queued", finished_at=None)
    make_answer(make_contestant(), prompt, origin="live")
    make_answer(make_contestant(), make_prompt(set="koala", state="rejected"))

    assert scored_in("koala") == [kept.pk]


def test_a_later_turn_is_judged_with_what_was_said_before():
    prompt = two_turns()
    first = make_answer(make_contestant(), prompt, text="Wren.")
    answer_again(first, prompt, "It is small.")

    items = planned(scoring_of("mt"))
    asked = [judging.SCORING.messages(item)[-1]["content"] for item in items]

    parts = ["Name a bird.", "Why?", "Any.", "A reason.", "Wren.", "It is small."]
    assert [[part in text for part in parts] for text in asked] == [
        [True, False, True, False, True, False],
        [True] * 6,
    ]
    assert asked[1].index("Why?") < asked[1].index("Wren.")


@pytest.mark.parametrize(
    ("text", "answer_state", "state", "score"),
    [
        ("Fair.\n[[6]]", "ready", "read", 6.0),
        ("[[11]]", "ready", "unreadable", None),
        ("", "failed", "failed", None),
    ],
)
def test_a_reply_becomes_a_score_or_a_failure(
    text: str, answer_state: str, state: str, score: float | None
):
    answer = make_answer(make_contestant(), make_prompt(set="koala"))
    (item,) = planned(scoring_of("koala"))

    judging.SCORING.settle(reply_to(item, text, state=answer_state))

    kept = JudgeScore.objects.get()
    assert (kept.answer, kept.state, kept.score) == (answer, state, score)


def test_a_failed_score_is_replaced_and_a_read_one_stays():
    make_answer(make_contestant(), make_prompt(set="koala"))
    (item,) = planned(scoring_of("koala"))
    judging.SCORING.settle(reply_to(item, "", state="failed"))

    judging.SCORING.settle(reply_to(item, "[[3]]"))
    judging.SCORING.settle(reply_to(item, "[[4]]"))

    assert JudgeScore.objects.get().score == 3


def test_scoring_without_a_set_or_answers_is_refused():
    score, judge = make_template("score"), make_judge()
    make_prompt(set="koala")

    with pytest.raises(judging.JudgingRefused, match="name one"):
        judging.make_run(judge=judge, template=score)
    with pytest.raises(judging.JudgingRefused, match="no answer to score"):
        scoring_of("koala")
