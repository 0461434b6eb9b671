"""The command, on the real server: a database of its own, marked on every page."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import redis
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from evaluations import leaderboard, simulated
from evaluations.discovery import Server, find_local_models
from evaluations.dumps import folder_of, publish_dump
from evaluations.importers.starter import load_starter_pack
from evaluations.leaderboard.announcing import announce
from evaluations.models import Battle, Contestant, Simulation, Tally, Vote
from evaluations.simulation import databases, results, stage
from evaluations.simulation.crowd import Recipe
from evaluations.simulation.databases import SimulationRefused, turned_to
from evaluations.simulation.running import Outcome, Plan, simulate
from tests.factories import make_battle, vote_for
from tests.fakes.model_server import ModelServer
from tests.importers import llmfao_folder

BANNER = "Simulated votes."
RUN = ["--contestants", "6", "--votes", "300", "--volunteers", "20", "--seed", "2"]
LATE = ["--newcomers", "1", "--join-at", "200"]
PAGES = ["home", "judge", "ask", "leaderboard", "data", "about", "privacy", "me"]


@dataclass(frozen=True)
class Ran:
    said: str
    before: dict[str, int]
    after: dict[str, int]
    database: str


def rows() -> dict[str, int]:
    """How many rows each table of the database in use has."""
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_app_config("evaluations").get_models()
    }


def manage(*words: str) -> str:
    out = StringIO()
    call_command("simulate", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture(scope="module")
def ran(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ran]:
    with django_db_blocker.unblock():
        vote_for(make_battle())
        before = rows()
        said = manage(*RUN, *LATE, "--label", "tried")
        after = rows()
        yield Ran(said, before, after, databases.all_of(label="tried")[0].name)
        manage("--drop", "--label", "tried")
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def there(ran: Ran, django_db_blocker: Any) -> Iterator[Client]:
    """A visitor of the arena that shows the simulation."""
    with django_db_blocker.unblock(), turned_to(ran.database):
        yield Client()


def test_open_pages_of_the_arena_hear_nothing_of_its_tables(
    there: Client, settings: Any
) -> None:
    heard = redis.Redis.from_url(settings.REDIS_URL).pubsub()
    heard.subscribe(f"asgi__group__{leaderboard.NEWS}")

    announce(leaderboard.latest())

    messages = [heard.get_message(timeout=0.5) for _ in range(3)]
    heard.close()
    assert [message["type"] for message in messages if message] == ["subscribe"]


def test_the_table_comes_nearer_to_the_truth(ran: Ran) -> None:
    folder = results.folder_of("tried")
    (run,) = json.loads((folder / results.RESULTS).read_text())["runs"]
    points = run["checkpoints"]

    assert run["complete"] and points[-1]["votes"] == 300
    assert points[-1]["tau"] > points[0]["tau"]
    assert points[-1]["tau"] >= 0.8
    assert points[0]["newcomers_error"] is None
    assert 0 < points[-1]["newcomers_error"] < 100
    assert "300 simulated votes" in ran.said
    assert f"ARENA_DATABASE={ran.database} make run" in ran.said


def test_the_figures_lie_there_as_a_table_and_as_a_plot(ran: Ran) -> None:
    folder = results.folder_of("tried")
    with (folder / results.TABLE).open(newline="") as file:
        lines = list(csv.DictReader(file))

    drawn = ElementTree.fromstring((folder / results.PLOT).read_text())  # noqa: S314

    assert lines[-1]["votes"] == "300"
    assert {line["rule"] for line in lines} == {"uniform"}
    assert "uniform" in "".join(drawn.itertext())


def test_nothing_reaches_the_real_database(ran: Ran) -> None:
    assert ran.after == ran.before
    assert ran.before["evaluations.Vote"] == 1


def test_every_vote_went_from_the_draw_to_the_tallies(there: Client) -> None:
    assert Vote.objects.counted().count() == 300
    assert sum(Tally.objects.filter(slice="all").values_list("count", flat=True)) == 300
    battles = Battle.objects.all()
    assert {battle.draw_rule for battle in battles} == {"uniform"}
    assert all(0 < battle.draw_probability < 1 for battle in battles)
    assert {battle.judgements for battle in battles} == {1}
    mark = Simulation.objects.get()
    assert mark.ended_at is not None
    assert len(mark.strengths) == Contestant.objects.active().count() == 6


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_the_votes_are_simulated(there: Client, page: str) -> None:
    shown = there.get(reverse(page), follow=True)

    assert shown.status_code == 200
    assert BANNER in shown.content.decode()


def test_so_do_models_pages_and_errors(there: Client) -> None:
    for address in ("/models/simulated-0001", "/models/nobody"):
        assert BANNER in there.get(address).content.decode()


def test_the_interface_says_so_too(there: Client) -> None:
    assert there.get("/api/v1/leaderboard").json()["simulated"] is True
    table = there.get("/api/v1/leaderboard?format=csv")
    assert "simulated-leaderboard.csv" in table["Content-Disposition"]


def test_nobody_votes_or_asks_there(there: Client) -> None:
    battle = Battle.objects.first()
    assert battle is not None

    refused = there.post(reverse("vote", args=[battle.public_id]), {"verdict": "a"})

    assert refused.status_code == 403
    assert "takes no real data and no real votes" in refused.content.decode()
    assert Vote.objects.count() == 300


def test_the_panel_stays_open_and_says_so(there: Client) -> None:
    admin = get_user_model()._default_manager.create_superuser(username="admin")
    there.force_login(admin)

    panel = there.get(reverse("admin:index"))
    answered = there.post(reverse("admin:logout"))

    assert "Simulated votes" in panel.content.decode()
    assert answered.status_code == 200
    admin.delete()


def test_nothing_real_is_brought_in(there: Client, tmp_path: Path) -> None:
    folder = llmfao_folder.write(tmp_path, llmfao_folder.files())

    with pytest.raises(CommandError, match="holds a simulation"):
        call_command("import_data", "llmfao", str(folder))
    load_starter_pack()
    with ModelServer(models=["llama-3"]) as server:
        find_local_models(own_port=8000, servers=[Server("Ollama", server.port)])

    assert not Contestant.objects.exclude(slug__startswith="simulated-").exists()


def test_a_dump_of_it_says_so_and_lies_apart(there: Client) -> None:
    dump = publish_dump()

    folder = folder_of(dump.version)

    assert folder.is_relative_to(results.folder_of("tried"))
    assert "**Simulated votes.**" in (folder / "README.md").read_text()
    assert json.loads((folder / "schema.json").read_text())["simulated"] is True
    assert there.get("/api/v1/dumps").json()[0]["simulated"] is True


@pytest.mark.usefixtures("ran")
@pytest.mark.django_db(transaction=True)
def test_real_pages_have_no_banner(client: Client) -> None:
    assert BANNER not in client.get(reverse("leaderboard")).content.decode()
    assert client.get("/api/v1/leaderboard").json()["simulated"] is False


@pytest.mark.usefixtures("ran")
@pytest.mark.django_db(transaction=True)
def test_a_label_in_use_is_refused_listed_replaced_and_dropped() -> None:
    short = ["--contestants", "3", "--votes", "20", "--label", "again"]
    manage(*short)

    with pytest.raises(CommandError, match="--replace makes it anew"):
        manage(*short)
    assert "again" in manage("--list")
    told = json.loads(manage(*short, "--replace", "--json"))
    assert told[0]["votes"] == 20
    manage("--drop", "--label", "again")

    assert "again" not in manage("--list")
    assert "tried" in manage("--list")
    assert not results.folder_of("again").exists()


@pytest.mark.django_db
def test_a_label_that_nothing_has_is_said() -> None:
    told = StringIO()

    call_command("simulate", "--drop", "--label", "nosuch", stderr=told)

    assert told.getvalue() == "There is no simulation with the label nosuch.\n"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--label", "Not/one"], "A label has"),
        (["--contestants", "1"], "Two contestants at least"),
        (["--newcomers", "2"], "--join-at"),
        (["--votes", "0"], "a volunteer and a vote"),
    ],
)
def test_what_cannot_be_simulated_is_refused_before_anything_is_made(
    words: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        manage(*words)

    assert databases.all_of(label="crowd") == []


@pytest.mark.django_db(transaction=True)
def test_a_database_with_votes_is_never_marked() -> None:
    vote_for(make_battle())
    mark = Simulation(label="x", rule="uniform", seed=1, parameters={}, strengths={})

    with pytest.raises(SimulationRefused, match="holds votes already"):
        stage.mark(mark)

    assert not Simulation.objects.exists()
    assert simulated.simulation() is None


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_simulation_stays_to_be_looked_at() -> None:
    class Interrupted(BaseException):
        pass

    def stop(label: str, done: int, total: int) -> None:
        if "votes" in label and done >= 100:
            raise Interrupted

    here = connection.settings_dict["NAME"]
    plan = Plan(Recipe(contestants=4, volunteers=5, seed=1), "uniform", votes=400)
    named = databases.names(label="cut", rules=["uniform"])["uniform"]
    outcome = Outcome(plan, named)
    try:
        with pytest.raises(Interrupted):
            simulate(outcome, label="cut", progress=stop)

        assert connection.settings_dict["NAME"] == here
        assert outcome.cast == 100
        assert outcome.checkpoints
        assert results.figures(outcome)["complete"] is False
        with turned_to(named):
            assert Vote.objects.count() == 100
            assert simulated.simulation() is not None
    finally:
        manage("--drop", "--label", "cut")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_seed_gives_the_same_votes_again() -> None:
    plan = Plan(Recipe(contestants=4, volunteers=5, seed=3), "uniform", votes=60)
    try:
        found = []
        for label in ("one", "two"):
            named = databases.names(label=label, rules=["uniform"])["uniform"]
            outcome = Outcome(plan, named)
            simulate(outcome, label=label, progress=lambda *done: None)
            found.append(outcome.checkpoints)
    finally:
        for label in ("one", "two"):
            manage("--drop", "--label", label)

    assert found[0] == found[1]
    assert found[0]
