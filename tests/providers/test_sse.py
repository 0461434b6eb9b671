from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.providers.base import ProviderError
from evaluations.providers.sse import MAX_EVENT_BYTES, Event, read_events

STREAM = (
    ": a comment\n"
    "data: one\n\n"
    "event: delta\ndata:two\ndata: zwei – 二 🌍\nid: 7\nretry: 5\n\n"
    "\n\n"
    ": ping\n\n"
    "data\n\n"
    "data: last"
)
EVENTS = [
    Event("", "one"),
    Event("delta", "two\nzwei – 二 🌍"),
    Event("", ""),
    Event("", "last"),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_events_do_not_depend_on_where_the_bytes_are_cut(newline: str) -> None:
    content = STREAM.replace("\n", newline).encode()
    cuts = [[content[:at], content[at:]] for at in range(len(content))]
    cuts.append([bytes([byte]) for byte in content])

    for pieces in cuts:
        assert list(read_events(pieces)) == EVENTS


@given(
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    places=st.lists(st.integers(0, len(STREAM)), max_size=200),
)
def test_events_do_not_depend_on_how_often_the_bytes_are_cut(
    newline: str, places: list[int]
) -> None:
    content = STREAM.replace("\n", newline).encode()
    cuts = pairwise([0, *sorted(places), len(content)])

    assert list(read_events(content[a:b] for a, b in cuts)) == EVENTS


def test_bytes_that_are_no_text_are_malformed() -> None:
    with pytest.raises(ProviderError) as caught:
        list(read_events([b"data: \xff\xfe\n\n"]))

    assert caught.value.kind == "malformed"


@pytest.mark.parametrize("piece", [b"x" * 1000, b"data: " + b"x" * 1000 + b"\n"])
def test_one_event_cannot_grow_without_end(piece: bytes) -> None:
    given_out = 0

    def endless() -> Iterator[bytes]:
        nonlocal given_out
        while True:
            given_out += len(piece)
            yield piece

    with pytest.raises(ProviderError) as caught:
        list(read_events(endless()))

    assert caught.value.kind == "too_long"
    assert given_out < MAX_EVENT_BYTES * 1.1
