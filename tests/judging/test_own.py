import pytest

from evaluations import judging
from evaluations.models import Judge
from tests.factories import make_battle, make_contestant
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


def test_an_unknown_maker_relates_to_nobody():
    judge = make_judge(maker="?")

    battle = make_battle(make_contestant(maker="–"), make_contestant(maker=""))

    assert not judging.own_sides(judge=judge, battle=battle)


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
