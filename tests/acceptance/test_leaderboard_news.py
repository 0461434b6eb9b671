"""New tables reach an open leaderboard, and nothing moves under the reader's finger."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from evaluations import leaderboard, voting
from evaluations.leaderboard.announcing import announce
from evaluations.models import Contestant, Leaderboard
from tests.acceptance.watching import Watch
from tests.factories import make_battle, make_contestant, vote_for
from tests.live import LiveArena, wait_until
from tests.live_battles.dialling import dialled, refused_status
from tests.views.tables import publish_table, rate

ARENA_PROGRAMS = ("web",)
PATH = "/ws/leaderboard/"
SECONDS = 5

pytestmark = pytest.mark.usefixtures("same_redis")


@pytest.fixture(scope="module")
def models(arena: LiveArena) -> list[Contestant]:
    return [make_contestant(name=name) for name in ("Heron", "Quail", "Wren")]


@pytest.fixture
def no_traceback(arena: LiveArena) -> Iterator[None]:
    before = len(arena.log("web"))
    yield
    assert "Traceback" not in arena.log("web")[before:]


def vote_and_publish(settings, models: list[Contestant]) -> Leaderboard:
    """A vote that counts at once, and the table it leads to."""
    settings.ARENA_UNDO_SECONDS = 0
    vote_for(make_battle(*models[:2]))
    voting.settle_votes()
    table = leaderboard.publish()
    assert table is not None
    return table


def publish(models: list[Contestant], *ratings: float, **values: object) -> Leaderboard:
    """A table of these ratings, told of as a publication is."""
    table = publish_table(**values)
    for contestant, rating in zip(models, ratings, strict=True):
        rate(table, rating, contestant=contestant)
    return table


def told(table: Leaderboard) -> dict[str, object]:
    return {
        "table": table.pk,
        "slice": table.slice,
        "adjustment": table.adjustment,
        "votes": table.votes,
    }


@pytest.mark.usefixtures("no_traceback")
def test_a_page_hears_of_the_newest_table_and_of_each_new_one(arena, models, settings):
    first = vote_and_publish(settings, models)

    with dialled(arena.url, "", path=PATH) as dial:
        assert dial.frame() == {"type": "newest", **told(first)}
        second = vote_and_publish(settings, models)
        assert dial.frame(SECONDS) == {"type": "published", **told(second)}


@pytest.mark.usefixtures("no_traceback")
def test_a_page_hears_of_its_own_kind_of_table_alone(arena, models, settings):
    style = publish(models, 1, 2, 3, slice="size:phone", adjustment="style")
    path = f"{PATH}?slice=size:phone&adjustment=style"

    with dialled(arena.url, "", path=path) as dial:
        assert dial.frame() == {"type": "newest", **told(style)}
        vote_and_publish(settings, models)
        with pytest.raises(TimeoutError):
            dial.frame(1)


@pytest.mark.usefixtures("no_traceback")
def test_a_table_that_does_not_exist_is_waited_for(arena):
    with (
        dialled(arena.url, "", path=f"{PATH}?slice=no:such") as dial,
        pytest.raises(TimeoutError),
    ):
        dial.frame(1)


@pytest.mark.usefixtures("no_traceback")
@pytest.mark.parametrize("message", ["{}", '{"type": "resync"}', b"\x00", "x" * 5000])
def test_readers_have_nothing_to_say(arena, message):
    with dialled(arena.url, "", path=f"{PATH}?slice=no:such") as dial:
        dial.send(message)
        code, frames = dial.end()

    assert code == 4400
    assert frames[-1]["sentence"] == "This is not a message the arena knows."


@pytest.mark.usefixtures("no_traceback")
def test_a_foreign_page_hears_nothing(arena):
    origin = "https://evil.example"

    assert refused_status(arena.url, "", path=PATH, origin=origin) == 403


def names(page: Page) -> list[str]:
    return page.locator("[data-part=boards] .mcell a").all_inner_texts()


def figures(page: Page) -> list[str]:
    return [text.split()[0] for text in page.locator("td.rating").all_inner_texts()]


@pytest.fixture
def reader(arena, models, page) -> Page:
    """A page on which the three stand in the order of their names."""
    publish(models, 1200, 1100, 1000)
    page.goto(f"{arena.url}/leaderboard")
    assert names(page) == ["Heron", "Quail", "Wren"]
    return page


def test_figures_change_in_place_and_rows_move_on_demand(models, reader):
    expect(reader.locator("[data-listening]")).to_have_count(1)

    reader.evaluate("scrollTo(0, document.body.scrollHeight)")

    announce(publish(models, 1000, 1300, 1000, votes=1235))

    bar = reader.locator("[data-news]")
    said = "New ratings are in (1\u202f235"
    expect(bar).to_contain_text(said, timeout=SECONDS * 1000)
    assert names(reader) == ["Heron", "Quail", "Wren"]
    assert figures(reader) == ["1000", "1300", "1000"]
    assert reader.locator("td.rank").all_inner_texts()[1].startswith("1")

    expect(bar).to_be_in_viewport()
    bar.get_by_role("button", name="Show them").click()

    expect(reader.locator(".mcell a").first).to_have_text("Quail")
    expect(bar.locator("span")).to_have_text("")
    expect(bar.get_by_role("button")).to_have_count(0)
    expect(reader.locator(".facts")).to_contain_text("1\u202f235")


def test_only_rows_that_changed_are_lit(models, reader):
    expect(reader.locator("[data-listening]")).to_have_count(1)

    announce(publish(models, 1200, 1130, 1000))

    expect(reader.locator("tr.fresh .mcell a")).to_have_text(
        ["Quail"], timeout=SECONDS * 1000
    )


@contextmanager
def without_redis(arena: LiveArena) -> Iterator[None]:
    arena.valkey.stop()
    try:
        yield
    finally:
        arena.valkey.start()


def turned_away(arena: LiveArena) -> tuple[int, list[dict[str, Any]]]:
    """How a socket ends once the web process knows that Redis is away.

    One that is opened the moment before stays open, as those before it do.
    """
    ends: list[tuple[int, list[dict[str, Any]]]] = []

    def is_turned_away() -> bool:
        with dialled(arena.url, "", path=PATH) as dial, suppress(TimeoutError):
            ends.append(dial.end(SECONDS))
        return bool(ends)

    wait_until(is_turned_away)
    return ends[0]


def test_without_redis_a_page_stays_as_it_is_and_hears_again_later(
    arena, models, browser
):
    publish(models, 1200, 1100, 1000)
    context = browser.new_context()
    watch = Watch(context)
    page = watch.new_page()
    page.goto(f"{arena.url}/leaderboard")
    expect(page.locator("[data-listening]")).to_have_count(1)

    with without_redis(arena):
        code, frames = turned_away(arena)
        assert (code, len(frames)) == (1013, 1)
        assert "please wait a moment" in frames[0]["sentence"]
        announce(publish(models, 1250, 1100, 1000))
        assert figures(page)[0] == "1200"

    def is_told() -> bool:
        announce(publish(models, 1300, 1100, 1000))
        page.wait_for_timeout(2000)
        return "New ratings are in" in page.locator("[data-news]").inner_text()

    wait_until(is_told, seconds=40)
    assert figures(page)[0] == "1300"
    assert watch.complaints == []
    context.close()
