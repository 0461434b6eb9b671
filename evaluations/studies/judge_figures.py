"""From what people and one judge said to the figures that its page shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import inf, isfinite
from typing import Any, Final

import numpy as np

from evaluations.rating.biases import favour, first_preferred, swapped
from evaluations.rating.combined import Combined, combined
from evaluations.rating.correlation import Outcome, compare
from evaluations.rating.kappa import (
    FEWEST_PAIRS,
    against_majority,
    against_votes,
    agreement,
    among,
)
from evaluations.rating.leaning import Leanings, leanings
from evaluations.rating.opinions import Opinions, both_judged
from evaluations.rating.own_table import OwnTable, own_tables
from evaluations.rating.shares import Score
from evaluations.rating.table import (
    ELO_PER_LOGIT,
    REACH,
    in_elo,
    standard_errors,
)
from evaluations.rating.tallies import Booleans, Floats, Integers
from evaluations.studies.opinions import Verdicts
from evaluations.studies.points import PairPoints

Figures = dict[str, Any]

SEVERAL: Final = 2
# Elo points between two contestants in people's table: how close a pair is.
CLOSENESS: Final = ((0.0, 50.0), (50.0, 100.0), (100.0, 200.0), (200.0, inf))


@dataclass(frozen=True)
class Said:
    """All that the figures of one judge are made from.

    slugs: (n,) of all contestants; own: (n,) those of the judge's maker; people: all
    votes that count; categories: of prompts, by primary key; scores: of models, by
    slug; pairs: the points of two models beside each other
    """

    slugs: tuple[str, ...]
    own: Booleans
    people: Opinions
    verdicts: Verdicts
    categories: Mapping[int, list[str]]
    scores: Mapping[str, Score]
    pairs: Sequence[PairPoints]


@dataclass(frozen=True)
class _Shared:
    """Battles that people and the judge have judged, in all columns (b,) or (b, 3).

    people, judge: votes for each choice; prompt; longer: as in Verdicts; x, y
    """

    battles: Integers
    people: Floats
    judge: Floats
    prompt: Integers
    longer: Floats
    x: Integers
    y: Integers


def figures_of(said: Said) -> Figures:
    voice = said.verdicts.opinions.shared()
    shared = _shared(said, voice)
    tables = own_tables(said.people)
    return {
        "judged": {
            "battles": len(np.unique(voice.battle)),
            "shared": len(shared.battles),
            "votes": float(shared.people.sum()),
        },
        "agreement": _agreements(shared),
        "categories": _by_category(shared, said.categories),
        "closeness": _by_closeness(shared, tables, len(said.slugs)),
        "unanimity": _by_unanimity(shared),
        "scores": _scores(said, tables),
        "pairs": [asdict(each) for each in said.pairs],
        "position": _position(said, voice, shared),
        "length": _length(said, voice, shared),
        "own_maker": _own_maker(said, voice, shared),
        **_tables(said, voice, tables),
    }


def _shared(said: Said, voice: Opinions) -> _Shared:
    battles = both_judged(said.people, voice)
    seen, rows = np.unique(voice.battle, return_index=True)
    row = rows[np.searchsorted(seen, battles)]
    return _Shared(
        battles=battles,
        people=said.people.choices(battles),
        judge=voice.choices(battles),
        prompt=said.verdicts.prompt[row],
        longer=said.verdicts.longer[row],
        x=voice.x[row],
        y=voice.y[row],
    )


def _agreements(shared: _Shared, where: Booleans | None = None) -> Figures | None:
    """None without a battle."""
    people, judge = shared.people, shared.judge
    if where is not None:
        people, judge = people[where], judge[where]
    votes = agreement(against_votes(people, judge))
    if votes is None:
        return None
    majority = agreement(against_majority(people, judge))
    yardstick = agreement(among(people))
    return {
        "votes": asdict(votes),
        "majority": asdict(majority) if majority else None,
        "people": asdict(yardstick) if yardstick else None,
    }


def _by_category(shared: _Shared, categories: Mapping[int, list[str]]) -> list[Figures]:
    """Those of most battles first."""
    own = [set(categories.get(prompt, ())) for prompt in shared.prompt.tolist()]
    names = sorted(set().union(*own)) if own else []
    masks = {name: np.array([name in each for each in own]) for name in names}
    return [
        {"name": name, **(_agreements(shared, mask) or {})}
        for name, mask in sorted(masks.items(), key=lambda each: -each[1].sum())
        if mask.sum() >= FEWEST_PAIRS
    ]


def _by_closeness(
    shared: _Shared, tables: Iterable[OwnTable], contestants: int
) -> list[Figures]:
    """By the distance of the two ratings in people's table; unconnected ones aside."""
    rating, group = np.zeros(contestants), np.full(contestants, -1)
    for number, table in enumerate(tables):
        rating[table.members] = ELO_PER_LOGIT * table.estimate.strengths
        group[table.members] = number
    apart = np.abs(rating[shared.x] - rating[shared.y])
    connected = group[shared.x] == group[shared.y]
    masks = [
        (low, high, connected & (low <= apart) & (apart < high))
        for low, high in CLOSENESS
    ]
    return [
        {
            "low": low,
            "high": high if isfinite(high) else None,
            **(_agreements(shared, mask) or {}),
        }
        for low, high, mask in masks
        if mask.sum() >= FEWEST_PAIRS
    ]


def _by_unanimity(shared: _Shared) -> list[Figures]:
    """By whether all of several people said the same."""
    votes, most = shared.people.sum(axis=1), shared.people.max(axis=1)
    several = votes >= SEVERAL
    masks = (True, several & (votes == most)), (False, several & (votes > most))
    return [
        {"all_agree": all_agree, **(_agreements(shared, mask) or {})}
        for all_agree, mask in masks
        if mask.sum() >= FEWEST_PAIRS
    ]


def _position(said: Said, voice: Opinions, shared: _Shared) -> Figures:
    people = said.people.where(np.isin(said.people.battle, shared.battles))
    both = swapped(said.verdicts.opinions, said.verdicts.question)
    return {
        "share": _plain(first_preferred(voice)),
        "log_odds": _leaning(_of_place(voice), 0),
        "people_share": _plain(first_preferred(people)),
        "people_log_odds": _leaning(_of_place(people), 0),
        "swapped": asdict(both) if both else None,
        "placed": int((voice.first != 0).sum()),
        "unplaced": int((voice.first == 0).sum()),
    }


def _of_place(opinions: Opinions) -> Leanings | None:
    placed = opinions.placed()
    return leanings(placed, placed.first[:, None].astype(np.float64))


def _length(said: Said, voice: Opinions, shared: _Shared) -> Figures:
    """Log odds are per unit of (x - y) / (x + y): a third is twice the length."""
    longer = np.sign(np.nan_to_num(shared.longer))
    points = favour(shared.people, shared.judge, longer)
    same = voice.where(np.isin(voice.battle, shared.battles))
    theirs = _of_length(said.people, shared.battles, shared.longer)
    its = _of_length(same, shared.battles, shared.longer)
    seen, rows = np.unique(voice.battle, return_index=True)
    own = _of_length(voice, seen, said.verdicts.longer[rows])
    more = its.beyond(theirs, 0) if its and theirs else None
    return {
        "placed": bool(voice.first.any()),
        "points": asdict(points) if points else None,
        "log_odds": _leaning(own, 0),
        "people_log_odds": _leaning(theirs, 0),
        "more": asdict(more) if more else None,
    }


def _of_length(
    opinions: Opinions, battles: Integers, longer: Floats
) -> Leanings | None:
    """Length, and place if any is known, where the answers were measured."""
    measured = battles[np.isfinite(longer)]
    kept = opinions.where(np.isin(opinions.battle, measured))
    by = longer[np.searchsorted(battles, kept.battle)]
    place = [kept.first.astype(np.float64)] if kept.first.any() else []
    return leanings(kept, np.column_stack([by, *place]))


def _own_maker(said: Said, voice: Opinions, shared: _Shared) -> Figures:
    own = said.own.astype(np.int64)
    side = (own[shared.x] - own[shared.y]).astype(np.float64)
    found = favour(shared.people, shared.judge, side)
    mixed = own[voice.x] != own[voice.y]
    met = np.unique(np.append(voice.x, voice.y))
    return {
        "slugs": [said.slugs[one] for one in met.tolist() if said.own[one]],
        "battles": len(np.unique(voice.battle[mixed])),
        "points": asdict(found) if found else None,
    }


def _tables(said: Said, voice: Opinions, people: list[OwnTable]) -> Figures:
    """The judge's table beside people's, and what both come to together."""
    its = max(own_tables(voice), key=lambda table: len(table.members), default=None)
    if its is None:
        return {"table": [], "correlation": None, "combined": None}
    theirs = _beside(people, its.members)
    rows = _rows(said.slugs, its, theirs)
    return {
        "table": rows,
        "correlation": _correlation(
            {row["slug"]: row["people"]["rating"] for row in rows if row["people"]},
            {row["slug"]: row["rating"] for row in rows},
        ),
        "combined": _combined(said, theirs) if theirs else None,
    }


def _beside(people: list[OwnTable], members: Integers) -> OwnTable | None:
    """The one of people's tables that has most of these contestants."""
    met = [len(np.intersect1d(table.members, members)) for table in people]
    most = max(met, default=0)
    return people[met.index(most)] if most else None


def _rows(
    slugs: tuple[str, ...], its: OwnTable, theirs: OwnTable | None
) -> list[Figures]:
    """The judge's order; its ratings are moved so that those of both have one mean."""
    people = {row["slug"]: row for row in _lines(slugs, theirs)} if theirs else {}
    lines = _lines(slugs, its)
    common = [
        people[line["slug"]]["rating"] - line["rating"]
        for line in lines
        if line["slug"] in people
    ]
    shift = sum(common) / len(common) if common else 0.0
    for line in lines:
        line["rating"] += shift
        line["people"] = people.get(line["slug"])
    return sorted(lines, key=lambda line: (-line["rating"], line["slug"]))


def _lines(slugs: tuple[str, ...], table: OwnTable) -> list[Figures]:
    columns = (
        table.members.tolist(),
        in_elo(table.estimate.strengths).tolist(),
        (REACH * standard_errors(table.estimate.covariance)).tolist(),
        table.votes.tolist(),
        table.estimate.provisional.tolist(),
    )
    return [
        {
            "slug": slugs[member],
            "rating": rating,
            "reach": reach,
            "votes": votes,
            "provisional": provisional,
        }
        for member, rating, reach, votes, provisional in zip(*columns, strict=True)
    ]


def _correlation(
    people: Mapping[str, float], judge: Mapping[str, float]
) -> Figures | None:
    found = compare(("people", people), ("judge", judge))
    if found.outcome != Outcome.COMPARED or not (found.kendall and found.spearman):
        return None
    return {
        "models": found.models,
        "kendall": asdict(found.kendall),
        "spearman": asdict(found.spearman),
    }


def _scores(said: Said, tables: list[OwnTable]) -> Figures:
    """What the judge gave answers alone, the best model first."""
    scored = np.flatnonzero(np.isin(said.slugs, list(said.scores)))
    theirs = _beside(tables, scored)
    lines = _lines(said.slugs, theirs) if theirs else []
    means = {slug: each.value for slug, each in said.scores.items()}
    own = {said.slugs[one] for one in scored.tolist() if said.own[one]}
    return {
        "models": [
            {"slug": slug, "is_own": slug in own, **asdict(said.scores[slug])}
            for slug in sorted(means, key=lambda slug: (-means[slug], slug))
        ],
        "correlation": _correlation(
            {line["slug"]: line["rating"] for line in lines}, means
        ),
    }


def _combined(said: Said, theirs: OwnTable) -> Figures | None:
    people, judge = (
        each.among(theirs.members) for each in (said.people, said.verdicts.opinions)
    )
    found = combined(people, judge, theirs.estimate)
    if found is None:
        return None
    names = ("weight", "votes", "worth", "ceiling", "both", "more")
    return {
        **{name: getattr(found, name) for name in names},
        "rows": _combined_rows(said.slugs, theirs.members, found),
    }


def _combined_rows(
    slugs: tuple[str, ...], members: Integers, found: Combined
) -> list[Figures]:
    columns = (
        members.tolist(),
        in_elo(found.strengths).tolist(),
        (REACH * standard_errors(found.covariance)).tolist(),
        in_elo(found.alone).tolist(),
        (REACH * standard_errors(found.alone_covariance)).tolist(),
        found.counted.tolist(),
    )
    return [
        {
            "slug": slugs[member],
            "rating": rating,
            "reach": reach,
            "alone": alone,
            "alone_reach": alone_reach,
        }
        for member, rating, reach, alone, alone_reach, counted in zip(
            *columns, strict=True
        )
        if counted
    ]


def _plain(figure: Any) -> Figures | None:
    return asdict(figure) if figure else None


def _leaning(found: Leanings | None, k: int) -> Figures | None:
    return asdict(found.leaning(k)) if found else None
