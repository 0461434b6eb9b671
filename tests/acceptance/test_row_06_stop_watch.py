"""Row 6 of the acceptance table: the stop-watch does not tell who answers."""

import pytest
from scipy.stats import binom

from tests.acceptance.stop_watch import ENVIRON, accuracy, listen, two_models
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena

# The pacer as in production: 30 tokens a second, 1.5 s after both have begun.
ARENA_ENVIRON = ENVIRON
ARENA_PROGRAMS = ("web", "live")

pytestmark = pytest.mark.slow


def chance(battles: int) -> float:
    """What mere guessing stays below in 999 of 1,000 runs."""
    return float(binom.ppf(0.999, battles, 0.5)) / battles


def test_a_thousand_battles_do_not_tell_fast_from_slow(arena: LiveArena):
    with ModelServer() as server:
        two_models(server)

        heard = listen(arena, battles=1000, at_once=25)

    reached = accuracy(heard)
    print(f"{len(heard)} battles: {reached:.1%} right; chance: {chance(1000):.1%}")
    assert len(heard) == 1000
    assert reached <= 0.55
