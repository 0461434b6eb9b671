import pytest

from evaluations import judging
from evaluations.models import Judge, JudgeScore, JudgeVerdict
from tests.factories import make_answer, make_battle, make_contestant, make_prompt
from tests.judging.making import make_judge

pytestmark = pytest.mark.django_db


@pytest.fixture
def judge() -> Judge:
    return make_judge(make_contestant(maker="Resold"), maker="Open-AI")


def test_a_judge_is_related_to_itself_and_to_its_makers_models(judge: Judge):
    itself, sister = judge.contestant, make_contestant(maker="open ai")

    for x, y, sides in (
        (itself, None, {"x"}),
        (None, sister, {"y"}),
        (itself, sister, {"x", "y"}),
        (None, make_contestant(maker="Openair"), set()),
    ):
        battle = make_battle(x, y)
        assert judging.own_sides(judge=judge, battle=battle) == sides
        assert judging.is_own(judge=judge, battle=battle) == bool(sides)


def test_an_unknown_maker_relates_to_nobody():
    judge = make_judge(maker="?")

    battle = make_battle(make_contestant(maker="–"), make_contestant(maker=""))

    assert not judging.is_own(judge=judge, battle=battle)


def test_verdicts_and_scores_are_marked_by_the_database(judge: Judge):
    sister = make_contestant(maker="OpenAI")
    for x, y in ((sister, None), (None, judge.contestant), (None, None)):
        JudgeVerdict.objects.create(
            judge=judge, battle=make_battle(x, y), left="x", state="failed"
        )
    for one in (sister, make_contestant()):
        JudgeScore.objects.create(
            judge=judge, answer=make_answer(one, make_prompt()), state="failed"
        )

    marked = judging.with_own_sides(JudgeVerdict.objects.order_by("pk"), judge=judge)
    scored = judging.with_own_answers(JudgeScore.objects.order_by("pk"), judge=judge)

    sides = [(True, False), (False, True), (False, False)]
    assert list(marked.values_list("own_x", "own_y")) == sides
    assert list(scored.values_list("own", flat=True)) == [True, False]


def test_a_contestant_is_made_a_judge_once():
    contestant = make_contestant(maker="Someone", licence="MIT")

    judge = judging.judge_from(contestant=contestant)

    assert (judge.slug, judge.name) == (contestant.slug, contestant.name)
    assert (judge.maker, judge.licence) == ("Someone", "MIT")
    assert judging.judge_from(contestant=contestant) == judge
    named = make_contestant(name="GPT-4")
    make_judge(name="GPT-4")
    with pytest.raises(judging.JudgingRefused, match="called GPT-4 or"):
        judging.judge_from(contestant=named)
