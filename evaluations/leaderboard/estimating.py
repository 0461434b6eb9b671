"""From the tallies of one slice to the estimates that its tables are made from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from evaluations.leaderboard.cells import read_style_tallies, read_tallies
from evaluations.models import Leaderboard
from evaluations.rating.clusters import DesignEffects
from evaluations.rating.groups import Group, estimate_groups, widened
from evaluations.rating.style import RIDGE
from evaluations.rating.style_tallies import StyleTallies, style_digest
from evaluations.rating.styled import METHOD as STYLE_METHOD
from evaluations.rating.styled import styled
from evaluations.rating.table import ESTABLISHED_VOTES, FEW_VOTES, METHOD
from evaluations.rating.tallies import Tallies, digest

PLAIN, STYLE = Leaderboard.Adjustment.NONE, Leaderboard.Adjustment.STYLE


@dataclass(frozen=True)
class Estimates:
    """What one table is made from: groups estimated from so many votes."""

    groups: tuple[Group, ...]
    votes: int
    digest: str
    method: str = METHOD
    parameters: dict[str, Any] = field(default_factory=dict)
    coefficients: list[dict[str, Any]] = field(default_factory=list)


def estimates_of(
    name: str,
    *,
    slugs: Mapping[int, str],
    effects: DesignEffects | None,
    with_style: bool,
) -> dict[str, Estimates]:
    """Estimates by adjustment: as judged, and with style held equal.

    slugs: of all contestants, by their number; effects: what repeated votes of the
    same volunteers do to variances, None where it is not known.
    """
    style_tallies = read_style_tallies(name, slugs) if with_style else None
    tallies = style_tallies.plain if style_tallies else read_tallies(name, slugs)
    groups = estimate_groups(
        tallies, established_votes=ESTABLISHED_VOTES, few_votes=FEW_VOTES
    )
    found: dict[str, Estimates] = {PLAIN: _plain(tallies, groups, effects)}
    if style_tallies:
        found[STYLE] = _styled(style_tallies, groups, effects)
    return found


def _plain(
    tallies: Tallies, groups: tuple[Group, ...], effects: DesignEffects | None
) -> Estimates:
    wide = tuple(widened(group, effects) for group in groups)
    return Estimates(wide, tallies.votes, digest(tallies))


def _styled(
    tallies: StyleTallies, groups: tuple[Group, ...], effects: DesignEffects | None
) -> Estimates:
    made, coefficients = styled(groups, tallies)
    return Estimates(
        groups=tuple(widened(group, effects) for group in made),
        votes=tallies.plain.votes,
        digest=style_digest(tallies),
        method=STYLE_METHOD,
        parameters={"ridge": RIDGE},
        coefficients=[asdict(each) for each in coefficients],
    )
