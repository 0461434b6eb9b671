import numpy as np
import pytest

from evaluations.rating.question_curves import (
    REACH,
    TooLittle,
    components,
    question_curves,
    sizes,
)
from evaluations.rating.questions import ELO_PER_LOGIT, fit_questions
from tests.rating.questions import asked


def made(questions: int, votes_each: int, effect: float = 0.6, n: int = 8):
    return asked(
        np.random.default_rng(4),
        n=n,
        questions=questions,
        votes_each=votes_each,
        effect=effect,
    )


def test_uncertainty_falls_with_questions_and_votes_alone_flatter():
    curves = question_curves(made(40, 60), resamples=60)

    widths = [point.half_width.value for point in curves.by_questions]
    assert widths == sorted(widths, reverse=True)
    taus = [point.tau.value for point in curves.by_questions]
    assert taus[-1] > taus[0]
    for whole, single in zip(curves.by_questions, curves.by_votes, strict=True):
        assert (whole.questions, whole.votes) == (single.questions, single.votes)
    ends = curves.by_questions[-1].half_width, curves.by_votes[-1].half_width
    assert ends[0].value > 1.3 * ends[1].value
    assert curves.by_questions[-1].tau.value < curves.by_votes[-1].tau.value


def test_more_votes_on_few_questions_stop_helping():
    curves = question_curves(made(40, 60), resamples=10)

    last = curves.few[-1][1]
    assert last == pytest.approx(curves.few_floor, rel=0.15)
    assert last > 2 * curves.by_questions[-1].half_width.value
    assert curves.few_floor == pytest.approx(curves.floor * (40 / 5) ** 0.5)


def test_ten_times_the_votes_on_the_same_questions_meet_the_floor():
    """The floor is told from few votes, and many votes come down to it."""
    floor = question_curves(made(30, 40), resamples=5).floor

    many = question_curves(made(30, 1000), resamples=60)

    assert many.by_questions[-1].half_width.value == pytest.approx(floor, rel=0.3)
    assert many.floor == pytest.approx(floor, rel=0.3)


def test_the_floor_is_that_of_the_effects_put_in():
    effect, n, questions = 0.6, 8, 400
    fit = fit_questions(made(questions, 60, effect))

    # The mean of the model's effects, less everyone's, as logistic mixing leaves it.
    per_question = components(fit).half_width(questions=1)

    wanted = REACH * ELO_PER_LOGIT * effect * (1 - 1 / n) ** 0.5
    assert per_question == pytest.approx(wanted, rel=0.15)


def test_where_questions_do_not_matter_both_ways_are_the_same():
    curves = question_curves(made(40, 60, effect=0.0), resamples=100)

    ends = curves.by_questions[-1].half_width, curves.by_votes[-1].half_width
    assert ends[0].value == pytest.approx(ends[1].value, rel=0.15)
    assert curves.floor < 0.4 * ends[1].value


def test_the_same_votes_give_the_same_curves():
    votes = made(6, 40)

    assert question_curves(votes, resamples=5) == question_curves(votes, resamples=5)


def test_two_questions_are_too_little():
    with pytest.raises(TooLittle):
        question_curves(made(2, 200))


@pytest.mark.parametrize("questions", [3, 4, 13, 80, 180, 30_000])
def test_sizes_rise_from_two_to_all(questions):
    found = sizes(questions)

    assert (found[0], found[-1]) == (2, questions)
    assert found == sorted(set(found))
    assert len(found) <= 13
