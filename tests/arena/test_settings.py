import re
import subprocess
import sys

import pytest
from django.db import connection

from arena.env import BASE

PRODUCTION = {
    "SECRET_KEY": "h1Jm8s0qvXc7TzK4uYb2nRw9eLp5dGf3aVx6iQo7tUy1kZs4mN",
    "ARENA_FIELD_KEYS": "RL0L1Sc2Hwbnv2xkt3oDSNYqx0SjXHT4dPV3zNKgL4c=",
    "DATABASE_URL": "postgresql://arena@db.example/arena",
    "REDIS_URL": "redis://redis.example",
    "ALLOWED_HOSTS": "arena.example",
    "CSRF_TRUSTED_ORIGINS": "https://arena.example",
    "ARENA_CONTACT": "contact@arena.example",
    "ARENA_VAR": "/nonexistent",
}


def run(*command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=BASE,
        env={"PATH": "", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def check_deploy(**environ: str) -> subprocess.CompletedProcess[str]:
    return run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **environ)


@pytest.mark.django_db
def test_the_tests_run_on_a_real_postgresql():
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('server_version_num')::int")
        (version,) = cursor.fetchone()

    assert version >= 150000


def test_row_20_production_settings_pass_every_deployment_check():
    checked = check_deploy(**PRODUCTION)

    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_row_20_the_check_fails_without_https():
    checked = check_deploy(**PRODUCTION, ARENA_SECURE="off")

    assert checked.returncode == 1
    assert "SECURE_SSL_REDIRECT" in checked.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_a_process_without_a_needed_variable_ends_in_one_sentence(name):
    environ = {key: value for key, value in PRODUCTION.items() if key != name}

    ended = run("-c", "import arena.settings", **environ)

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"{name} is not set")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(("proxy", "status"), [("off", 301), ("on", 404)])
def test_a_request_that_came_by_https_to_the_proxy_is_served(proxy, status):
    ask = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "headers = {'host': 'arena.example', 'x-forwarded-proto': 'https'}\n"
        "print(Client().get('/nowhere', headers=headers).status_code)"
    )

    asked = run(
        "-c",
        ask,
        **PRODUCTION,
        DJANGO_SETTINGS_MODULE="arena.settings",
        DB_POOL="0",
        ARENA_STATIC_HASHES="off",
        ARENA_BEHIND_PROXY=proxy,
    )

    assert asked.stdout.strip() == str(status), asked.stderr


def test_each_setting_stands_in_the_readme_and_in_the_example() -> None:
    read = (BASE / "arena" / "settings.py").read_text()
    names = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', read))
    readme, example = (
        (BASE / name).read_text() for name in ("README.md", ".env.example")
    )

    assert "ARENA_READY_BATTLES" in names
    assert [name for name in sorted(names) if f"`{name}`" not in readme] == []
    assert [name for name in sorted(names) if f"#{name}=" not in example] == []
