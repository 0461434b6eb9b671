"""The work of a refill must not grow with the battles of other pairs."""

import pytest
from django.db import connection

from evaluations.matchmaking import draw
from evaluations.models import Contestant
from tests.factories import make_contestant, make_prompt
from tests.test_work_per_vote import Work, measured

pytestmark = pytest.mark.django_db(transaction=True)

FILL = """
    INSERT INTO evaluations_battle (public_id, mode, origin, prompt_id, contestant_x_id,
        contestant_y_id, draw_rule, state, judgements, judgements_wanted,
        withdrawn_reason)
    SELECT gen_random_uuid(), 'queue', 'draw', prompt.id, x.id, y.id, '', 'ready', 0, 1,
        '' FROM generate_series(1, %s), evaluations_prompt prompt,
        evaluations_contestant x JOIN evaluations_contestant y ON x.id < y.id
        WHERE x.state = 'paused' AND y.state = 'paused'
"""


def work_of_a_draw() -> Work:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with measured() as work:
        assert draw() is not None
    return work


def test_a_draw_reads_the_battles_of_its_own_pair_alone():
    for _ in range(2):
        make_contestant()
    for _ in range(4):
        make_contestant(state=Contestant.State.PAUSED)
    for _ in range(10):
        make_prompt()
    with connection.cursor() as cursor:
        # More than the draws that the guaranteed share looks back on.
        cursor.execute(FILL, [10])
    little = work_of_a_draw()

    with connection.cursor() as cursor:
        cursor.execute(FILL, [200])
    much = work_of_a_draw()

    assert "evaluations_battle" not in much.scanned
    assert much.rows <= little.rows
