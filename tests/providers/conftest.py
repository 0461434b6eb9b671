from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from evaluations.providers.anthropic_messages import AnthropicMessages
from evaluations.providers.base import (
    Completion,
    Connection,
    Key,
    Provider,
    Request,
    Timeouts,
)
from evaluations.providers.http import make_client
from evaluations.providers.openai_chat import OpenAIChat
from evaluations.providers.retry import RetryPolicy
from tests.fakes.behaviour import name_with
from tests.fakes.model_server import ModelServer

QUICK = RetryPolicy(base_seconds=0.01)
SHORT = Timeouts(connect=1, first_token=2, between_tokens=2, total=5)
QUESTION = [{"role": "user", "content": "Why is the sky blue?"}]

Ask = Callable[..., Completion]


@pytest.fixture(scope="session")
def client() -> Iterator[httpx2.Client]:
    with make_client(allow_local=True) as client:
        yield client


@pytest.fixture(scope="session")
def running_server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def server(running_server: ModelServer) -> Iterator[ModelServer]:
    yield running_server
    running_server.forget()


@pytest.fixture(params=["openai", "anthropic"])
def provider(request: pytest.FixtureRequest) -> Provider:
    if request.param == "anthropic":
        return AnthropicMessages(retry=QUICK)
    return OpenAIChat(retry=QUICK)


@pytest.fixture
def openai() -> Provider:
    return OpenAIChat(retry=QUICK)


@pytest.fixture
def ask(client: httpx2.Client, server: ModelServer) -> Ask:
    """Ask a model of the fake server that behaves as the further keywords say."""

    def ask(
        provider: Provider,
        *,
        timeouts: Timeouts = SHORT,
        parameters: dict[str, Any] | None = None,
        max_bytes: int = 64_000,
        key: str = "",
        on_text: Callable[[str], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        **behaviour: Any,
    ) -> Completion:
        connection = Connection(
            base_url=f"{server.url}/v1",
            api_model=name_with("model", **behaviour) if behaviour else "model",
            key=Key(key),
        )
        request = Request(QUESTION, parameters or {}, timeouts, max_bytes)
        return provider.stream(
            connection, request, client=client, on_text=on_text, cancelled=cancelled
        )

    return ask
