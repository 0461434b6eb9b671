"""The step from the ledger to the tallies, as SQL over sets of votes."""

from collections.abc import Iterable

from django.db import connection

from evaluations.models.tallies import ALL

# Left is first: the tallies stay ordered, so that position can be measured.
_CHANGES = """
    INSERT INTO evaluations_tallychange
        (vote_id, slice, first_id, second_id, outcome, delta)
    SELECT vote.id, %(slice)s,
        CASE vote."left" WHEN 'x' THEN battle.contestant_x_id
                         ELSE battle.contestant_y_id END,
        CASE vote."left" WHEN 'x' THEN battle.contestant_y_id
                         ELSE battle.contestant_x_id END,
        vote.verdict, %(delta)s
    FROM evaluations_vote vote JOIN evaluations_battle battle
        ON battle.id = vote.battle_id
    WHERE vote.id = ANY(%(votes)s) AND battle.mode <> 'control'
"""


def record_tally_changes(votes: Iterable[int], *, delta: int) -> None:
    """Note that these votes enter (+1) or leave (-1) the tallies.

    Call it in the transaction that changes their state: both hold or neither.
    """
    ids = list(votes)
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, {"slice": ALL, "delta": delta, "votes": ids})
