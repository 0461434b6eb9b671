"""The noise floor: how much of a judgement is chance, habit or position.

No rating can be finer than this. It is measured where the right result is known (one
model met itself, or a volunteer met the same pair twice) and where several volunteers
judged one pair.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db import connection
from django.db.models import Sum

from evaluations.charts import wilson
from evaluations.models import Tally
from evaluations.models.tallies import ALL
from evaluations.remembering import remembered

KEPT_SECONDS = 600
# A vote cast again after its undo is left out: the reveal had told what the pair was.
_FIRST_TIME = """
    vote.state = 'counted' AND battle.withdrawn_at IS NULL AND NOT EXISTS (
        SELECT FROM evaluations_vote undone
        WHERE undone.battle_id = vote.battle_id
          AND undone.volunteer_id = vote.volunteer_id AND undone.rule = 'undo'
    )
"""
# The side of the battle that was preferred; empty where neither was.
_CHOICE = """
    CASE {vote}.verdict WHEN 'a' THEN {vote}."left"
        WHEN 'b' THEN translate({vote}."left", 'xy', 'yx') ELSE '' END
"""
_SAME_MODEL = f"""
    SELECT vote.verdict, count(*) FROM evaluations_battle battle
    JOIN evaluations_vote vote ON vote.battle_id = battle.id
    WHERE battle.mode = 'control' AND battle.repeat_of_id IS NULL AND {_FIRST_TIME}
    GROUP BY vote.verdict
"""  # noqa: S608  built of the constants above  # nosec B608
_REPEATS = f"""
    SELECT CASE WHEN first = again THEN 'same'
        WHEN first <> '' AND again <> '' THEN 'opposite' ELSE 'one_tie' END, count(*)
    FROM (
        SELECT {_CHOICE.format(vote="earlier")} AS first,
            {_CHOICE.format(vote="vote")} AS again
        FROM evaluations_battle battle
        JOIN evaluations_vote vote ON vote.battle_id = battle.id
            AND vote.volunteer_id = battle.only_for_id
        JOIN evaluations_vote earlier ON earlier.battle_id = battle.repeat_of_id
            AND earlier.volunteer_id = vote.volunteer_id
        WHERE battle.mode = 'control' AND earlier.state = 'counted' AND {_FIRST_TIME}
    ) AS choices GROUP BY 1
"""  # noqa: S608  built of the constants above  # nosec B608
# Of each battle the share of its pairs of votes that chose the same; then their sum.
_AGREEMENT = f"""
    SELECT coalesce(sum(agreeing / (votes * (votes - 1))), 0), count(*),
        coalesce(sum(votes), 0)
    FROM (
        SELECT sum(votes) AS votes, sum(votes * (votes - 1)) AS agreeing FROM (
            SELECT vote.battle_id, count(*) AS votes FROM evaluations_vote vote
            JOIN evaluations_battle battle ON battle.id = vote.battle_id
            WHERE vote.state = 'counted' AND battle.mode = 'queue'
              AND battle.withdrawn_at IS NULL
            GROUP BY vote.battle_id, {_CHOICE.format(vote="vote")}
        ) AS alike GROUP BY battle_id HAVING sum(votes) > 1
    ) AS several
"""  # noqa: S608  built of the constants above  # nosec B608


@dataclass(frozen=True)
class Share:
    """A share of so many cases, with its 95 % interval (Wilson, cases independent)."""

    share: float
    cases: int
    low: float
    high: float

    @classmethod
    def of(cls, part: float, cases: int) -> Self | None:
        """None where there is no case."""
        if not cases:
            return None
        low, high = wilson(part / cases, cases)
        return cls(part / cases, cases, low, high)


@dataclass(frozen=True)
class NoiseFloor:
    """Each share is None before its first case; undecided is a tie or both bad.

    same_model: of battles of one model with itself; ordinary: of votes in the table;
    left: of their decided votes, those for the left answer. The choice on a repeat was
    the same, the opposite, or undecided one of the two times. agreement: the mean, over
    battles with several votes, of the share of two votes that chose the same.
    """

    same_model_undecided: Share | None
    ordinary_undecided: Share | None
    same_model_left: Share | None
    ordinary_left: Share | None
    repeats_same: Share | None
    repeats_opposite: Share | None
    repeats_one_tie: Share | None
    agreement: Share | None
    agreement_votes: int


def recent_noise_floor() -> NoiseFloor:
    """The figures of the last minutes: taking them reads the whole ledger."""
    return remembered("noise-floor", noise_floor, seconds=KEPT_SECONDS)


def noise_floor() -> NoiseFloor:
    """Measure it from all votes that count."""
    same_model, ordinary = _counts(_SAME_MODEL), _ordinary()
    repeats = _counts(_REPEATS)
    repeated = sum(repeats.values())
    agreeing, battles, votes = _rows(_AGREEMENT)[0]
    return NoiseFloor(
        same_model_undecided=_undecided(same_model),
        ordinary_undecided=_undecided(ordinary),
        same_model_left=_left(same_model),
        ordinary_left=_left(ordinary),
        repeats_same=Share.of(repeats.get("same", 0), repeated),
        repeats_opposite=Share.of(repeats.get("opposite", 0), repeated),
        repeats_one_tie=Share.of(repeats.get("one_tie", 0), repeated),
        agreement=Share.of(float(agreeing), int(battles)),
        agreement_votes=int(votes),
    )


def _ordinary() -> Mapping[str, int]:
    """The votes of the table by verdict: a is the left answer."""
    tallied = Tally.objects.filter(slice=ALL).order_by()
    return dict(tallied.values_list("outcome").annotate(Sum("count")))


def _undecided(verdicts: Mapping[str, int]) -> Share | None:
    neither = verdicts.get("tie", 0) + verdicts.get("both_bad", 0)
    return Share.of(neither, sum(verdicts.values()))


def _left(verdicts: Mapping[str, int]) -> Share | None:
    left = verdicts.get("a", 0)
    return Share.of(left, left + verdicts.get("b", 0))


def _counts(statement: str) -> dict[str, int]:
    return {name: int(count) for name, count in _rows(statement)}


def _rows(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[Any] = cursor.fetchall()
        return rows
