"""Do the combined intervals hold the truth, and are they narrower where they may be?"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pytest

from evaluations.rating.combined import Combined, combined
from evaluations.rating.estimate import estimate
from evaluations.rating.opinions import Opinions
from evaluations.rating.tallies import Booleans, Floats, Integers
from tests.rating.voices import chosen, of_all_battles

REPLICATIONS: Final = 200
# The same few at each run of the tests, all of them with the long ones.
HOW_OFTEN = pytest.mark.parametrize(
    "replications", [40, pytest.param(REPLICATIONS, marks=pytest.mark.slow)]
)
MODELS, SPREAD, TASTE = 10, 0.7, 1.2


@dataclass(frozen=True)
class Scene:
    """What the judge is like: how well it sees, and what it leans to.

    sight: by what it multiplies the true lead on a battle, 0 for one that guesses
    first: log odds for the first place; unfair: spread of its own liking, pair by pair
    crooked: its own battles are of a few pairs; one_order: it is asked once there
    """

    sight: float = 2.0
    first: float = 0.0
    unfair: float = 0.0
    crooked: bool = False
    one_order: bool = False
    voted: int = 800
    more: int = 4000


INFORMED, GUESSING = Scene(), Scene(sight=0, first=1.0)
BIASED = Scene(first=1.5, unfair=0.6)
CROOKED = Scene(first=1.5, unfair=0.6, crooked=True, one_order=True)


@dataclass
class Seen:
    held: list[Booleans] = field(default_factory=list)
    alone_held: list[Booleans] = field(default_factory=list)
    widths: list[Floats] = field(default_factory=list)
    found: list[Combined] = field(default_factory=list)


def _battles(random: np.random.Generator, scene: Scene) -> tuple[Integers, Integers]:
    number = scene.voted + scene.more
    x = random.integers(0, MODELS, number)
    if scene.crooked:
        x[scene.voted :] = random.integers(0, 3, scene.more)
    return x, (x + random.integers(1, MODELS, number)) % MODELS


def _people(
    random: np.random.Generator, scene: Scene, x: Integers, y: Integers, lead: Floats
) -> Opinions:
    """One or two votes on each of the first battles."""
    votes = random.integers(1, 3, scene.voted)
    battle = np.repeat(np.arange(scene.voted), votes)
    first = random.choice([-1, 1], len(battle))
    choice = chosen(random, lead[battle])
    columns = (battle, x[battle], y[battle], first, choice)
    return Opinions(MODELS, *columns, np.ones(len(battle)))


def _judge(
    random: np.random.Generator, scene: Scene, x: Integers, y: Integers, lead: Floats
) -> Opinions:
    """Both orders of all battles, or one where that is so."""
    number = scene.voted + scene.more
    liking = scene.unfair * random.normal(0, 1, (MODELS, MODELS))
    seen = scene.sight * (lead + liking[x, y] - liking[y, x])
    battle = np.tile(np.arange(number), 2)
    first = np.repeat([1, -1], number)
    choice = chosen(random, np.tile(seen, 2) + scene.first * first, ties=0.5)
    both = Opinions(
        MODELS, battle, x[battle], y[battle], first, choice, np.ones(2 * number)
    )
    asked = (first == 1) | (battle < scene.voted)
    return (both.where(asked) if scene.one_order else both).shared()


def _once(seed: int, scene: Scene) -> tuple[Combined, Floats]:
    random = np.random.default_rng(seed)
    strengths = random.normal(0, SPREAD, MODELS)
    x, y = _battles(random, scene)
    lead = strengths[x] - strengths[y] + random.normal(0, TASTE, len(x))
    people = _people(random, scene, x, y, lead)
    judge = _judge(random, scene, x, y, lead)
    estimated = estimate(people.pairs(), established_votes=100, few_votes=50)
    found = combined(people, judge, estimated)
    assert found is not None
    truth = of_all_battles(strengths, TASTE)
    return found, truth - truth[estimated.anchors].mean()


def _simulate(scene: Scene, replications: int) -> Seen:
    seen = Seen()
    for seed in range(replications):
        found, truth = _once(seed, scene)
        error, alone = (
            1.959964 * np.sqrt(np.diag(covariance))
            for covariance in (found.covariance, found.alone_covariance)
        )
        seen.held.append(np.abs(found.strengths - truth) <= error)
        seen.alone_held.append(np.abs(found.alone - truth) <= alone)
        seen.widths.append(error / alone)
        seen.found.append(found)
    weight, worth, ceiling, votes = (
        np.mean([getattr(found, name) for found in seen.found])
        for name in ("weight", "worth", "ceiling", "votes")
    )
    print(
        f"{scene}: covers {np.mean(seen.held):.3f}"
        f", people {np.mean(seen.alone_held):.3f}"
        f", width {np.mean(seen.widths):.3f} of theirs, weight {weight:.3f}"
        f", worth {worth:.0f} of {ceiling:.0f} to {votes:.0f} votes"
    )
    return seen


def _holds(seen: Seen, replications: int) -> bool:
    least, most = (0.93, 0.97) if replications == REPLICATIONS else (0.91, 0.98)
    return bool(least <= np.mean(seen.held) <= most)


@HOW_OFTEN
@pytest.mark.parametrize("scene", [INFORMED, BIASED], ids=["informed", "biased"])
def test_a_judge_that_sees_something_narrows_intervals_that_still_hold(
    scene: Scene, replications: int
) -> None:
    seen = _simulate(scene, replications)

    assert _holds(seen, replications)
    assert np.mean(seen.widths) < 0.94
    assert min(found.worth for found in seen.found) > 50
    assert all(found.worth < found.ceiling for found in seen.found)


@HOW_OFTEN
def test_a_judge_that_guesses_changes_nothing(replications: int) -> None:
    seen = _simulate(GUESSING, replications)

    assert _holds(seen, replications)
    assert 0.99 < np.mean(seen.widths) <= 1
    assert np.max(seen.widths) < 1.02
    assert np.mean([found.weight for found in seen.found]) < 0.05
    assert np.mean([found.worth for found in seen.found]) < 10


@HOW_OFTEN
def test_other_pairs_and_one_order_move_nothing(replications: int) -> None:
    """The judge's own battles are of other pairs than people's, and asked once."""
    seen = _simulate(CROOKED, replications)

    assert _holds(seen, replications)
    assert np.mean(seen.widths) < 0.98


def test_a_judge_as_unfair_elsewhere_moves_nothing() -> None:
    """All prefer 0 to 1, 1 to 2 and 2 to 0 three times in four, wherever they look."""
    pair = np.repeat([0, 1, 2], [120, 80, 280])
    battle, x, y = np.arange(480), pair, (pair + 1) % 3
    choice, first = np.where(battle % 4 < 3, 0, 2), np.where(battle % 8 < 4, 1, -1)
    voices = Opinions(3, battle, x, y, first, choice, np.ones(480))
    voted = (battle % 40) < np.array([8, 32, 16])[pair]
    people = voices.where(voted)
    estimated = estimate(people.pairs(), established_votes=10, few_votes=10)

    found = combined(people, voices, estimated)

    assert found is not None
    assert found.weight > 0.5
    assert found.strengths == pytest.approx(found.alone, abs=1e-6)


def test_a_judge_without_battles_of_its_own_adds_nothing_yet() -> None:
    found, _ = _once(3, Scene(more=0))

    assert (found.both, found.more) == (800, 0)
    assert (found.weight, found.worth) == (0, 0)
    assert found.strengths == pytest.approx(found.alone)
    assert found.covariance == pytest.approx(found.alone_covariance)
    assert found.ceiling > 100


def test_verdicts_on_pairs_that_no_vote_is_on_are_left_out() -> None:
    random = np.random.default_rng(2)
    x = random.integers(0, MODELS, 900)
    people = _people(random, Scene(), x, (x + 1) % MODELS, np.zeros(900))
    rows = np.array([(1000 + n, 0, 5, 1, 0) for n in range(50)])
    judge = Opinions(MODELS, *rows.T, np.ones(50))
    estimated = estimate(people.pairs(), established_votes=100, few_votes=50)

    found = combined(people, judge, estimated)

    assert found is not None
    assert (found.both, found.more, found.weight) == (0, 0, 0)
    assert found.strengths == pytest.approx(found.alone)


def test_among_newcomers_alone_nothing_is_combined() -> None:
    random = np.random.default_rng(1)
    few = Scene(voted=20, more=0)
    x, y = _battles(random, few)
    people = _people(random, few, x, y, np.zeros(20))
    estimated = estimate(people.pairs(), established_votes=100, few_votes=50)

    assert combined(people, people.shared(), estimated) is None


def test_people_alone_have_the_errors_of_their_battles() -> None:
    """Each vote on a battle of its own gives the plain sandwich."""
    random = np.random.default_rng(6)
    scene = Scene(voted=1500, more=0)
    x, y = _battles(random, scene)
    battle = np.arange(1500)
    choice = chosen(random, np.zeros(1500))
    one = Opinions(MODELS, battle, x, y, np.ones(1500, int), choice, np.ones(1500))
    estimated = estimate(one.pairs(), established_votes=100, few_votes=50)

    found = combined(one, one.where(battle < 0), estimated)

    assert found.alone_covariance == pytest.approx(estimated.covariance, abs=1e-9)
    assert found.strengths == pytest.approx(estimated.strengths, abs=1e-6)
