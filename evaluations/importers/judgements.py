"""Write judges and what they said elsewhere; all of it kept apart from the votes."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

from evaluations.importers.reading import refuse
from evaluations.importers.records import Judgement, JudgeModel, Score
from evaluations.importers.report import Counts
from evaluations.models import Answer, Battle, Judge, JudgeScore, JudgeVerdict, Reading

BATCH = 2_000
EXTERNAL_ID_CHARS = 120

R = TypeVar("R", JudgeVerdict, JudgeScore)


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
    stored = JudgeVerdict.objects.filter(
        judge__in=judges.values(), template__isnull=True
    )
    new = _unstored(wanted, stored, _Ways(_order, _said, "verdict on this pair"))
    JudgeVerdict.objects.bulk_create(new, batch_size=BATCH)
    counts.add("verdicts", added=len(new), of=len(wanted))


def add_scores(
    scores: Iterable[Score],
    judges: Mapping[str, Judge],
    answers: Mapping[tuple[str, str], list[Answer]],
    counts: Counts,
    *,
    named: str,
) -> None:
    """Add the points that judges gave to answers alone."""
    wanted = [
        (row, _score(row, judges[row.judge], answers[row.model, row.question], named))
        for row in scores
    ]
    stored = JudgeScore.objects.filter(judge__in=judges.values(), template__isnull=True)
    new = _unstored(wanted, stored, _Ways(_scored, _points, "score of this answer"))
    JudgeScore.objects.bulk_create(new, batch_size=BATCH)
    counts.add("scores", added=len(new), of=len(wanted))


@dataclass(frozen=True, slots=True)
class _Ways(Generic[R]):
    """How a row is found again, what it says, and what it is called."""

    key: Callable[[R], Any]
    said: Callable[[R], Any]
    called: str


def _unstored(
    wanted: Iterable[tuple[Judgement | Score, R]], stored: Iterable[R], ways: _Ways[R]
) -> list[R]:
    """The rows that are not stored; one that is stored otherwise is refused."""
    standing: dict[Any, R] = {}
    for row in stored:
        standing[row.external_id] = standing[ways.key(row)] = row
    new: list[R] = []
    problems: list[str] = []
    for record, row in wanted:
        known = standing.get(row.external_id) or standing.get(ways.key(row))
        if known is None:
            # Questions that begin alike share an answer, and what was said of it.
            standing[ways.key(row)] = row
            new.append(row)
        elif (ways.key(known), ways.said(known)) != (ways.key(row), ways.said(row)):
            problems.append(f"{record.place}: another {ways.called} is stored already.")
    refuse(problems)
    return new


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
        external_id=short_id(f"{named}:{judgement.external_id}", EXTERNAL_ID_CHARS),
        # No source says when.
        given_at=None,
    )


def _order(row: JudgeVerdict) -> tuple[int, int, str]:
    """In which a judge is asked once."""
    return row.judge_id, row.battle_id, row.left


def _said(row: JudgeVerdict) -> tuple[Any, ...]:
    return row.state, row.verdict, row.score_a, row.score_b


def _score(score: Score, judge: Judge, answers: list[Answer], named: str) -> JudgeScore:
    return JudgeScore(
        judge=judge,
        answer=answers[score.turn - 1],
        state=Reading.UNREADABLE if score.points is None else Reading.READ,
        score=score.points,
        reason=score.reason,
        external_id=short_id(f"{named}:{score.external_id}", EXTERNAL_ID_CHARS),
        given_at=None,
    )


def _scored(row: JudgeScore) -> tuple[int, int]:
    return row.judge_id, row.answer_id


def _points(row: JudgeScore) -> tuple[str, float | None]:
    return row.state, row.score


def short_id(wanted: str, most: int) -> str:
    """As it is where there is room, else its digest behind its first words."""
    if len(wanted) <= most:
        return wanted
    digest = hashlib.sha256(wanted.encode()).hexdigest()[:32]
    return f"{wanted[: most - 33]}:{digest}"
