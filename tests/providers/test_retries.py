import time

import httpx2
import pytest

from evaluations.providers.base import (
    Connection,
    Provider,
    ProviderError,
    Request,
    Timeouts,
)
from evaluations.providers.openai_chat import OpenAIChat
from evaluations.providers.retry import RetryPolicy
from tests.fakes.model_server import ModelServer
from tests.providers.conftest import QUESTION, Ask


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 529])
def test_a_passing_refusal_is_asked_again(
    ask: Ask, provider: Provider, server: ModelServer, status: int
) -> None:
    completion = ask(provider, status=status, times=2)

    assert completion.finish_reason == "stop"
    assert [call.status for call in server.calls] == [status, status, 200]
    assert not server.overlapping()


@pytest.mark.parametrize("status", [429, 503])
def test_no_more_than_three_requests_are_made(
    ask: Ask, provider: Provider, server: ModelServer, status: int
) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(provider, status=status)

    assert (caught.value.status, caught.value.permanent) == (status, False)
    assert len(server.calls) == 3


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422])
def test_a_lasting_refusal_is_asked_once(
    ask: Ask, provider: Provider, server: ModelServer, status: int
) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(provider, status=status)

    assert (caught.value.status, caught.value.permanent) == (status, True)
    assert len(server.calls) == 1


def test_an_account_without_credit_is_not_asked_again(
    ask: Ask, provider: Provider, server: ModelServer
) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(provider, status=429, code="insufficient_quota")

    assert caught.value.permanent
    assert len(server.calls) == 1


def test_a_connection_dropped_before_any_byte_is_asked_again(
    ask: Ask, provider: Provider, server: ModelServer
) -> None:
    assert ask(provider, drop=True, times=2).text

    assert len(server.calls) == 3


def test_an_error_in_the_stream_is_asked_again_only_before_the_first_token(
    ask: Ask, provider: Provider, server: ModelServer
) -> None:
    for tokens in (0, 1):
        with pytest.raises(ProviderError):
            ask(provider, error_after=tokens, code="502")

    assert [call.tokens for call in server.calls] == [0, 0, 0, 1]


def test_nothing_is_asked_again_once_reasoning_began(
    ask: Ask, provider: Provider, server: ModelServer
) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(provider, reasoning="reasoning", error_after=0, code="502")

    assert caught.value.begun
    assert len(server.calls) == 1


def test_a_silence_before_the_first_token_is_not_asked_again(
    ask: Ask, provider: Provider, server: ModelServer
) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(
            provider,
            timeouts=Timeouts(first_token=0.15, total=5),
            first_token_seconds=3,
        )

    assert caught.value.kind == "timeout"
    assert len(server.calls) == 1


@pytest.mark.parametrize(("retry_after", "at_least"), [("0.4", 0.4), ("date:2", 0.9)])
def test_a_wait_that_the_server_asks_for_is_kept(
    ask: Ask,
    openai: Provider,
    server: ModelServer,
    retry_after: str,
    at_least: float,
) -> None:
    ask(openai, status=429, times=1, retry_after=retry_after)

    first, second = server.calls
    assert at_least <= second.started_at - first.started_at < at_least + 4


def test_a_server_that_loads_its_model_is_asked_after_a_longer_pause() -> None:
    error = ProviderError("http", "", status=503, retry_after=5.0)

    pause = RetryPolicy().pause_seconds(error, 0)

    assert pause is not None
    assert 5 <= pause <= 6


def test_a_server_that_loads_its_model_is_named_so(ask: Ask, openai: Provider) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(openai, status=503, message="Loading model", timeouts=Timeouts(total=2))

    assert "still loading" in caught.value.message
    assert (caught.value.retry_after, caught.value.permanent) == (5.0, False)


def test_a_model_that_is_loaded_at_last_answers(
    ask: Ask, provider: Provider, server: ModelServer
) -> None:
    assert ask(
        provider, status=503, times=2, message="Loading model", retry_after="0.1"
    ).text

    assert len(server.calls) == 3


@pytest.mark.parametrize("seconds", [20.5, 60])
def test_a_wait_that_the_server_names_may_be_longer_than_our_own(
    seconds: float,
) -> None:
    error = ProviderError("http", "", status=429, retry_after=seconds)

    pause = RetryPolicy().pause_seconds(error, 0)

    assert pause is not None
    assert seconds <= pause <= seconds + 1


@pytest.mark.parametrize("seconds", [60.5, 3600])
def test_a_wait_beyond_a_minute_is_left_to_the_caller(seconds: float) -> None:
    error = ProviderError("http", "", status=429, retry_after=seconds)

    assert RetryPolicy().pause_seconds(error, 0) is None


def test_pauses_are_spread_and_capped() -> None:
    policy = RetryPolicy(retries=9)
    error = ProviderError("http", "", status=500)

    pauses = [policy.pause_seconds(error, made) or 0 for made in [0, 1, 8] * 200]

    assert max(pauses[0::3]) <= 1 < max(pauses[1::3]) <= 2
    assert 15 < max(pauses[2::3]) <= 20
    assert min(pauses) < 0.1


def test_retries_stay_within_the_total_time(
    client: httpx2.Client, server: ModelServer
) -> None:
    server.behave("model", status=503, retry_after="3")
    connection = Connection(server.url, "model")
    request = Request(QUESTION, timeouts=Timeouts(total=1))
    before = time.monotonic()

    with pytest.raises(ProviderError) as caught:
        OpenAIChat().stream(connection, request, client=client)

    assert caught.value.status == 503
    assert time.monotonic() - before < 2
    assert len(server.calls) == 1


def test_who_wants_to_see_a_beginning_soon_is_told_soon(
    ask: Ask, openai: Provider, server: ModelServer
) -> None:
    soon = Timeouts(begin=0.6, total=60)
    for fault in ({"status": 503, "retry_after": "5"}, {"first_token_seconds": 9}):
        before = time.monotonic()

        with pytest.raises(ProviderError):
            ask(openai, timeouts=soon, **fault)

        assert time.monotonic() - before < 3

    slow_but_begun = ask(openai, timeouts=soon, rate=10, tokens=12)
    assert slow_but_begun.finish_reason == "stop"


def test_a_pause_ends_when_the_call_is_cancelled(ask: Ask, openai: Provider) -> None:
    before = time.monotonic()

    with pytest.raises(ProviderError) as caught:
        ask(
            openai,
            timeouts=Timeouts(),
            status=429,
            retry_after="15",
            cancelled=lambda: time.monotonic() - before > 0.3,
        )

    assert caught.value.kind == "cancelled"
    assert time.monotonic() - before < 5
