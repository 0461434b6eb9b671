"""Everywhere that a provider's key could have been left, as text to search."""

import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from evaluations.dumps import folder_of
from evaluations.models import Answer, ConnectionTest, Contestant, Dump

PUBLIC = ["/", "/leaderboard", "/data", "/about", "/privacy", "/api/v1/leaderboard"]
KINDS = ("contestant", "connectiontest", "answer", "battle", "prompt", "vote", "dump")


def places(client: Client) -> Iterator[tuple[str, str]]:
    """Kind of place and text; the logs are the caller's to add."""
    yield from (("public page", text_of(client, path)) for path in public_pages())
    yield from (("admin page", text_of(client, path)) for path in admin_pages())
    yield "fixture", fixture()
    yield from (("database", text) for text in tables())
    for dump in Dump.objects.published():
        yield from (("dump", content(path)) for path in files(folder_of(dump.version)))
    yield from (("command line", text) for text in command_lines())


def found_in(texts: Iterable[tuple[str, str]], keys: Iterable[str]) -> set[str]:
    """The kinds of place that hold a key, or half of one."""
    halves = [half for key in keys for half in (key[-24:-12], key[-12:])]
    return {kind for kind, text in texts if any(half in text for half in halves)}


def public_pages() -> list[str]:
    slugs = Contestant.objects.published().values_list("slug", flat=True)
    return PUBLIC + [f"/models/{slug}" for slug in slugs]


def admin_pages() -> Iterator[str]:
    yield reverse("admin:index")
    for kind in KINDS:
        yield reverse(f"admin:evaluations_{kind}_changelist")
    for model in (Contestant, ConnectionTest, Answer):
        kind = model._meta.model_name
        for pk in model.objects.values_list("pk", flat=True):
            yield reverse(f"admin:evaluations_{kind}_change", args=[pk])
            if model is Contestant:
                yield reverse(f"admin:evaluations_{kind}_history", args=[pk])


def text_of(client: Client, path: str) -> str:
    response: Any = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return f"{response.headers} {response.cookies} {response.content.decode()}"


def fixture() -> str:
    out = io.StringIO()
    call_command("dumpdata", stdout=out)
    return out.getvalue()


def tables() -> Iterator[str]:
    """The whole database, as pg_dump would write it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (name,) in cursor.fetchall():
            with cursor.copy(f"COPY {name} TO STDOUT") as copy:
                yield b"".join(copy).decode(errors="replace")


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def content(path: Path) -> str:
    if path.suffix == ".parquet":
        return str(pyarrow.parquet.read_table(path).to_pylist())
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()


def command_lines() -> Iterator[str]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_text(errors="replace")
        except OSError:
            continue  # it has ended meanwhile
