"""The work that one vote makes must not grow with the votes stored before it."""

import json
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import connection

from evaluations import leaderboard, voting
from evaluations.battles import reveal
from evaluations.models import Vote
from tests.factories import make_battle, make_contestant, make_visitor, vote_for
from tests.test_voting import let_window_pass

# In the ledger's own order: who judged what, evenly over battles and volunteers.
FILL = """
    INSERT INTO evaluations_volunteer
        (public_id, origin, consent_version, consented_at, token_digest, has_judged)
    SELECT gen_random_uuid(), 'web', 'x', now(), 'filled-' || n, true
    FROM generate_series(1, %(volunteers)s) n;
    INSERT INTO evaluations_battle (public_id, mode, origin, prompt_id, contestant_x_id,
        contestant_y_id, draw_rule, state, judgements, judgements_wanted,
        withdrawn_reason)
    SELECT gen_random_uuid(), 'queue', 'draw', %(prompt)s, %(x)s, %(y)s, '', 'ready',
        20, 20, '' FROM generate_series(1, %(battles)s);
    INSERT INTO evaluations_answer (contestant_id, messages, messages_digest, replicate,
        origin, text, reasoning, html, renderer_version, state, claims, finished_at,
        finish_reason, served_model, parameters, error_kind, error, style, leak)
    SELECT side, '[]', 'filled-' || n, 0, 'fetch', '', '', '', 1, 'ready', 1, now(),
        '', '', '{}', '', '', '{}', ''
    FROM generate_series(1, %(battles)s) n, (VALUES (%(x)s), (%(y)s)) sides(side);
    INSERT INTO evaluations_battleturn (battle_id, number, answer_x_id, answer_y_id)
    SELECT battle.id, 1, x.id, y.id
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM evaluations_battle
        WHERE judgements = 20) battle
    JOIN evaluations_answer x ON x.messages_digest = 'filled-' || battle.n
        AND x.contestant_id = %(x)s
    JOIN evaluations_answer y ON y.messages_digest = x.messages_digest
        AND y.contestant_id = %(y)s;
    WITH battle AS (
        SELECT id, row_number() OVER (ORDER BY id) AS n FROM evaluations_battle
        WHERE judgements = 20
    ), volunteer AS (
        SELECT id, row_number() OVER (ORDER BY id) AS n FROM evaluations_volunteer
        WHERE token_digest LIKE 'filled-%%'
    )
    INSERT INTO evaluations_vote (public_id, battle_id, volunteer_id, verdict, "left",
        reasons, comment, state, rule, state_reason)
    SELECT gen_random_uuid(), battle.id, volunteer.id, 'a', 'x', '{}', '', 'counted',
        '', ''
    FROM battle CROSS JOIN generate_series(1, 20) k JOIN volunteer
        ON volunteer.n = (battle.n + k) %% %(volunteers)s + 1;
    INSERT INTO evaluations_tallychange
        (vote_id, slices, first_id, second_id, outcome, style, delta)
    SELECT id, '{all}', %(x)s, %(y)s, 'a', '{0,0,0,0}', 1 FROM evaluations_vote;
"""


@dataclass
class Work:
    rows: int = 0
    scanned: set[str] = field(default_factory=set)

    def add(self, node: dict) -> None:
        read = node.get("Rows Removed by Filter", 0) + node["Actual Rows"]
        self.rows += round(read * node["Actual Loops"])
        if node["Node Type"] == "Seq Scan":
            self.scanned.add(node["Relation Name"])
        for child in node.get("Plans", ()):
            self.add(child)


@contextmanager
def measured():
    """Explain every statement in place of running it, then run it."""
    work = Work()

    def explain(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(("SELECT", "UPDATE", "INSERT", "WITH")):
            cursor = context["cursor"].cursor
            inside = context["connection"].in_atomic_block
            cursor.execute("SAVEPOINT explained" if inside else "BEGIN")
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
            plan = cursor.fetchone()[0]
            plan = json.loads(plan) if isinstance(plan, str) else plan
            work.add(plan[0]["Plan"])
            cursor.execute("ROLLBACK TO SAVEPOINT explained" if inside else "ROLLBACK")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield work


def fill(votes: int) -> None:
    x, y = make_contestant(), make_contestant()
    battle = make_battle(x, y)
    values = {"x": x.pk, "y": y.pk, "prompt": battle.prompt_id}
    with connection.cursor() as cursor:
        # 20 judgements a battle, and 20 battles a volunteer.
        cursor.execute(
            FILL, values | {"battles": votes // 20, "volunteers": votes // 20}
        )
    assert Vote.objects.count() == votes
    leaderboard.roll_up()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def work_of_one_vote() -> Work:
    """Cast, count, roll up and reveal, as the page and the workers do."""
    visitor = make_visitor()
    let_window_pass(vote_for(make_battle(), visitor=visitor))
    battle = make_battle()
    with measured() as work:
        vote = vote_for(battle, visitor=visitor)
        reveal(vote=vote)
        voting.settle_votes()
        leaderboard.roll_up()
    return work


def compare(few: int, many: int) -> tuple[Work, Work]:
    fill(few)
    little = work_of_one_vote()
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE evaluations_vote, evaluations_battle, evaluations_volunteer, "
            "evaluations_tally, evaluations_tallychange, evaluations_answer CASCADE"
        )
    fill(many)
    return little, work_of_one_vote()


def check(few: int, many: int) -> None:
    little, much = compare(few, many)

    assert not much.scanned & {
        "evaluations_vote",
        "evaluations_battle",
        "evaluations_tallychange",
        "evaluations_volunteer",
        "evaluations_answer",
        "evaluations_battleturn",
    }
    assert much.rows <= max(little.rows, 200)


@pytest.mark.django_db(transaction=True)
def test_work_per_vote_is_the_same_at_a_thousand_and_at_forty_thousand_votes():
    check(1_000, 40_000)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_work_per_vote_is_the_same_at_a_thousand_and_at_a_million_votes():
    check(1_000, 1_000_000)


@pytest.mark.django_db(transaction=True)
def test_a_scan_of_the_ledger_would_be_seen():
    fill(40_000)

    with measured() as work:
        Vote.objects.filter(comment="never written").count()

    assert "evaluations_vote" in work.scanned
    assert work.rows >= 40_000
