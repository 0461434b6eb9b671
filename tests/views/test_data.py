import hashlib
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import AsyncClient, Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from evaluations.models import Dump
from evaluations.views.data import download
from evaluations.views.files import CHUNK

pytestmark = pytest.mark.django_db
VOTES = "data/votes.parquet"


@pytest.fixture(autouse=True)
def arena_var(settings: Settings, tmp_path: Path) -> Path:
    settings.ARENA_VAR = tmp_path
    return tmp_path


def make_dump(
    version: str = "2031-05-01-1",
    contents: bytes = b"0123456789",
    *,
    names: tuple[str, ...] = (VOTES, "README.md"),
    **values: Any,
) -> Dump:
    """A published version whose files hold the same bytes."""
    from_here = Path(values.pop("folder")) / "dumps" / version
    for name in names:
        path = from_here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents)
    digest = hashlib.sha256(contents).hexdigest()
    files = [
        {"name": name, "bytes": len(contents), "sha256": digest, "rows": 12_345}
        for name in names
    ]
    defaults = {
        "state": Dump.State.PUBLISHED,
        "published_at": timezone.now(),
        "votes": 12_345,
        "conversations": 678,
        "files": files,
    }
    return Dump.objects.create(version=version, **{**defaults, **values})


def page(client: Client) -> str:
    response = client.get("/data")
    assert response.status_code == 200
    return unescape(response.content.decode())


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_before_the_first_dump_the_page_says_when_there_will_be_one(
    client: Client,
) -> None:
    text = page(client)

    assert "No dump has been published yet" in text
    assert "once a month" in text
    assert "/data/2" not in text


@pytest.mark.parametrize("state", ["queued", "building", "failed"])
def test_a_dump_that_is_not_published_is_not_shown(
    client: Client, arena_var: Path, state: str
) -> None:
    make_dump(folder=arena_var, state=state, note="disk full")

    text = page(client)

    assert "No dump has been published yet" in text
    assert "disk full" not in text
    assert client.get(f"/data/2031-05-01-1/{VOTES}").status_code == 404


def test_the_latest_version_comes_first_with_its_files(
    client: Client, arena_var: Path
) -> None:
    make_dump("2031-04-01-1", folder=arena_var)
    make_dump("2031-05-01-1", folder=arena_var)

    text = page(client)

    latest, _, versions = text.partition("Versions</h2>")
    assert "Version 2031-05-01-1" in latest
    assert "12\u202f345 votes" in latest
    assert f'class="btn primary" href="/data/2031-05-01-1/{VOTES}"' in latest
    assert hashlib.sha256(b"0123456789").hexdigest() in latest
    assert versions.index("2031-05-01-1") < versions.index("2031-04-01-1")


def test_the_commands_name_this_arena_and_this_version(
    client: Client, arena_var: Path
) -> None:
    make_dump(folder=arena_var)

    text = page(client)

    here = "http://testserver/data/2031-05-01-1"
    assert f"curl -C - --create-dirs -o arena/{VOTES} {here}/{VOTES}\n" in text
    assert f"curl -C - --create-dirs -o arena/README.md {here}/README.md\n" in text
    assert "author = {{The volunteers of this arena}}," in text


@pytest.mark.parametrize(
    ("days", "expected"), [(0, "without a waiting time"), (30, "30 days after")]
)
def test_the_hold_before_publication_is_told(
    client: Client, settings: Settings, days: int, expected: str
) -> None:
    settings.ARENA_DUMP_HOLD_DAYS = days

    assert expected in page(client)


def test_a_withdrawn_version_is_named_with_its_reason_and_gone(
    client: Client, arena_var: Path
) -> None:
    make_dump(folder=arena_var, state="withdrawn", note="It held a telephone number.")

    assert "It held a telephone number." in page(client)
    assert client.get(f"/data/2031-05-01-1/{VOTES}").status_code == 404


def test_a_file_is_downloaded_whole(client: Client, arena_var: Path) -> None:
    make_dump(folder=arena_var)

    response = client.get(f"/data/2031-05-01-1/{VOTES}")

    assert response.status_code == 200
    assert body(response) == b"0123456789"
    assert response.headers["Content-Length"] == "10"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.headers["Content-Type"] == "application/vnd.apache.parquet"
    assert 'filename="votes.parquet"' in response.headers["Content-Disposition"]


def test_the_address_to_cite_is_this_page(client: Client) -> None:
    cited = page(client).partition("  url    = {")[2].partition("}")[0]

    assert client.get(cited).status_code == 200
    assert cited == "http://testserver/data"


@pytest.mark.parametrize(
    ("asked", "status", "expected", "told"),
    [
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=0-0", 206, b"0", "bytes 0-0/10"),
        ("bytes=2-5", 206, b"2345", "bytes 2-5/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=0-", 200, b"0123456789", None),
        ("bytes=-99", 200, b"0123456789", None),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=5-2", 416, b"", "bytes */10"),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("lines=0-1", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        (f"bytes={'9' * 18}-", 416, b"", "bytes */10"),
        (f"bytes={'9' * 5000}-", 200, b"0123456789", None),
        (f"bytes=-{'9' * 5000}", 200, b"0123456789", None),
    ],
)
def test_a_broken_download_goes_on(
    client: Client,
    arena_var: Path,
    asked: str,
    status: int,
    expected: bytes,
    told: str | None,
) -> None:
    make_dump(folder=arena_var)

    response = client.get(f"/data/2031-05-01-1/{VOTES}", headers={"Range": asked})

    assert response.status_code == status
    assert response.headers.get("Content-Range") == told
    got = body(response) if response.streaming else response.content
    assert got == expected


def test_a_part_of_another_version_of_the_file_is_not_continued(
    client: Client, arena_var: Path
) -> None:
    make_dump(folder=arena_var)
    headers = {"Range": "bytes=4-", "If-Range": '"something else"'}

    response = client.get(f"/data/2031-05-01-1/{VOTES}", headers=headers)

    assert (response.status_code, body(response)) == (200, b"0123456789")


def test_an_unchanged_file_is_not_sent_again(client: Client, arena_var: Path) -> None:
    make_dump(folder=arena_var)
    address = f"/data/2031-05-01-1/{VOTES}"
    etag = client.get(address).headers["ETag"]

    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_head_tells_the_length_and_reads_nothing(arena_var: Path) -> None:
    make_dump(folder=arena_var)

    # Not by the client, which drops what is sent after the headers.
    request = RequestFactory().head("/")
    response = download(request, "2031-05-01-1", VOTES)

    assert response.headers["Content-Length"] == "10"
    assert body(response) == b""


@pytest.mark.parametrize(
    "name",
    [
        "secrets.env",
        "../secrets.env",
        "data/../README.md",
        "data",
        "",
        "%2e%2e/secrets.env",
    ],
)
def test_only_listed_files_are_given_out(
    client: Client, arena_var: Path, name: str
) -> None:
    make_dump(folder=arena_var)
    (arena_var / "dumps" / "secrets.env").write_text("KEY=1")
    (arena_var / "dumps" / "2031-05-01-1" / "secrets.env").write_text("KEY=1")

    assert client.get(f"/data/2031-05-01-1/{name}").status_code == 404


def test_even_a_listed_name_does_not_lead_out_of_the_folder(
    client: Client, arena_var: Path
) -> None:
    make_dump(folder=arena_var, names=("../secrets.env",))
    (arena_var / "secrets.env").write_text("KEY=1")

    assert client.get("/data/2031-05-01-1/../secrets.env").status_code == 404


def test_a_file_that_is_lost_is_not_found(client: Client, arena_var: Path) -> None:
    make_dump(folder=arena_var)
    (arena_var / "dumps" / "2031-05-01-1" / VOTES).unlink()

    assert client.get(f"/data/2031-05-01-1/{VOTES}").status_code == 404


def test_an_asgi_server_gets_a_large_file_in_pieces(arena_var: Path) -> None:
    contents = bytes(range(256)) * (CHUNK * 5 // 512)
    make_dump(folder=arena_var, contents=contents)

    async def pieces() -> list[bytes]:
        response = await AsyncClient().get(f"/data/2031-05-01-1/{VOTES}")
        assert isinstance(response.streaming_content, AsyncIterator)
        return [piece async for piece in response.streaming_content]

    # Not asyncio.run: the view must share this test's thread and its transaction.
    got = async_to_sync(pieces)()
    assert [len(piece) for piece in got] == [CHUNK, CHUNK, CHUNK // 2]
    assert b"".join(got) == contents


def test_the_number_of_queries_does_not_grow_with_the_versions(
    client: Client, arena_var: Path
) -> None:
    counts = []
    for month in range(1, 13):
        make_dump(f"2031-{month:02}-01-1", folder=arena_var)
        with CaptureQueriesContext(connection) as captured:
            page(client)
        counts.append(len(captured))

    assert set(counts) == {2}
