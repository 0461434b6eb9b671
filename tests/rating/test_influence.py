from dataclasses import replace

import numpy as np
import pytest

from evaluations.rating.influence import largest, left_out, less, one_step
from evaluations.rating.refit import Fitted
from evaluations.rating.tallies import Integers, fold
from evaluations.rating.votes import UNKNOWN, Votes
from tests.rating.crowds import SPREAD, drawn, fitted_to, pareto_crowd


def _crowd(*, votes: int = 3000, n: int = 7) -> tuple[Votes, Fitted, Integers]:
    random = np.random.default_rng(2)
    who = pareto_crowd(random, votes=votes, volunteers=60)
    cast = drawn(random, random.normal(0, SPREAD, n), who, taste=0.5)
    fit = fitted_to(cast)[1]
    return cast, fit, np.argsort(-fit.strengths)


def _part(votes: Votes, volunteer: int) -> Votes:
    kept = votes.volunteer == volunteer
    return Votes(votes.names, *(column[kept] for column in _columns(votes)))


def _columns(votes: Votes) -> tuple[Integers, ...]:
    sides = (votes.first, votes.second, votes.outcome)
    return (*sides, votes.volunteer, votes.day, votes.prompt)


def _without(votes: Votes, volunteer: int) -> Votes:
    kept = votes.volunteer != volunteer
    columns = (column[kept] for column in _columns(votes))
    return Votes.from_columns(votes.names, *columns)


def test_pairs_less_a_group_are_those_of_the_other_votes() -> None:
    votes, fit, _ = _crowd()

    rest = less(fit.pairs, _part(votes, 3).pairs())

    assert rest.wins.tolist() == fold(_without(votes, 3).tallies()).wins.tolist()
    assert rest.battles.sum() == len(_without(votes, 3))


def test_one_step_is_near_the_fit_without_the_group() -> None:
    votes, fit, _ = _crowd()
    heaviest = np.bincount(votes.volunteer).argmax()
    assert (votes.volunteer == heaviest).mean() > 0.1

    for volunteer in range(60):
        own = _part(votes, volunteer).pairs()
        exact = left_out(fit, own).strengths - fit.strengths
        stepped = one_step(fit, own)
        stepped = stepped - stepped.mean()
        error = np.abs(stepped - (exact - exact.mean())).max()
        assert error <= 0.05 * np.abs(exact).max() + 1e-9


def test_the_largest_are_those_of_trying_every_group() -> None:
    votes, fit, order = _crowd()

    found = largest(votes, fit, order, votes.volunteer)

    leads, ratings = {}, {}
    for volunteer in np.unique(votes.volunteer).tolist():
        after = fitted_to(_without(votes, volunteer))[1].strengths
        change = after - fit.strengths
        lead = after[order[0]] - after[order[1:]].max()
        leads[volunteer] = lead - (fit.strengths[order[0]] - fit.strengths[order[1]])
        ratings[volunteer] = np.abs(change - change.mean()).max()
    assert found is not None
    assert found.groups == len(leads)
    assert found.on_lead.group == max(leads, key=lambda who: abs(leads[who]))
    assert found.on_lead.lead_change == pytest.approx(
        leads[found.on_lead.group], abs=1e-5
    )
    assert found.on_rating.group == max(ratings, key=ratings.__getitem__)
    assert abs(found.on_rating.rating_change) == pytest.approx(
        ratings[found.on_rating.group], abs=1e-5
    )


def test_ratings_move_about_the_tables_anchor() -> None:
    votes, fit, order = _crowd()
    anchors = np.array([0.5, 0.5, 0, 0, 0, 0, 0])

    found = largest(votes, replace(fit, anchors=anchors), order, votes.volunteer)

    assert found is not None
    rest = _without(votes, found.on_rating.group)
    change = fitted_to(rest)[1].strengths - fit.strengths
    about = change - anchors @ change
    assert found.on_rating.rating_change == pytest.approx(
        about[np.abs(about).argmax()], abs=1e-5
    )


def test_a_group_that_alone_made_the_leader_is_named() -> None:
    random = np.random.default_rng(3)
    strengths = np.array([0.1, 0.05, -0.4, -0.3])
    votes = drawn(random, strengths, random.integers(0, 80, 2000))
    fan = Votes.from_rows([(2, other, "a", 99, 0, 0) for other in (0, 1, 3)] * 150)
    both = zip(_columns(votes), _columns(fan), strict=True)
    cast = Votes.from_columns(
        votes.names, *(np.append(one, other) for one, other in both)
    )
    fit = fitted_to(cast)[1]
    order = np.argsort(-fit.strengths)
    assert order[0] == 2

    found = largest(cast, fit, order, cast.volunteer)

    assert found is not None
    assert found.turns is not None
    assert (found.turns.group, found.turns.votes) == (99, 450)
    assert found.on_lead == found.turns
    assert found.on_lead.lead_change < -0.2


def test_a_calm_crowd_has_no_group_that_turns_the_leader() -> None:
    random = np.random.default_rng(3)
    strengths = np.array([0.9, 0.05, -0.4, -0.3])
    votes = drawn(random, strengths, random.integers(0, 80, 2000))
    fit = fitted_to(votes)[1]

    found = largest(votes, fit, np.argsort(-fit.strengths), votes.day)

    assert found is not None
    assert found.turns is None
    assert found.on_lead.leads


def test_without_the_only_group_nothing_would_be_left() -> None:
    votes, fit, order = _crowd()
    one = np.zeros(len(votes), dtype=np.int64)

    assert largest(votes, fit, order, one) is None
    assert largest(votes, fit, order, one + UNKNOWN) is None


def test_who_has_no_vote_left_moves_nowhere() -> None:
    votes, fit, order = _crowd()
    last = int(order[-1])
    theirs = (votes.first == last) | (votes.second == last)

    found = largest(votes, fit, order, np.where(theirs, 1, 0))

    assert found is not None
    assert {found.on_rating.moved, found.on_lead.moved} < set(order[:-1].tolist())
