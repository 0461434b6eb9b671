"""The steps from the ledger to the tallies, as SQL over sets of votes."""

from collections.abc import Iterable

from django.db import connection

from evaluations.models.tallies import ALL

# Left is first: the tallies stay ordered, so that position can be measured.
_ORDERED = """
    CASE vote."left" WHEN 'x' THEN battle.contestant_x_id
                     ELSE battle.contestant_y_id END AS first_id,
    CASE vote."left" WHEN 'x' THEN battle.contestant_y_id
                     ELSE battle.contestant_x_id END AS second_id,
    vote.verdict AS outcome
"""
_FROM = """
    FROM evaluations_vote vote
    JOIN evaluations_battle battle ON battle.id = vote.battle_id
    WHERE battle.mode <> 'control'
"""

_ADD_CHANGES = f"""
    INSERT INTO evaluations_tallychange
        (vote_id, slice, first_id, second_id, outcome, delta)
    SELECT vote.id, %(slice)s, {_ORDERED}, %(delta)s
    {_FROM} AND vote.id = ANY(%(votes)s)
"""

# Two steps, as a negative count may update a tally but not be proposed as a new one.
MERGE_CHANGES = """
    WITH due AS (
        SELECT slice, first_id, second_id, outcome, delta
        FROM evaluations_tallychange
        WHERE transaction >= %(mark)s AND transaction < %(horizon)s
    ), sums AS (
        SELECT slice, first_id, second_id, outcome, sum(delta) AS delta
        FROM due GROUP BY slice, first_id, second_id, outcome HAVING sum(delta) <> 0
    ), updated AS (
        UPDATE evaluations_tally tally SET count = tally.count + sums.delta FROM sums
        WHERE (tally.slice, tally.first_id, tally.second_id, tally.outcome)
            = (sums.slice, sums.first_id, sums.second_id, sums.outcome)
        RETURNING tally.slice, tally.first_id, tally.second_id, tally.outcome
    ), added AS (
        INSERT INTO evaluations_tally (slice, first_id, second_id, outcome, count)
        SELECT * FROM sums WHERE (slice, first_id, second_id, outcome)
            NOT IN (SELECT * FROM updated)
    )
    SELECT count(*) FROM due
"""

RECOUNT_CHANGES = """
    DELETE FROM evaluations_tallychange; DELETE FROM evaluations_tally
"""

RECOUNT_VOTES = f"""
    INSERT INTO evaluations_tally (slice, first_id, second_id, outcome, count)
    SELECT %(slice)s, first_id, second_id, outcome, count(*)
    FROM (SELECT {_ORDERED} {_FROM} AND vote.state = 'counted') AS counted
    GROUP BY first_id, second_id, outcome
"""  # noqa: S608  built of the constants above


def record_tally_changes(votes: Iterable[int], *, delta: int) -> None:
    """Note that these votes enter (+1) or leave (-1) the tallies.

    Call it in the transaction that changes their state: both hold or neither.
    """
    ids = list(votes)
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ADD_CHANGES, {"slice": ALL, "delta": delta, "votes": ids})


def current_horizon() -> int:
    """The oldest transaction still running: all below it are finished and visible."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
