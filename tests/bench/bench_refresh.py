"""Time a refresh of all rating tables from the database after 1,000 new votes.

    python tests/bench/bench_refresh.py [--most 1800000] [--times 5]

Fills a ledger of 130 contestants, ten categories and four languages with 18,000,
180,000 and 1.8 million votes, one after the other, and measures what it then takes to
roll 1,000 new votes up and to publish the table of all votes, those of each category,
language and size class and the style-controlled ones. The time must not grow with the
votes stored. Writes refresh.json.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
# Read once, when it is loaded: as a worker runs.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

from tests.bench.bench_votes import start_services  # noqa: E402

CONTESTANTS, PROMPTS, VOLUNTEERS, VOTES_OF_A_BATTLE = 130, 400, 5_000, 20
SIZES = (18_000, 180_000, 1_800_000)
NEW, GOAL_SECONDS = 1_000, 1.0

PLAYERS = """
    SELECT setseed(0.5);
    INSERT INTO evaluations_contestant (slug, name, maker, licence, open_weights,
        parameters_b, homepage, description, aliases, provider, base_url, api_model,
        key_token, key_variable, parameters, concurrency, requests_per_minute, state,
        failures_in_row, created_at)
    SELECT 'm' || n, 'Model ' || n, 'Maker ' || n %% 20, '', true,
        (ARRAY[2, 8, 30, 200])[1 + n %% 4], '', '', '{}', 'openai', '', '', '', '',
        '{}', 1, 1, 'active', 0, now()
    FROM generate_series(1, %(contestants)s) n;
    INSERT INTO evaluations_promptset (slug, title, licence, source, description,
        created_at) VALUES ('bench', 'Bench', 'CC0-1.0', 'bench', '', now());
    INSERT INTO evaluations_prompt (public_id, prompt_set_id, turns, digest,
        first_digest, language, categories, "references", origin, state, created_at)
    SELECT gen_random_uuid(), set.id, ARRAY['Prompt ' || n], 'd' || n, 'd' || n,
        (ARRAY['en', 'en', 'de', 'fr', 'es'])[1 + n / 7 %% 5],
        ARRAY['category-' || n %% 10], '{}', 'set', 'approved', now()
    FROM generate_series(1, %(prompts)s) n, evaluations_promptset set
    WHERE set.slug = 'bench';
    INSERT INTO evaluations_answer (contestant_id, messages, messages_digest, replicate,
        origin, text, reasoning, html, renderer_version, state, claims, finished_at,
        finish_reason, served_model, parameters, error_kind, error, leak, style)
    SELECT contestant.id, '[]', prompt.digest, 0, 'fetch', '', '', '', 1, 'ready', 1,
        now(), '', '', '{}', '', '', '', jsonb_build_object(
            'tokens', 20 + (300 * random())::int, 'headings', (3 * random())::int,
            'list_items', (8 * random())::int, 'bold', (5 * random())::int)
    FROM evaluations_contestant contestant, evaluations_prompt prompt;
    INSERT INTO evaluations_volunteer (public_id, origin, consent_version, consented_at,
        token_digest, has_judged)
    SELECT gen_random_uuid(), 'web', 'x', now(), 'v' || n, true
    FROM generate_series(1, %(volunteers)s) n;
    ANALYZE;
"""

# Strengths fall with the number in the slug, about 1.4 logits from first to last.
VOTES = """
    CREATE TEMPORARY TABLE made AS
    WITH drawn AS MATERIALIZED (
        SELECT n, (random() * (%(contestants)s - 1))::int AS a,
            1 + (random() * (%(contestants)s - 2))::int AS step,
            1 + (random() * (%(prompts)s - 1))::int AS prompt
        FROM generate_series(1, %(battles)s) n
    )
    SELECT gen_random_uuid() AS public_id, prompt.id AS prompt_id, x.id AS x_id,
        y.id AS y_id, ax.id AS answer_x, ay.id AS answer_y,
        1 / (1 + exp((substr(x.slug, 2)::int - substr(y.slug, 2)::int) / 90.0)) AS score
    FROM drawn
    JOIN evaluations_contestant x ON x.slug = 'm' || (1 + a)
    JOIN evaluations_contestant y
        ON y.slug = 'm' || (1 + (a + step) %% %(contestants)s)
    JOIN evaluations_prompt prompt ON prompt.digest = 'd' || drawn.prompt
    JOIN evaluations_answer ax
        ON ax.contestant_id = x.id AND ax.messages_digest = prompt.digest
    JOIN evaluations_answer ay
        ON ay.contestant_id = y.id AND ay.messages_digest = prompt.digest
    WHERE x.id <> y.id;
    INSERT INTO evaluations_battle (public_id, mode, origin, prompt_id, contestant_x_id,
        contestant_y_id, draw_rule, state, judgements, judgements_wanted,
        withdrawn_reason)
    SELECT public_id, 'queue', 'draw', prompt_id, x_id, y_id, '', 'ready', 20, 20, ''
    FROM made;
    INSERT INTO evaluations_battleturn (battle_id, number, answer_x_id, answer_y_id)
    SELECT battle.id, 1, answer_x, answer_y
    FROM made JOIN evaluations_battle battle USING (public_id);
    INSERT INTO evaluations_vote (public_id, battle_id, volunteer_id, verdict, "left",
        reasons, comment, state, rule, state_reason, cast_at)
    SELECT gen_random_uuid(), battle.id, volunteer.id,
        CASE WHEN luck < 0.3 THEN 'tie' WHEN luck < 0.34 THEN 'both_bad'
            WHEN (random() < score) = (side = 'x') THEN 'a' ELSE 'b' END,
        side, '{}', '', %(state)s, '', '', now() - interval '1 hour'
    FROM made JOIN evaluations_battle battle USING (public_id)
    CROSS JOIN LATERAL (
        SELECT k, random() AS luck, CASE WHEN random() < 0.5 THEN 'x' ELSE 'y' END side
        FROM generate_series(1, %(votes_of_a_battle)s) k
        WHERE made.public_id IS NOT NULL
    ) cast_votes
    JOIN evaluations_volunteer volunteer
        ON volunteer.token_digest = 'v' || (battle.id * 7 + k) %% %(volunteers)s + 1;
    DROP TABLE made;
"""


def main() -> None:
    options = parse()
    folder = Path(tempfile.mkdtemp(prefix="arena-bench-"))
    try:
        with ExitStack() as stack:
            start_services(folder, stack)
            sizes = [size for size in SIZES if size <= options.most]
            report(measure(sizes, options.times))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--times", type=int, default=5)
    return parser.parse_args()


def measure(sizes: list[int], times: int) -> list[dict[str, object]]:
    import django

    django.setup()
    from django.core.management import call_command

    from evaluations import leaderboard

    call_command("migrate", verbosity=0)
    execute(PLAYERS)
    lines, stored = [], 0
    for size in sizes:
        add_votes(size - stored, state="counted")
        execute("ANALYZE")
        leaderboard.rebuild_tallies()
        leaderboard.publish_slices(careful=True)
        refreshes = [refresh() for _ in range(times)]
        stored = size + times * NEW
        lines.append(line_of(size, refreshes))
        print(lines[-1], flush=True)
    return lines


def execute(statements: str, **values: object) -> None:
    from django.db import connection

    numbers = {
        "contestants": CONTESTANTS,
        "prompts": PROMPTS,
        "volunteers": VOLUNTEERS,
        "votes_of_a_battle": VOTES_OF_A_BATTLE,
    }
    with connection.cursor() as cursor:
        for statement in statements.split(";\n"):
            if statement.strip():
                cursor.execute(statement, numbers | values)


def add_votes(votes: int, *, state: str) -> None:
    """Votes on new battles, with the difference in form that `enter` would note."""
    from evaluations.models import Vote
    from evaluations.models.ledger import fill_styles

    execute(VOTES, battles=max(1, votes // VOTES_OF_A_BATTLE), state=state)
    new = Vote.objects.filter(style=None).values_list("pk", flat=True)
    while some := list(new[:50_000]):
        fill_styles(some)


def refresh() -> tuple[float, float, int]:
    """Seconds on the clock and of this process's CPU, and tables published."""
    from evaluations import leaderboard, voting

    add_votes(NEW, state="pending")
    assert voting.settle_votes() > 0
    clock, cpu = time.perf_counter(), time.process_time()
    published = leaderboard.publish_slices()
    return time.perf_counter() - clock, time.process_time() - cpu, published


def line_of(size: int, refreshes: list[tuple[float, float, int]]) -> dict[str, object]:
    from evaluations.models import Tally

    return {
        "votes": size,
        "cells": Tally.objects.count(),
        "tables": refreshes[-1][2],
        "seconds_median": round(median(each[0] for each in refreshes), 3),
        "seconds_most": round(max(each[0] for each in refreshes), 3),
        "cpu_seconds_median": round(median(each[1] for each in refreshes), 3),
    }


def report(lines: list[dict[str, object]]) -> None:
    folder = Path(os.environ.get("BENCH_RESULTS", ROOT / "var/bench"))
    folder.mkdir(parents=True, exist_ok=True)
    figures = {
        "machine": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "goal_seconds": GOAL_SECONDS,
        "refreshes": lines,
    }
    (folder / "refresh.json").write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
