"""Fixtures for the tests of the whole: a live arena and a real browser.

`arena` belongs to a module: real processes on a database of their own, which the
module's tests read and write through the ORM; without `db`, for nothing is rolled back.
A module sets what differs in its processes with
`ARENA_ENVIRON = {"ARENA_UNDO_SECONDS": "1"}`, and names them, where it needs not all,
with `ARENA_PROGRAMS = ("web", "live")`.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

from evaluations import simulated
from tests import chromium, live
from tests.live import LiveArena
from tests.live_battles.nearby import speaking_with

# The long ones first, so that no test process is left alone with one at the end.
FIRST = "/tests/acceptance/"
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: FIRST not in item.path.as_posix())


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """Keep a copy of the new database, before any test has written to it."""
    wanted = any("arena" in item.fixturenames for item in request.session.items)
    with django_db_blocker.unblock():
        if wanted:
            live.make_pristine()
        # Asked for once by a process: no test shall count that query as its own.
        simulated.simulation_if_known()
    yield
    with django_db_blocker.unblock():
        if wanted:
            live.drop_database(live.PRISTINE)


@pytest.fixture(scope="session")
def collected_static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("collected")
    live.collect_static(folder)
    return folder / "static"


@pytest.fixture(scope="module")
def arena(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    collected_static: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[LiveArena]:
    folder = tmp_path_factory.mktemp("arena")
    environ = getattr(request.module, "ARENA_ENVIRON", {})
    names = getattr(request.module, "ARENA_PROGRAMS", live.PROGRAMS)
    with (
        django_db_blocker.unblock(),
        live.own_database(),
        live.live_arena(folder, collected_static, environ, names) as arena,
    ):
        yield arena


@pytest.fixture
def same_redis(arena: LiveArena, settings: Any) -> Iterator[None]:
    """What this process asks for is heard in the arena's processes."""
    with speaking_with(arena, settings):
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a module: its event loop must not run under other tests."""
    # Playwright's loop makes Django think that its calls are asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "on"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium.of_the_system(), args=ARGUMENTS
        )
        yield started
        # While that loop runs, Django keeps connections of their own, which nobody
        # else closes: the next module would find them cut with their database.
        connections.close_all()
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()
