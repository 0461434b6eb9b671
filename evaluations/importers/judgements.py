"""Write judges and what they said elsewhere; all of it kept apart from the votes."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from evaluations.importers.reading import refuse
from evaluations.importers.records import Judgement, JudgeModel
from evaluations.importers.report import Counts
from evaluations.models import Battle, Judge, JudgeVerdict, Reading

BATCH = 2_000
VERDICT_ID_CHARS = 120


def add_judges(wanted: Iterable[JudgeModel], counts: Counts) -> dict[str, Judge]:
    """The judges of verdicts made elsewhere, by their slugs."""
    rows = {model.slug: Judge(**asdict(model)) for model in wanted}
    standing = Judge.objects.in_bulk(rows, field_name="slug")
    taken = [row for row in standing.values() if row.contestant_id is not None]
    new = [row for slug, row in rows.items() if slug not in standing]
    names = Judge.objects.filter(name__in=[row.name for row in new])
    refuse(
        [
            f"another judge is registered as {judge.name}; rename it first."
            for judge in [*taken, *names]
        ]
    )
    Judge.objects.bulk_create(new)
    counts.add("judges", added=len(new), of=len(rows))
    return {slug: standing.get(slug, row) for slug, row in rows.items()}


def add_verdicts(
    judgements: Iterable[Judgement],
    judges: Mapping[str, Judge],
    battles: Mapping[Any, Battle],
    counts: Counts,
    *,
    named: str,
) -> None:
    """Add what the judges said; battles are by question and sides of a judgement."""
    wanted = [
        (row, _verdict(row, judges[row.judge], battles[row.pairing], named))
        for row in judgements
    ]
    standing: dict[Any, JudgeVerdict] = {}
    for row in JudgeVerdict.objects.filter(
        judge__in=judges.values(), template__isnull=True
    ):
        standing[row.external_id] = standing[_order(row)] = row
    new: list[JudgeVerdict] = []
    problems: list[str] = []
    for judgement, row in wanted:
        stored = standing.get(row.external_id) or standing.get(_order(row))
        if stored is None:
            new.append(row)
        elif _said(stored) != _said(row):
            problems.append(
                f"{judgement.place}: another verdict on this pair is stored already."
            )
    refuse(problems)
    JudgeVerdict.objects.bulk_create(new, batch_size=BATCH)
    counts.add("verdicts", added=len(new), of=len(wanted))


def _verdict(
    judgement: Judgement, judge: Judge, battle: Battle, named: str
) -> JudgeVerdict:
    first, second = judgement.scores or (None, None)
    readable = bool(judgement.verdict)
    return JudgeVerdict(
        judge=judge,
        battle=battle,
        left=judgement.left,
        order_known=judgement.order_known,
        state=Reading.READ if readable else Reading.UNREADABLE,
        verdict=judgement.verdict,
        score_a=first,
        score_b=second,
        reason=judgement.reason,
        external_id=short_id(f"{named}:{judgement.external_id}", VERDICT_ID_CHARS),
        # No source says when.
        given_at=None,
    )


def _order(row: JudgeVerdict) -> tuple[int, int, str]:
    """In which a judge is asked once."""
    return row.judge_id, row.battle_id, row.left


def _said(row: JudgeVerdict) -> tuple[Any, ...]:
    scores = (row.score_a, row.score_b)
    return _order(row), row.state, row.verdict, scores


def short_id(wanted: str, most: int) -> str:
    """As it is where there is room, else its digest behind its first words."""
    if len(wanted) <= most:
        return wanted
    digest = hashlib.sha256(wanted.encode()).hexdigest()[:32]
    return f"{wanted[: most - 33]}:{digest}"
