"""Time a draw from the database, with 100,000 battles in the pool.

    python tests/bench/bench_draws.py [--battles 100000]

With 130 and with 1,000 contestants, a published table and 400 prompts: reads the stock
and then draws battle after battle, as a filling of the queue does; draws one pair for a
volunteer's own question, as a live battle does. Writes draws.json.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
# Read once, when it is loaded: as a worker runs.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

from tests.bench.bench_votes import start_services  # noqa: E402

# Contestants, and how long a draw may take in ms.
GOALS_MS = {130: 2.0, 1000: 20.0}
PROMPTS, DRAWS, FAILED_ANSWERS = 400, 300, 2_000

FILL = """
    SELECT setseed(0.5);
    INSERT INTO evaluations_contestant (slug, name, maker, licence, open_weights,
        homepage, description, aliases, provider, base_url, api_model, key_token,
        key_variable, parameters, concurrency, requests_per_minute, state,
        failures_in_row, created_at)
    SELECT 'm' || n, 'Model ' || n, 'Maker ' || n %% 20, '', true, '', '', '{}',
        'openai', '', '', '', '', '{}', 4, 60, 'active', 0, now()
    FROM generate_series(1, %(contestants)s) n;
    INSERT INTO evaluations_promptset (slug, title, licence, source, description,
        created_at) VALUES ('bench', 'Bench', 'CC0-1.0', 'bench', '', now());
    INSERT INTO evaluations_prompt (public_id, prompt_set_id, turns, digest,
        first_digest, wording, language, categories, reference, origin, state,
        created_at)
    SELECT gen_random_uuid(), set.id, ARRAY['Prompt ' || n], 'd' || n, 'd' || n,
        'w' || n / 2, (ARRAY['en', 'en', 'de', 'fr', 'es'])[1 + n / 7 %% 5],
        ARRAY['category-' || n %% 10], '', 'set', 'approved', now()
    FROM generate_series(1, %(prompts)s) n, evaluations_promptset set;
    INSERT INTO evaluations_leaderboard (slice, adjustment, coefficients, method,
        parameters, watermark, code_version, digest, votes, volunteers)
    VALUES ('all', '', '[]', 'bench', '{}', 0, '', '', 100000, 1000);
    INSERT INTO evaluations_rating (leaderboard_id, contestant_id, "group", rating,
        rating_low, rating_high, standard_error, rank_low, rank_high, votes, wins,
        losses, ties, both_bad, provisional)
    SELECT leaderboard.id, contestant.id, 1, 700 + 600 * random(), 0, 0,
        8 + 20 * random(), 1, 1, 100, 0, 0, 0, 0, false
    FROM evaluations_contestant contestant, evaluations_leaderboard leaderboard;
    INSERT INTO evaluations_answer (contestant_id, messages, messages_digest, replicate,
        origin, text, reasoning, html, renderer_version, state, claims, finished_at,
        finish_reason, served_model, parameters, error_kind, error, leak, style)
    SELECT contestant.id, '[]', 'd' || 1 + n / %(contestants)s, 0, 'fetch', '', '', '',
        0, 'failed', 1, now(), '', '', '{}', 'refused', '', '', '{}'
    FROM generate_series(0, %(failed)s - 1) n JOIN evaluations_contestant contestant
        ON contestant.slug = 'm' || 1 + n %% %(contestants)s;
    INSERT INTO evaluations_battle (public_id, mode, origin, prompt_id, contestant_x_id,
        contestant_y_id, draw_rule, state, judgements, judgements_wanted,
        withdrawn_reason)
    SELECT gen_random_uuid(), 'queue', 'draw', prompt.id, x.id, y.id, 'newcomer',
        'ready', 0, 1, ''
    FROM (
        SELECT (random() * (%(contestants)s - 1))::int AS a,
            1 + (random() * (%(contestants)s - 2))::int AS step,
            1 + (random() * (%(prompts)s - 1))::int AS prompt
        FROM generate_series(1, %(battles)s)
    ) drawn
    JOIN evaluations_contestant x ON x.slug = 'm' || (1 + a)
    JOIN evaluations_contestant y ON y.slug = 'm' || (1 + (a + step) %% %(contestants)s)
    JOIN evaluations_prompt prompt ON prompt.digest = 'd' || drawn.prompt
    WHERE x.id <> y.id;
"""


def main() -> None:
    options = parse()
    folder = Path(tempfile.mkdtemp(prefix="arena-bench-"))
    try:
        with ExitStack() as stack:
            start_services(folder, stack)
            report(measure(options.battles))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--battles", type=int, default=100_000)
    return parser.parse_args()


def measure(battles: int) -> list[dict[str, object]]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return [measured(contestants, battles) for contestants in GOALS_MS]


def measured(contestants: int, battles: int) -> dict[str, object]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from evaluations.matchmaking import draw_pair, draws, read_stock
    from evaluations.models import Contestant

    fill(contestants, battles)
    row = draws()
    next(row)
    cpu = process_time()
    times = [timed(lambda: next(row)) for _ in range(DRAWS)]
    cpu_ms = (process_time() - cpu) * 1000 / DRAWS
    with CaptureQueriesContext(connection) as queries:
        list(islice(row, 50))
    active = list(Contestant.objects.active())
    pairs = [timed(lambda: draw_pair(among=active)) for _ in range(20)]
    stocks = [timed(read_stock) for _ in range(10)]
    return {
        "contestants": contestants,
        "battles": battles,
        "draw_ms": median(times),
        "draw_p95_ms": quantiles(times, n=20)[-1],
        "draw_cpu_ms": cpu_ms,
        "queries_of_a_draw": len(queries) / 50,
        "filling_of_50_per_draw_ms": timed(lambda: list(islice(draws(), 50))) / 50,
        "pair_for_a_live_battle_ms": median(pairs),
        "stock_ms": median(stocks),
        "goal_ms": GOALS_MS[contestants],
    }


def fill(contestants: int, battles: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE evaluations_contestant, evaluations_promptset CASCADE")
        cursor.execute("TRUNCATE evaluations_leaderboard CASCADE")
        values = {"contestants": contestants, "battles": battles, "prompts": PROMPTS}
        cursor.execute(FILL, values | {"failed": FAILED_ANSWERS})
        cursor.execute("ANALYZE")


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def report(figures: list[dict[str, object]]) -> None:
    for line in figures:
        print(
            f"{line['contestants']} contestants: a draw "
            f"{line['draw_ms']:.2f} ms (95 %: {line['draw_p95_ms']:.2f}; "
            f"{line['draw_cpu_ms']:.2f} of CPU), goal "
            f"{line['goal_ms']:.0f}; {line['queries_of_a_draw']:.1f} queries; "
            f"a live pair {line['pair_for_a_live_battle_ms']:.1f} ms; reading the "
            f"stock {line['stock_ms']:.1f} ms"
        )
    folder = Path(os.environ.get("BENCH_RESULTS", ROOT / "var" / "bench"))
    folder.mkdir(parents=True, exist_ok=True)
    machine = {"machine": platform.processor() or platform.machine()}
    text = json.dumps({**machine, "draws": figures}, indent=1)
    (folder / "draws.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
