"""Which votes a dump holds: fixed once, in tables that end with the build."""

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Now

from evaluations.models import Battle, Prompt, Vote

CHUNK = 250

# What volunteers ask in live battles is theirs until an administrator has approved it.
_SHOWN = f"""
    (battle.mode <> '{Battle.Mode.LIVE}' AND prompt.origin <> '{Prompt.Origin.LIVE}'
     OR prompt.state = '{Prompt.State.APPROVED}')
"""
_ANSWERS = f"""
    CREATE TEMP TABLE dump_answer AS
    SELECT answer, min(prompt) AS prompt FROM (
        SELECT unnest(ARRAY[turn.answer_x_id, turn.answer_y_id]) AS answer,
               battle.prompt_id AS prompt
        FROM evaluations_battleturn turn
        JOIN evaluations_battle battle ON battle.id = turn.battle_id
        JOIN evaluations_prompt prompt ON prompt.id = battle.prompt_id
        WHERE turn.battle_id IN (SELECT battle FROM dump_vote)
          AND {_SHOWN}
          AND turn.number = (SELECT max(number) FROM evaluations_battleturn
                             WHERE battle_id = turn.battle_id)
    ) last GROUP BY answer
"""  # noqa: S608  built of the constants above  # nosec B608
_FORGET = "DROP TABLE IF EXISTS dump_answer; DROP TABLE IF EXISTS dump_vote"
# A random order: neither the volunteer's nor that of time.
_VOTES_SHUFFLED = """
    SELECT vote FROM dump_vote WHERE control = %(control)s
    ORDER BY md5(%(salt)s || battle::text), md5(%(salt)s || vote::text)
"""
_ANSWERS_SHUFFLED = """
    SELECT answer, prompt FROM dump_answer ORDER BY md5(%(salt)s || answer::text)
"""
# What a vote on a repeat says once more, where that is in the dump too.
_REPEATED = """
    SELECT vote.id, earlier.public_id FROM evaluations_vote vote
    JOIN evaluations_battle battle ON battle.id = vote.battle_id
    JOIN evaluations_vote earlier ON earlier.battle_id = battle.repeat_of_id
        AND earlier.volunteer_id = vote.volunteer_id
    JOIN dump_vote ON dump_vote.vote = earlier.id
    WHERE vote.id = ANY(%(votes)s)
"""
_COUNTS = """
    SELECT count(*) FILTER (WHERE NOT control), count(*) FILTER (WHERE control),
        count(DISTINCT volunteer) FILTER (WHERE NOT control)
    FROM dump_vote
"""
_SETS = """
    SELECT prompt.prompt_set_id, count(*) FILTER (WHERE NOT control) FROM dump_vote
    JOIN evaluations_battle battle ON battle.id = dump_vote.battle
    JOIN evaluations_prompt prompt ON prompt.id = battle.prompt_id
    GROUP BY prompt.prompt_set_id
"""


def publishable_votes() -> QuerySet[Vote]:
    """Votes of volunteers that count in the table and whose hold is over."""
    return _publishable().exclude(battle__mode=Battle.Mode.CONTROL)


def publishable_controls() -> QuerySet[Vote]:
    """Those on checks, but for what was judged anew after its reveal."""
    undone = Vote.objects.filter(
        battle=OuterRef("battle"), volunteer=OuterRef("volunteer"), rule="undo"
    )
    controls = _publishable().filter(battle__mode=Battle.Mode.CONTROL)
    return controls.filter(~Exists(undone))


def _publishable() -> QuerySet[Vote]:
    hold = timedelta(days=settings.ARENA_DUMP_HOLD_DAYS)
    return (
        Vote.objects.counted()
        .filter(battle__withdrawn_at__isnull=True)
        .filter(Q(cast_at__isnull=True) | Q(cast_at__lte=Now() - hold))
    )


@dataclass(frozen=True, slots=True)
class Selection:
    """The votes and answers of one dump, by primary key."""

    votes: int
    controls: int
    answers: int
    volunteers: int
    votes_of_set: dict[int, int]
    salt: str

    def vote_keys(self, *, control: bool = False) -> Iterator[list[int]]:
        for chunk in self._chunks(_VOTES_SHUFFLED, control=control):
            yield [row[0] for row in chunk]

    def repeated(self, keys: Collection[int]) -> dict[int, UUID]:
        """Of votes on repeats the public id of the first vote, where it is in here."""
        with connection.cursor() as cursor:
            cursor.execute(_REPEATED, {"votes": list(keys)})
            return dict(cursor.fetchall())

    def answer_keys(self) -> Iterator[dict[int, int]]:
        """Yield answer keys, each with the key of the prompt it belongs to."""
        for chunk in self._chunks(_ANSWERS_SHUFFLED):
            yield dict(chunk)

    def _chunks(self, query: str, **values: bool) -> Iterator[list[Any]]:
        # A cursor on the server: the keys of millions of votes stay there.
        with connection.chunked_cursor() as cursor:
            cursor.execute(query, {"salt": self.salt, **values})
            while chunk := cursor.fetchmany(CHUNK):
                yield chunk


@contextmanager
def selection() -> Iterator[Selection]:
    """Note what is publishable now; votes cast later wait for the next dump."""
    columns = ("pk", "battle_id", "volunteer_id", "control")
    votes, controls = (
        chosen.annotate(control=Value(value)).values_list(*columns)
        for chosen, value in (
            (publishable_votes(), False),
            (publishable_controls(), True),
        )
    )
    query, parameters = votes.union(controls, all=True).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
        cursor.execute(
            "CREATE TEMP TABLE dump_vote (vote, battle, volunteer, control) AS "
            f"{query}",
            parameters,
        )
        cursor.execute("ANALYZE dump_vote")
        cursor.execute(_ANSWERS)
        cursor.execute(_COUNTS)
        number, checks, volunteers = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM dump_answer")
        (answers,) = cursor.fetchone()
        cursor.execute(_SETS)
        votes_of_set = dict(cursor.fetchall())
    try:
        yield Selection(
            number, checks, answers, volunteers, votes_of_set, secrets.token_hex(16)
        )
    finally:
        # After a lost connection there is nothing to drop and no way to do it.
        if connection.connection and not connection.connection.broken:
            with connection.cursor() as cursor:
                cursor.execute(_FORGET)
