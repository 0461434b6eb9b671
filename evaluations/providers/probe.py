"""Ask a server which models it has, and nothing else."""

import json
from typing import Any

import httpx2

from evaluations.providers.base import Key, ProviderError, Timeouts, never
from evaluations.providers.failures import refusal
from evaluations.providers.http import Call, endpoint, open_reply, read_body
from evaluations.providers.watch import Watch

MAX_MODELS = 1000


def list_models(
    base_url: str,
    *,
    client: httpx2.Client,
    key: Key | None = None,
    seconds: float = 0.5,
) -> list[str]:
    """Return the model ids of `GET /v1/models`; raise ProviderError for all else."""
    call = Call(
        method="GET",
        url=endpoint(base_url, "/models"),
        key=key or Key(),
    )
    watch = Watch(Timeouts(connect=seconds, total=seconds), never)
    with open_reply(client, call, watch) as reply:
        if reply.status_code != 200:
            raise refusal(reply, call.key)
        return _model_ids(read_body(reply))


def _model_ids(body: bytes) -> list[str]:
    """Read an OpenAI list; one odd row makes the whole something else."""
    try:
        payload: Any = json.loads(body)
        rows = payload["data"]
        ids = [row["id"] for row in rows]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise _no_list() from None
    if not isinstance(rows, list) or not all(map(_is_name, ids)):
        raise _no_list()
    return ids[:MAX_MODELS]


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 200 and value.isprintable()


def _no_list() -> ProviderError:
    return ProviderError("malformed", "The server sent no list of models.")
