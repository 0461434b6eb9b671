"""From single votes to the figures of an audit, ready to be stored."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from evaluations.rating.clusters import DesignEffects, design_effects, inflate
from evaluations.rating.fragility import Swap, leader_swap, neighbour_swaps
from evaluations.rating.groups import Group, estimate_groups, widened
from evaluations.rating.influence import Largest, LeftOut, largest
from evaluations.rating.refit import Fitted, fitted
from evaluations.rating.reliability import Reliability, reliability, weighted
from evaluations.rating.table import (
    CENTRE,
    ELO_PER_LOGIT,
    ESTABLISHED_VOTES,
    FEW_VOTES,
    in_elo,
    standard_errors,
)
from evaluations.rating.tallies import Floats, Integers, Tallies
from evaluations.rating.votes import Votes

Progress = Callable[[str, int, int], None]
Figures = dict[str, Any]

METHOD: Final = "influence and refits"
# What one can leave out, by the name of its column.
KINDS: Final = ("volunteer", "day", "prompt")
# Bounds between classes of sharpness against the crowd's.
CLASSES: Final = (0.5, 0.8, 1.25, 2.0)


@dataclass(frozen=True)
class Audited:
    """results: to be stored and shown; turning: the volunteer's key, if one alone is
    what keeps the leader of the largest group ahead."""

    results: Figures
    tallies: Tallies
    turning: int | None


def figures(votes: Votes, progress: Progress) -> Audited:
    """Compute everything; progress is called with a label, steps done and in all."""
    tallies = votes.tallies()
    groups = estimate_groups(
        tallies, established_votes=ESTABLISHED_VOTES, few_votes=FEW_VOTES
    )
    parts = [_Part.of(votes, group) for group in groups]
    effects = [design_effects(part.votes, part.fit) for part in parts]
    lists = [
        part.figures(each, progress)
        for part, each in zip(parts, effects, strict=True)
        if len(part.order) > 1
    ]
    results = {**_effects(parts, effects), "groups": lists}
    turning = lists[0].pop("turning") if lists else None
    for other in lists[1:]:
        other.pop("turning")
    return Audited(results, tallies, turning)


def parameters() -> Figures:
    return {
        "established_votes": ESTABLISHED_VOTES,
        "few_votes": FEW_VOTES,
        "centre": CENTRE,
        "elo_per_logit": ELO_PER_LOGIT,
    }


def _effects(parts: list["_Part"], effects: list[DesignEffects]) -> Figures:
    """Of all groups; the pooled one by votes."""
    shares = [len(part.votes) for part in parts]
    pooled = [each.pooled for each in effects]
    return {
        "effects": {
            str(name): round(effect, 4)
            for each in effects
            for name, effect in each.of.items()
        },
        "pooled_effect": float(np.average(pooled, weights=shares)) if parts else 1.0,
    }


@dataclass(frozen=True)
class _Part:
    """One group of contestants that votes connect, its votes and its fit.

    order: (k,) indices of those who hold a place, best first; of all while nobody does
    """

    group: Group
    votes: Votes
    fit: Fitted
    order: Integers

    @classmethod
    def of(cls, votes: Votes, group: Group) -> "_Part":
        place = {name: number for number, name in enumerate(votes.names)}
        members = np.array([place[name] for name in group.names], dtype=np.int64)
        held = ~group.estimate.provisional
        order = np.argsort(-group.estimate.strengths, kind="stable")
        return cls(
            group,
            votes.among(members),
            fitted(group.pairs, group.estimate),
            order[held[order]] if held.any() else order,
        )

    def figures(self, effects: DesignEffects, progress: Progress) -> Figures:
        leader = leader_swap(self.fit, self.order)
        left_out = {kind: self._left_out(kind, progress) for kind in KINDS}
        return {
            "contestants": len(self.group.names),
            "votes": len(self.votes),
            "volunteers": len(np.unique(self.votes.volunteer)),
            "settled": bool((~self.group.estimate.provisional).any()),
            "leader": None if leader is None else self._swap(leader),
            "neighbours": list(self._neighbours(progress)),
            "left_out": {kind: self._largest(one) for kind, one in left_out.items()},
            "turning": _turning(left_out["volunteer"]),
            "reliability": self._reliability(effects, progress),
        }

    def _name(self, contestant: int) -> str:
        return str(self.group.names[contestant])

    def _neighbours(self, progress: Progress) -> Iterable[Figures]:
        total = len(self.order) - 1
        for done, swap in enumerate(neighbour_swaps(self.fit, self.order), start=1):
            progress("Neighbours", done, total)
            yield self._swap(swap)

    def _swap(self, swap: Swap) -> Figures:
        lead = self.fit.strengths[swap.ahead] - self.fit.strengths[swap.behind]
        return {
            "ahead": self._name(swap.ahead),
            "behind": self._name(swap.behind),
            "lead": float(ELO_PER_LOGIT * lead),
            "votes": swap.votes,
            "at_least": swap.at_least,
            "exact": swap.exact,
        }

    def _left_out(self, kind: str, progress: Progress) -> Largest | None:
        found = largest(self.votes, self.fit, self.order, getattr(self.votes, kind))
        progress("Leaving out", KINDS.index(kind) + 1, len(KINDS))
        return found

    def _largest(self, found: Largest | None) -> Figures | None:
        if found is None:
            return None
        return {
            "groups": found.groups,
            "on_lead": self._one(found.on_lead),
            "on_rating": self._one(found.on_rating),
            "turns": None if found.turns is None else self._one(found.turns),
        }

    def _one(self, without: LeftOut) -> Figures:
        lead = ELO_PER_LOGIT * without.lead_change
        return {
            "votes": without.votes,
            # Without a vote left the leader leads nothing.
            "lead_change": lead if np.isfinite(lead) else None,
            "leads": without.leads,
            "moved": self._name(without.moved),
            "rating_change": ELO_PER_LOGIT * without.rating_change,
        }

    def _reliability(self, effects: DesignEffects, progress: Progress) -> Figures:
        """Both tables with the errors that votes of the same volunteers leave."""
        progress("Volunteers", 0, 1)
        known = reliability(self.votes, self.fit)
        table = weighted(self.votes, self.fit, known)
        progress("Volunteers", 1, 1)
        plain = widened(self.group, effects).estimate
        own = effects.among(self.group.names)
        columns = (
            in_elo(plain.strengths),
            standard_errors(plain.covariance),
            in_elo(table.strengths),
            standard_errors(inflate(table.covariance, own, self.fit.anchors)),
        )
        return {
            "spread": known.spread,
            "tie_spread": known.tie_spread,
            "classes": _classes(known),
            "rows": [self._row(number, columns) for number in self.order.tolist()],
        }

    def _row(self, number: int, columns: tuple[Floats, ...]) -> Figures:
        keys = ("rating", "se", "weighted", "weighted_se")
        figures = (round(float(column[number]), 3) for column in columns)
        return {"slug": self._name(number), **dict(zip(keys, figures, strict=True))}


def _turning(found: Largest | None) -> int | None:
    return None if found is None or found.turns is None else found.turns.group


def _classes(known: Reliability) -> list[Figures]:
    """Volunteers and votes by sharpness, from the dullest class to the sharpest."""
    where = np.searchsorted(CLASSES, known.sharpness, side="right")
    kinds = len(CLASSES) + 1
    volunteers = np.bincount(where, minlength=kinds)
    votes = np.bincount(where, known.votes, kinds)
    weight = np.bincount(where, known.votes * known.weights(), kinds)
    return [
        {
            "volunteers": int(volunteers[kind]),
            "votes": int(votes[kind]),
            "weight": float(weight[kind] / votes[kind]) if votes[kind] else None,
        }
        for kind in range(kinds)
    ]
