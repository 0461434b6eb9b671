"""The steps from the ledger to the tallies, as SQL over sets of votes."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from evaluations.models.tallies import ALL, CATEGORY, FORMS, LANGUAGE, SET
from evaluations.models.votes import Vote

AT_ONCE = 5000
# The rule that sets aside votes on answers which name their model.
LEAK = "identity_leak"

# Of the features that evaluations.markdown.style counts, those that style control uses.
FEATURES = ("tokens", "headings", "list_items", "bold")

# Left is first: the tallies stay ordered, so that position can be measured.
_ORDERED = """
    CASE vote."left" WHEN 'x' THEN battle.contestant_x_id
                     ELSE battle.contestant_y_id END AS first_id,
    CASE vote."left" WHEN 'x' THEN battle.contestant_y_id
                     ELSE battle.contestant_x_id END AS second_id,
    vote.verdict AS outcome
"""
_NO_STYLE = "ARRAY[" + ", ".join(["0"] * FORMS) + "]::smallint[]"
_STYLE = f"coalesce(vote.style, {_NO_STYLE}) AS style"
_SLICES = f"""
    ARRAY[
        '{ALL}', '{LANGUAGE}' || prompt.language, '{SET}' || prompt_set.slug
    ] || ARRAY(
        SELECT DISTINCT '{CATEGORY}' || category
        FROM unnest(prompt.categories) AS category
    ) AS slices
"""  # noqa: S608  built of the constants above  # nosec B608
_JOINED = """
    JOIN evaluations_battle battle ON battle.id = vote.battle_id
    JOIN evaluations_prompt prompt ON prompt.id = battle.prompt_id
    JOIN evaluations_promptset prompt_set ON prompt_set.id = prompt.prompt_set_id
    WHERE battle.mode <> 'control' AND battle.withdrawn_at IS NULL
"""
_CHANGES = """
    INSERT INTO evaluations_tallychange
        (vote_id, first_id, second_id, outcome, style, slices, delta)
"""

_ADD_CHANGES = f"""
    {_CHANGES}
    SELECT vote.id, {_ORDERED}, {_STYLE}, {_SLICES}, %(delta)s
    FROM unnest(%(votes)s::bigint[]) AS wanted(id)
    JOIN evaluations_vote vote ON vote.id = wanted.id {_JOINED}
"""  # noqa: S608  built of the constants above  # nosec B608


def _relative(feature: str) -> str:
    """SQL: the left answers' share above the right ones', of what both have."""
    x = f"sum((x.style ->> '{feature}')::int)"
    y = f"sum((y.style ->> '{feature}')::int)"
    share = f"round(1000.0 * ({x} - {y}) / nullif({x} + {y}, 0))"
    return f"coalesce({{sign}} * {share}, 0)::smallint"


# One row, where all answers of the battle have been measured. {battle} and {sign} are
# filled in: 1 where x stands left, else -1.
_MEASURED = f"""
    SELECT ARRAY[{", ".join(map(_relative, FEATURES))}]
    FROM evaluations_battleturn turn
    JOIN evaluations_answer x ON x.id = turn.answer_x_id
    JOIN evaluations_answer y ON y.id = turn.answer_y_id
    WHERE turn.battle_id = {{battle}}
    HAVING bool_and(x.style ? '{FEATURES[0]}' AND y.style ? '{FEATURES[0]}')
"""  # noqa: S608  built of the constants above  # nosec B608

_FILL_STYLES = """
    UPDATE evaluations_vote AS vote SET style = ({measured})
    FROM unnest(%(votes)s::bigint[]) AS wanted(id) WHERE vote.id = wanted.id
""".format(  # noqa: S608  built of the constants above  # nosec B608
    measured=_MEASURED.format(
        battle="vote.battle_id", sign="CASE vote.\"left\" WHEN 'x' THEN 1 ELSE -1 END"
    )
)

# Votes, judges and tallies move together. A vote that another transaction has in hand
# is left to it.
_SETTLE = f"""
    due AS (
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
        {_CHANGES}
        SELECT vote.id, {_ORDERED}, {_STYLE}, {_SLICES}, 1 FROM vote {_JOINED}
    )
"""  # noqa: S608  built of the constants above  # nosec B608
_SETTLE_PAST_WINDOW = f"""
    WITH {_SETTLE} SELECT count(*) FROM vote
""".format(  # noqa: S608  built of the constants above  # nosec B608
    which="cast_at <= statement_timestamp() - make_interval(secs => %(window)s)"
)

# Voting again ends the undo window of the volunteer's vote before. All is one
# statement, as this is what the arena does most often. The battle's lock orders it
# with a withdrawal: either sees the other. What a constraint forbids is left out. The
# new row comes before the earlier vote is touched (`due` asks for it): two second votes
# on each other's battles, that had settled each other's first ones, would wait for each
# other for ever.
_ENTER = f"""
    WITH battle_voted_on AS (
        SELECT id, EXISTS (
            SELECT FROM evaluations_battleturn turn
            JOIN evaluations_answer x ON x.id = turn.answer_x_id
            JOIN evaluations_answer y ON y.id = turn.answer_y_id
            WHERE turn.battle_id = battle.id AND (x.leak <> '' OR y.leak <> '')
        ) AS leaks
        FROM evaluations_battle battle
        WHERE id = %(battle)s AND state = 'ready' AND withdrawn_at IS NULL
        FOR NO KEY UPDATE
    ), entered AS (
        INSERT INTO evaluations_vote (
            public_id, battle_id, volunteer_id, verdict, "left", idempotency_key,
            reading_ms, style, reasons, comment, state, rule, state_reason
        )
        SELECT %(public_id)s, id, %(volunteer)s, %(verdict)s, %(left)s, %(key)s,
            %(reading_ms)s, ({{measured}}), '{{{{}}}}', '',
            CASE WHEN leaks THEN 'flagged' ELSE 'pending' END,
            CASE WHEN leaks THEN '{LEAK}' ELSE '' END,
            CASE WHEN leaks THEN 'an answer names its model' ELSE '' END
        FROM battle_voted_on
        ON CONFLICT DO NOTHING
        RETURNING id, battle_id, cast_at, state, rule
    ), judgement AS (
        UPDATE evaluations_battle SET judgements = judgements + 1
        WHERE id IN (SELECT battle_id FROM entered)
    ), {_SETTLE}
    SELECT id, cast_at, state, rule FROM entered
""".format(  # noqa: S608  built of the constants above  # nosec B608
    which="volunteer_id = %(volunteer)s AND EXISTS (SELECT FROM entered)",
    measured=_MEASURED.format(battle="battle_voted_on.id", sign="%(sign)s"),
)

_SUMS = [f"sum(delta * style[{a}]::int)" for a in range(1, FORMS + 1)]
_PRODUCTS = [
    f"sum(delta * style[{a}]::int * style[{b}]::int)"
    for a in range(1, FORMS + 1)
    for b in range(a, FORMS + 1)
]


def _array(cells: list[str]) -> str:
    return f"ARRAY[{', '.join(cells)}]::bigint[]"


def _added(column: str, length: int) -> str:
    """SQL: two arrays added up, element by element."""
    places = range(1, length + 1)
    return _array([f"tally.{column}[{at}] + due.{column}[{at}]" for at in places])


# Two steps, as a negative count may update a tally but not be proposed as a new one.
MERGE_CHANGES = f"""
    WITH changes AS (
        SELECT * FROM evaluations_tallychange
        WHERE transaction >= %(mark)s AND transaction < %(horizon)s
    ), due AS (
        SELECT slice, first_id, second_id, outcome, sum(delta) AS count,
            {_array(_SUMS)} AS style_sums, {_array(_PRODUCTS)} AS style_products
        FROM changes, unnest(slices) AS slice
        GROUP BY slice, first_id, second_id, outcome
    ), updated AS (
        UPDATE evaluations_tally tally SET count = tally.count + due.count,
            style_sums = {_added("style_sums", len(_SUMS))},
            style_products = {_added("style_products", len(_PRODUCTS))}
        FROM due
        WHERE (tally.slice, tally.first_id, tally.second_id, tally.outcome)
            = (due.slice, due.first_id, due.second_id, due.outcome)
        RETURNING tally.slice, tally.first_id, tally.second_id, tally.outcome
    ), added AS (
        INSERT INTO evaluations_tally (
            slice, first_id, second_id, outcome, count, style_sums, style_products
        )
        SELECT * FROM due WHERE (slice, first_id, second_id, outcome)
            NOT IN (SELECT * FROM updated)
    )
    SELECT count(*) FROM changes
"""  # noqa: S608  built of the constants above  # nosec B608

RECOUNT_CHANGES = """
    DELETE FROM evaluations_tallychange; DELETE FROM evaluations_tally
"""

RECOUNT_VOTES = f"""
    INSERT INTO evaluations_tally (
        slice, first_id, second_id, outcome, count, style_sums, style_products
    )
    SELECT slice, first_id, second_id, outcome, sum(delta),
        {_array(_SUMS)}, {_array(_PRODUCTS)}
    FROM (
        SELECT {_ORDERED}, {_STYLE}, {_SLICES}, 1 AS delta
        FROM evaluations_vote vote {_JOINED} AND vote.state = 'counted'
    ) AS counted, unnest(slices) AS slice
    GROUP BY slice, first_id, second_id, outcome
"""  # noqa: S608  built of the constants above  # nosec B608

_COUNT_STANDING = """
    SELECT count(*), count(*) FILTER (WHERE cast_at >= %(since)s)
    FROM evaluations_vote WHERE volunteer_id = %(volunteer)s AND state <> 'withdrawn'
"""

_COUNT_AGREEMENT = """
    SELECT count(*), count(*) FILTER (WHERE
        verdict = CASE "left" WHEN %(left)s THEN %(verdict)s ELSE %(mirrored)s END
    )
    FROM evaluations_vote
    WHERE battle_id = %(battle)s AND id <> %(vote)s AND state <> 'withdrawn'
"""


def record_tally_changes(votes: Iterable[int], *, delta: int) -> None:
    """Note that these votes enter (+1) or leave (-1) the tallies.

    Call it in the transaction that changes their state: both hold or neither.
    """
    ids = list(votes)
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ADD_CHANGES, {"delta": delta, "votes": ids})


def fill_styles(votes: Iterable[int]) -> None:
    """Note of imported votes how the answers differed in form, as `enter` does.

    Call it before the votes enter the tallies.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FILL_STYLES, {"votes": list(votes)})


def enter(vote: Vote) -> bool:
    """Insert a vote, count its volunteer's earlier ones and the battle's judgement.

    False, and nothing is written, where the battle is not to be judged (any more) or a
    constraint forbids the vote: the second of a volunteer, or a key used before.
    """
    values = {
        "public_id": vote.public_id,
        "battle": vote.battle_id,
        "volunteer": vote.volunteer_id,
        "verdict": vote.verdict,
        "left": vote.left,
        "sign": 1 if vote.left == Vote.Side.X else -1,
        "key": vote.idempotency_key,
        "reading_ms": vote.reading_ms,
    }
    row = _one_row(_ENTER, at_most=AT_ONCE, **values)
    if row is None:
        return False
    vote.pk, vote.cast_at, vote.state, vote.rule = row
    return True


def settle_past_window(seconds: int) -> int:
    """Count votes cast so long ago, by the database's clock; return how many.

    Call it until it returns 0: it takes a limited number at once.
    """
    row = _one_row(_SETTLE_PAST_WINDOW, at_most=AT_ONCE, window=seconds)
    return int(row[0])


def count_standing(volunteer_id: int, *, since: datetime) -> tuple[int, int]:
    """How many votes of a volunteer stand, and how many of them were cast since."""
    row = _one_row(_COUNT_STANDING, volunteer=volunteer_id, since=since)
    return int(row[0]), int(row[1])


def count_agreement(vote: Vote) -> tuple[int, int]:
    """How many others judged the vote's battle, and how many chose the same."""
    mirrored = {Vote.Verdict.A: Vote.Verdict.B, Vote.Verdict.B: Vote.Verdict.A}
    verdict = Vote.Verdict(vote.verdict)
    row = _one_row(
        _COUNT_AGREEMENT,
        vote=vote.pk,
        battle=vote.battle_id,
        left=vote.left,
        verdict=verdict,
        mirrored=mirrored.get(verdict, verdict),
    )
    return int(row[0]), int(row[1])


def _one_row(statement: str, **values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


def current_horizon() -> int:
    """The oldest transaction still running: all below it are finished and visible."""
    row = _one_row("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return int(row[0])


# Numbers of eight bytes each, so that the binary rows have one width. An unknown day
# or verdict is -1.
_SINGLE_VOTES = f"""
    COPY (
        SELECT first_id::bigint, second_id::bigint,
            coalesce(array_position(ARRAY['a', 'tie', 'both_bad', 'b'], outcome), 0)
                ::bigint - 1,
            volunteer_id::bigint, coalesce(day, -1)::bigint, prompt_id::bigint
        FROM (
            SELECT vote.id, {_ORDERED}, vote.volunteer_id, battle.prompt_id,
                (vote.cast_at AT TIME ZONE 'UTC')::date - DATE '1970-01-01' AS day
            FROM evaluations_vote vote {_JOINED} AND vote.state = 'counted'
        ) AS counted
        ORDER BY id
    ) TO STDOUT (FORMAT BINARY)
"""  # noqa: S608  built of the constants above  # nosec B608
SINGLE_VOTE_COLUMNS = 6


def stream_single_votes() -> Iterator[bytes]:
    """Blocks of PostgreSQL's binary copy of all votes that count, the oldest first.

    Columns: contestant shown left, right, index of the verdict among a, tie, both_bad
    and b, volunteer, day since 1970 and prompt, all eight bytes wide.
    """
    return _copied(_SINGLE_VOTES)


def _copied(statement: str) -> Iterator[bytes]:
    with connection.cursor() as cursor, cursor.copy(statement) as copied:
        for block in copied:
            yield bytes(block)


# Who was shown first: 1 for x, -1 for y, 0 where that is not known; whom it prefers: 0
# for x, 2 for y, 1 for none.
_SAID = """
    battle.id::bigint, battle.contestant_x_id::bigint, battle.contestant_y_id::bigint,
    ({known} * CASE {said}."left" WHEN 'x' THEN 1 ELSE -1 END)::bigint,
    CASE WHEN {said}.verdict NOT IN ('a', 'b') THEN 1
         WHEN ({said}.verdict = 'a') = ({said}."left" = 'x') THEN 0 ELSE 2 END::bigint
"""
_BATTLE_VOTES = f"""
    COPY (
        SELECT {_SAID.format(said="vote", known=1)}, count(*)::bigint
        FROM evaluations_vote vote {_JOINED} AND vote.state = 'counted'
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 4, 5
    ) TO STDOUT (FORMAT BINARY)
"""  # noqa: S608  built of the constants above  # nosec B608
BATTLE_VOTE_COLUMNS = 6

NOT_MEASURED = -9999
_LONGER = f"""
    coalesce((({_MEASURED.format(battle="battle.id", sign=1)}))[1], {NOT_MEASURED})
"""
_VERDICTS = f"""
    COPY (
        SELECT {_SAID.format(said="said", known="said.order_known::int")},
            coalesce(said.template_id, 0)::bigint, battle.prompt_id::bigint,
            {_LONGER}::bigint
        FROM evaluations_judgeverdict said
        JOIN evaluations_battle battle ON battle.id = said.battle_id
        WHERE said.judge_id = {{judge:d}} AND said.state = 'read'
          AND battle.mode <> 'control' AND battle.withdrawn_at IS NULL
        ORDER BY battle.id, said.id
    ) TO STDOUT (FORMAT BINARY)
"""  # noqa: S608  built of the constants above  # nosec B608
VERDICT_COLUMNS = 8


def stream_battle_votes() -> Iterator[bytes]:
    """The same of all votes that count, by battle and as seen from x.

    Columns: battle, contestants x and y, 1 where x was shown left and -1 where y was,
    0 for x, 1 for neither or 2 for y, and how many votes.
    """
    return _copied(_BATTLE_VOTES)


def stream_verdicts(judge_id: int) -> Iterator[bytes]:
    """The same of one judge's verdicts on battles that stand.

    Columns: the first five as of votes, but 0 where nobody knows who was shown left;
    template, 0 for none, prompt, and by how much x is longer, (x - y) / (x + y) in
    thousandths, or NOT_MEASURED.
    """
    return _copied(_VERDICTS.format(judge=judge_id))
