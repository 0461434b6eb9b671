import numpy as np
import pytest

from evaluations.rating.clusters import DesignEffects
from evaluations.rating.groups import Group, estimate_groups, widened
from evaluations.rating.table import table_of
from evaluations.rating.tallies import Tallies
from tests.rating.known import FOOD


def _food() -> Group:
    tallies = Tallies.from_rows((a, b, how, 9 * n) for a, b, how, n in FOOD)
    (group,) = estimate_groups(tallies, established_votes=20, few_votes=10)
    return group


def test_votes_of_the_same_people_widen_all_intervals() -> None:
    group = _food()

    wide = widened(group, DesignEffects({}, 4.0))

    assert wide.estimate.covariance == pytest.approx(4 * group.estimate.covariance)
    assert (wide.estimate.strengths == group.estimate.strengths).all()
    plain, twice = table_of([group]).groups[0].rows, table_of([wide]).groups[0].rows
    for one, other in zip(plain, twice, strict=True):
        assert other.se == pytest.approx(2 * one.se)
        assert other.comparison_error == pytest.approx(2 * one.comparison_error)
        assert (one.design_effect, other.design_effect) == (None, 4.0)


def test_who_was_audited_has_an_effect_of_its_own() -> None:
    group = _food()

    wide = widened(group, DesignEffects({"Tacos": 9.0}, 1.0))

    errors = [np.sqrt(np.diag(g.estimate.covariance)) for g in (group, wide)]
    grown = dict(zip(group.names, errors[1] / errors[0], strict=True))
    assert max(grown, key=lambda name: grown[name]) == "Tacos"
    assert grown["Tacos"] > 2
    (rated,) = table_of([wide]).groups
    assert {row.key: row.design_effect for row in rated.rows}["Tacos"] == 9.0


def test_without_an_audit_nothing_changes() -> None:
    group = _food()

    assert widened(group, None) is group


def test_a_table_of_some_ranks_them_among_themselves() -> None:
    group = _food()

    (whole,) = table_of([group]).groups
    (some,) = table_of([group], among={"Pizza", "Tacos"}).groups

    ratings = {row.key: (row.rating, row.se) for row in whole.rows}
    assert [row.key for row in some.rows] == ["Tacos", "Pizza"]
    for row in some.rows:
        assert (row.rating, row.se) == ratings[row.key]
        assert row.rank_high <= 2
    assert some.rank_bound < whole.rank_bound
