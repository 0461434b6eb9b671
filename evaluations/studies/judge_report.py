"""What the newest study of each judge found, with the models of now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evaluations.models import Contestant, Judge, Study
from evaluations.studies.judges import PREFIX

Results = Mapping[str, Any]


@dataclass(frozen=True)
class Rated:
    """A model's rating with half the width of its 95 % interval, in Elo points."""

    rating: float
    reach: float
    provisional: bool = False


@dataclass(frozen=True)
class ModelLine:
    """One model in both tables; is_own: the judge's maker made it.

    alone, together: of people's votes by the same method without the judge and with it
    """

    contestant: Contestant
    is_own: bool
    judge: Rated
    votes: float
    people: Rated | None
    alone: Rated | None
    together: Rated | None


@dataclass(frozen=True)
class Scored:
    """A model's mean score over questions, as the study has it."""

    contestant: Contestant
    figures: Results


@dataclass(frozen=True)
class Paired:
    """Two models that got points beside each other, as the study has them."""

    x: Contestant
    y: Contestant
    figures: Results


@dataclass(frozen=True)
class JudgeReport:
    """results: as the study has them, None before the first; made_at: when."""

    judge: Judge
    made_at: datetime | None
    results: Results | None
    models: Sequence[ModelLine] = ()
    scored: Sequence[Scored] = ()
    pairs: Sequence[Paired] = ()

    @property
    def agreement(self) -> Results | None:
        found: Results | None = self.results["agreement"] if self.results else None
        return found

    @property
    def answers_scored(self) -> int:
        models = self.results["scores"]["models"] if self.results else ()
        return sum(row["values"] for row in models)

    @property
    def combined(self) -> Results | None:
        found: Results | None = self.results["combined"] if self.results else None
        return found


def reports() -> list[JudgeReport]:
    """All judges by name, without their models."""
    newest = Study.objects.newest_of_all(PREFIX)
    studies = {study.name.removeprefix(PREFIX): study for study in newest}
    return [_report(judge, studies.get(judge.slug)) for judge in Judge.objects.all()]


def report(slug: str) -> JudgeReport | None:
    """None where there is no such judge."""
    judge = Judge.objects.filter(slug=slug).first()
    if judge is None:
        return None
    study = Study.objects.newest_of(f"{PREFIX}{slug}")
    return _report(judge, study, with_models=True)


def _report(
    judge: Judge, study: Study | None, *, with_models: bool = False
) -> JudgeReport:
    if study is None:
        return JudgeReport(judge, None, None)
    known = _contestants(study.results) if with_models else {}
    return JudgeReport(
        judge,
        study.finished_at,
        study.results,
        models=_models(study.results, known),
        scored=[
            Scored(known[row["slug"]], row)
            for row in study.results["scores"]["models"]
            if row["slug"] in known
        ],
        pairs=[
            Paired(known[row["x"]], known[row["y"]], row)
            for row in study.results["pairs"]
            if {row["x"], row["y"]} <= known.keys()
        ],
    )


def _contestants(results: Results) -> Mapping[str, Contestant]:
    """Those that visitors may read about."""
    rows = [*results["table"], *results["scores"]["models"]]
    paired = {row[side] for row in results["pairs"] for side in "xy"}
    known = Contestant.objects.published().defer("key_token", "description")
    return known.in_bulk({row["slug"] for row in rows} | paired, field_name="slug")


def _models(results: Results, contestants: Mapping[str, Contestant]) -> list[ModelLine]:
    """In the judge's order."""
    own = set(results["own_maker"]["slugs"])
    combined = results["combined"] or {"rows": []}
    together = {row["slug"]: row for row in combined["rows"]}
    return [
        _line(row, contestants[row["slug"]], row["slug"] in own, together)
        for row in results["table"]
        if row["slug"] in contestants
    ]


def _line(
    row: Results, contestant: Contestant, is_own: bool, together: Mapping[str, Results]
) -> ModelLine:
    people, both = row["people"], together.get(row["slug"])
    return ModelLine(
        contestant=contestant,
        is_own=is_own,
        judge=_rated(row),
        votes=row["votes"],
        people=_rated(people) if people else None,
        alone=Rated(both["alone"], both["alone_reach"]) if both else None,
        together=Rated(both["rating"], both["reach"]) if both else None,
    )


def _rated(row: Results) -> Rated:
    return Rated(row["rating"], row["reach"], row["provisional"])
