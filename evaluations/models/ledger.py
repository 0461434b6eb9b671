"""The steps from the ledger to the tallies, as SQL over sets of votes."""

from collections.abc import Iterable

from django.db import connection

from evaluations.models.tallies import ALL

AT_ONCE = 5000

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
    WHERE battle.mode <> 'control' AND battle.withdrawn_at IS NULL
"""

_ADD_CHANGES = f"""
    INSERT INTO evaluations_tallychange
        (vote_id, slice, first_id, second_id, outcome, delta)
    SELECT vote.id, %(slice)s, {_ORDERED}, %(delta)s
    {_FROM} AND vote.id = ANY(%(votes)s)
"""

# Votes, judges and tallies move together. A vote that another transaction has in hand
# is left to it.
_SETTLE = f"""
    WITH due AS (
        SELECT id FROM evaluations_vote
        WHERE state = 'pending' AND {{which}}
        ORDER BY id LIMIT %(at_most)s FOR UPDATE SKIP LOCKED
    ), vote AS (
        UPDATE evaluations_vote AS pending SET state = 'counted'
        FROM due WHERE pending.id = due.id RETURNING pending.*
    ), judged AS (
        UPDATE evaluations_volunteer SET has_judged = true
        WHERE NOT has_judged AND id IN (SELECT volunteer_id FROM vote)
    ), changed AS (
        INSERT INTO evaluations_tallychange
            (vote_id, slice, first_id, second_id, outcome, delta)
        SELECT vote.id, %(slice)s, {_ORDERED}, 1
        FROM vote JOIN evaluations_battle battle ON battle.id = vote.battle_id
        WHERE battle.mode <> 'control' AND battle.withdrawn_at IS NULL
    )
    SELECT count(*) FROM vote
"""  # noqa: S608  built of the constants above  # nosec B608
_OTHERS = _SETTLE.format(which="volunteer_id = %(volunteer)s AND id <> %(vote)s")
_PAST_WINDOW = _SETTLE.format(
    which="cast_at <= statement_timestamp() - make_interval(secs => %(window)s)"
)

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
"""  # noqa: S608  built of the constants above  # nosec B608


def record_tally_changes(votes: Iterable[int], *, delta: int) -> None:
    """Note that these votes enter (+1) or leave (-1) the tallies.

    Call it in the transaction that changes their state: both hold or neither.
    """
    ids = list(votes)
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ADD_CHANGES, {"slice": ALL, "delta": delta, "votes": ids})


def settle_other_votes(vote_id: int, *, volunteer_id: int) -> int:
    """Count a volunteer's pending votes but this one; return how many."""
    return _settle(_OTHERS, volunteer=volunteer_id, vote=vote_id)


def settle_past_window(seconds: int) -> int:
    """Count votes cast so long ago, by the database's clock; return how many.

    Call it until it returns 0: it takes a limited number at once.
    """
    return _settle(_PAST_WINDOW, window=seconds)


def _settle(statement: str, **which: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"slice": ALL, "at_most": AT_ONCE, **which})
        return int(cursor.fetchone()[0])


def current_horizon() -> int:
    """The oldest transaction still running: all below it are finished and visible."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
