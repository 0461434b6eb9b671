"""Tallies equal a recount after eight processes acted on the ledger at random.

Meanwhile the roll-up is killed at random moments and started again.
"""

import os
import random
import subprocess
import sys

import pytest
from django.db.models import Count

from arena.env import BASE
from evaluations import leaderboard, voting
from evaluations.models import TallyChange, TallyMark, Vote
from tests.factories import make_battle, make_contestant, make_prompt, vote_for
from tests.live import LiveArena, wait_until
from tests.test_leaderboard import measured, recount, tallies
from tests.test_voting import let_window_pass

ARENA_PROGRAMS = ("web",)
ARENA_ENVIRON = {"ARENA_UNDO_SECONDS": "1"}
PROCESSES = 8


@pytest.mark.parametrize("acts", [1_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_tallies_equal_a_recount_after_random_acts(arena: LiveArena, acts: int):
    make_battles(acts // 8)

    kills = under_fire(arena, acts)
    voting.settle_votes()
    wait_until(all_rolled_up)

    assert kills > 3
    states = dict(Vote.objects.values_list("state").annotate(Count("pk")))
    assert {"counted", "flagged", "withdrawn"} <= states.keys()
    assert tallies() == recount()
    assert len(tallies()) > 50


def test_one_change_lost_would_be_seen(arena: LiveArena):
    make_battles(20)
    under_fire(arena, 200)
    last = vote_for(make_battle())
    let_window_pass(last)
    voting.settle_votes()

    assert TallyChange.objects.filter(vote=last).delete()[0] == 1
    leaderboard.roll_up()

    assert tallies() != recount()


def all_rolled_up() -> bool:
    """Changes wait for older transactions, as of the server's own housekeeping."""
    leaderboard.roll_up()
    mark = TallyMark.objects.get().transaction
    return not TallyChange.objects.filter(transaction__gte=mark).exists()


def make_battles(number: int) -> None:
    players = [make_contestant() for _ in range(5)]
    languages = ("en", "de")
    for _ in range(number):
        x, y = random.sample(players, 2)
        prompt = make_prompt(language=random.choice(languages))
        battle = make_battle(x, y, prompt, judgements_wanted=100)
        turn = battle.turns.get()
        for answer in (turn.answer_x, turn.answer_y):
            measured(answer, tokens=random.randint(1, 300), bold=random.randint(0, 3))


def under_fire(arena: LiveArena, acts: int) -> int:
    """Let all processes act to the end; return how often the roll-up was killed."""
    command = ["-m", "tests.acceptance.firing", str(PROCESSES), str(acts)]
    environ = os.environ | arena.environ | {"DJANGO_SETTINGS_MODULE": "arena.settings"}
    ran = subprocess.run(
        [sys.executable, *command], cwd=BASE, env=environ, stdout=subprocess.PIPE
    )
    assert ran.returncode == 0
    return int(ran.stdout)
