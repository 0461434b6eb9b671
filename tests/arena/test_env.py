import os
from pathlib import Path

import pytest

from arena import env


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", os.environ.copy())
    os.environ.pop("X", None)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("", lambda: env.text("X")),
        ("maybe", lambda: env.flag("X", default=False)),
        ("ten", lambda: env.number("X", 1)),
        ("-1", lambda: env.number("X", 1)),
        ("0", lambda: env.number("X", 1, at_least=1)),
        ("1.5", lambda: env.share("X", 0.5)),
        ("half", lambda: env.share("X", 0.5)),
        ("coding", lambda: env.shares("X")),
        ("=0.5", lambda: env.shares("X")),
        ("coding=half", lambda: env.shares("X")),
        ("coding=nan", lambda: env.shares("X")),
        ("coding=0.1,coding=0.2", lambda: env.shares("X")),
        ("coding=0.6,writing=0.5", lambda: env.shares("X")),
        ("mysql://db/arena", lambda: env.url("X", "postgresql")),
        ("postgresql://db:port/arena", lambda: env.url("X", "postgresql")),
    ],
)
def test_a_bad_value_is_refused_in_one_sentence_that_names_it(value, read):
    os.environ["X"] = value

    with pytest.raises(env.BadVariable) as refusal:
        read()

    sentence = str(refusal.value)
    assert sentence.startswith("X ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_refused_url_does_not_show_its_password():
    os.environ["X"] = "mysql://arena:hunter2@db/arena"

    with pytest.raises(env.BadVariable) as refusal:
        env.url("X", "postgresql")

    assert "hunter2" not in str(refusal.value)


def test_good_values_are_read():
    os.environ["X"] = "On"
    assert env.flag("X", default=False)
    os.environ["X"] = "12"
    assert env.number("X", 1) == 12
    os.environ["X"] = "0.25"
    assert env.share("X", 0.5) == 0.25
    os.environ["X"] = "a, b,,c"
    assert env.names("X") == ["a", "b", "c"]
    os.environ["X"] = "coding=0.2, creative writing = 0.1"
    assert env.shares("X") == {"coding": 0.2, "creative writing": 0.1}


def test_an_empty_value_means_the_default():
    os.environ["X"] = ""

    assert env.number("X", 8) == 8
    assert env.flag("X", default=True)


def test_a_database_url_becomes_settings():
    os.environ["X"] = "postgresql://me:a%40b@db.example:5433/arena?sslmode=require"

    settings = env.database("X", pool=8, statement_seconds=10)

    assert settings["NAME"] == "arena"
    assert settings["USER"] == "me"
    assert settings["PASSWORD"] == "a@b"
    assert settings["HOST"] == "db.example"
    assert settings["PORT"] == "5433"
    options = settings["OPTIONS"]
    assert options["sslmode"] == "require"
    assert options["pool"]["max_size"] == 8
    assert "statement_timeout=10000" in options["options"]


def test_another_database_of_the_same_server_can_be_named():
    os.environ["X"] = "postgresql://me@/arena?host=/run/pg"
    os.environ["ARENA_DATABASE"] = "arena_simulated_crowd_uniform"

    settings = env.database("X", pool=0, statement_seconds=0)

    assert settings["NAME"] == "arena_simulated_crowd_uniform"
    assert settings["HOST"] == "/run/pg"


def test_a_database_url_may_name_a_socket_folder():
    os.environ["X"] = "postgresql://me@/arena?host=/run/pg"

    settings = env.database("X", pool=0, statement_seconds=0)

    assert settings["HOST"] == "/run/pg"
    assert "pool" not in settings["OPTIONS"]


def test_a_file_fills_only_what_the_environment_does_not_set(tmp_path: Path):
    os.environ["X"] = "mine"
    file = tmp_path / ".env"
    file.write_text('# a comment\nX=theirs\n Y = "quoted" \nnothing\n')

    env.load(file)

    assert os.environ["X"] == "mine"
    assert os.environ["Y"] == "quoted"


def test_another_database_of_the_same_redis():
    url = "redis://:secret@127.0.0.1:6379/0"

    assert env.redis_database(url, 1) == "redis://:secret@127.0.0.1:6379/1"
