"""Embeddings of texts, as servers give them that speak like OpenAI's."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import numpy as np
from numpy.typing import NDArray

from evaluations.providers.base import Key, ProviderError, Timeouts, never
from evaluations.providers.failures import refusal
from evaluations.providers.http import Call, endpoint, open_reply, read_up_to
from evaluations.providers.watch import Watch

Vectors = NDArray[np.float32]

# Sixteen vectors of 4096 numbers, twenty characters each, and room to spare.
MAX_BYTES: Final = 4_000_000
AT_ONCE: Final = 16
SECONDS: Final = 60.0


@dataclass(frozen=True)
class EmbeddingServer:
    base_url: str
    model: str
    key: Key


def embed(
    texts: Sequence[str], server: EmbeddingServer, *, client: httpx2.Client
) -> Vectors:
    """Vectors of length one, a row a text; at most AT_ONCE texts.

    Raises ProviderError where the server gives no such numbers.
    """
    call = Call(
        method="POST",
        url=endpoint(server.base_url, "/embeddings"),
        content=json.dumps({"model": server.model, "input": list(texts)}).encode(),
        headers={"Content-Type": "application/json"},
        key=server.key,
    )
    watch = Watch(Timeouts(first_token=SECONDS, total=SECONDS), never)
    with open_reply(client, call, watch) as reply:
        if reply.status_code != 200:
            raise refusal(reply, call.key)
        body = b"".join(read_up_to(reply, MAX_BYTES))
    return _vectors(body, len(texts))


def _vectors(body: bytes, number: int) -> Vectors:
    """Read them in the order of their indices; anything odd spoils the whole."""
    try:
        rows: Any = json.loads(body)["data"]
        ordered = sorted(rows, key=lambda row: row["index"])
        given = np.array([row["embedding"] for row in ordered], dtype=np.float64)
    except (ValueError, RecursionError, KeyError, TypeError):
        raise _malformed() from None
    if given.ndim != 2 or len(given) != number or not np.isfinite(given).all():
        raise _malformed()
    length = np.linalg.norm(given, axis=1, keepdims=True)
    if not (length > 0).all():
        raise _malformed()
    vectors: Vectors = (given / length).astype(np.float32)
    return vectors


def _malformed() -> ProviderError:
    return ProviderError("malformed", "The server sent no list of embeddings.")
