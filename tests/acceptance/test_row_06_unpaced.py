"""Row 6's control: the same search tells fast from slow where nothing is paced."""

import pytest

from tests.acceptance.stop_watch import ENVIRON, accuracy, listen, two_models
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena

ARENA_ENVIRON = ENVIRON | {"ARENA_LIVE_PACED": "off"}
ARENA_PROGRAMS = ("web", "live")

pytestmark = pytest.mark.slow


def test_without_the_pacer_the_stop_watch_tells_who_answers(arena: LiveArena):
    with ModelServer() as server:
        two_models(server)

        heard = listen(arena, battles=60, at_once=20)

    assert len(heard) == 60
    assert accuracy(heard) > 0.9
