"""The whole arena starts as real processes, and the tests can kill them."""

import psutil
import pytest
from django.core.management import call_command
from playwright.sync_api import Page
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from evaluations.models import Battle, Contestant
from tests.live import LiveArena, wait_until


def test_pages_are_served_with_files_named_by_content(arena: LiveArena, page: Page):
    answer = page.goto(f"{arena.url}/about")

    assert answer is not None and answer.status == 200
    styles = page.locator("link[rel=stylesheet]").first.get_attribute("href")
    assert styles is not None and styles.count(".") >= 2
    assert page.request.get(f"{arena.url}{styles}").status == 200


def test_a_killed_worker_starts_again_and_works(arena: LiveArena):
    for name in ("work", "fetch"):
        arena.kill(name)
        arena.start(name)
    call_command("load_starter_pack", verbosity=0)

    arena.send_task("evaluations.fill_queue")

    wait_until(lambda: Battle.objects.offered().exists())
    assert Contestant.objects.exists()


def test_what_renders_live_answers_runs_before_the_first_question(arena: LiveArena):
    live = psutil.Process(arena.processes["live"].pid)

    wait_until(lambda: len(live.children()) == 4)


def test_a_websocket_is_refused_without_a_complaint_in_the_log(arena: LiveArena):
    with (
        pytest.raises(InvalidStatus) as refusal,
        connect(arena.url.replace("http", "ws") + "/ws/anything"),
    ):
        pass

    assert refusal.value.response.status_code == 403
    assert "Traceback" not in arena.log("web")
