"""Model servers on this machine, offered to the admins as drafts."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import httpx2
from django.db import transaction
from django.utils.text import slugify

from evaluations.models import Contestant, ContestantChange
from evaluations.providers.base import ProviderError
from evaluations.providers.http import make_client
from evaluations.providers.probe import list_models
from evaluations.simulated import simulation

HOST = "127.0.0.1"
SECONDS = 0.5


@dataclass(frozen=True)
class Server:
    name: str
    port: int

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self.port}/v1"


USUAL_SERVERS = (
    Server("Ollama", 11434),
    Server("LM Studio", 1234),
    Server("llama.cpp", 8080),
    Server("vLLM", 8000),
)


def find_local_models(
    *, own_port: int, servers: Iterable[Server] = USUAL_SERVERS
) -> list[Contestant]:
    """Ask the usual local ports for a list of models; return the new drafts.

    Nothing but the request for that list is sent, and never to the arena itself. A
    simulation gets no drafts.
    """
    if simulation():
        return []
    drafts = []
    with make_client(allow_local=True, connections=4) as client:
        for server in servers:
            if server.port != own_port:
                models = _models_of(server, client)
                drafts += [draft for m in models if (draft := _draft(server, m))]
    return drafts


def _models_of(server: Server, client: httpx2.Client) -> list[str]:
    try:
        return list_models(server.base_url, client=client, seconds=SECONDS)
    except ProviderError:
        # No server there, or something that is none.
        return []


def _draft(server: Server, model: str) -> Contestant | None:
    """Enter a model once; what an admin made of it later stays as it is."""
    known = Contestant.objects.filter(base_url=server.base_url, api_model=model)
    if known.exists():
        return None
    with transaction.atomic():
        draft, made = Contestant.objects.get_or_create(
            slug=_free("slug", slugify(f"{model}-{server.name}"), model, longest=80),
            defaults={
                "name": _free("name", f"{model} ({server.name})", model, longest=120),
                "maker": "unknown",
                "provider": Contestant.Provider.OPENAI,
                "base_url": server.base_url,
                "api_model": model,
                "concurrency": 1,
                "description": f"Found on this machine, served by {server.name}.",
            },
        )
        if not made:
            return None
        ContestantChange.objects.create(
            contestant=draft, to_state=draft.state, note="found on this machine"
        )
    return draft


def _free(field: str, wanted: str, model: str, *, longest: int) -> str:
    """Return what is wanted, or where another model has it, that and a mark."""
    cut = wanted[:longest]
    if not Contestant.objects.filter(**{field: cut}).exists():
        return cut
    mark = f"-{hashlib.sha256(model.encode()).hexdigest()[:8]}"
    return wanted[: longest - len(mark)] + mark
