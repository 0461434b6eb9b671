"""What goes wrong at model servers, over real connections, in both protocols."""

import time
from typing import Any

import pytest

from evaluations.providers.base import Provider, ProviderError, Timeouts
from tests.fakes.model_server import ModelServer
from tests.providers.conftest import Ask

TEXT = "Ångström measured the sun’s lines — naïvely? 日本語 too 🌍."


@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"crlf": True},
        {"split": 1},
        {"split": 3, "crlf": True},
        {"no_done": True},
        {"usage": "with_finish"},
        {"usage": "first"},
        {"usage": "none"},
        {"null_content": True},
        {"content_type": "text/plain"},
        {"first_token_seconds": 0.2, "pings": 0.02},
    ],
    ids=str,
)
def test_every_known_shape_of_a_whole_stream_gives_the_same_text(
    ask: Ask, provider: Provider, shape: dict[str, Any]
) -> None:
    pieces: list[str] = []

    completion = ask(provider, on_text=pieces.append, text=TEXT, **shape)

    assert completion.text == "".join(pieces) == TEXT
    assert completion.finish_reason == "stop"
    assert completion.served_model.startswith("model")
    assert 0 <= completion.first_token_ms <= completion.total_ms


def test_token_counts_are_taken_where_they_come(ask: Ask, provider: Provider) -> None:
    completion = ask(provider, tokens=9)

    assert (completion.prompt_tokens, completion.completion_tokens) == (7, 9)


def test_token_counts_in_groq_s_wrapping_are_found(
    ask: Ask, openai: Provider, server: ModelServer
) -> None:
    usage = '"x_groq": {"usage": {"prompt_tokens": 3, "completion_tokens": 4}}'
    choice = '{"delta": {"content": "Yes."}, "finish_reason": "stop"}'
    server.behave("model", body=f'data: {{"choices": [{choice}], {usage}}}')

    completion = ask(openai)

    assert (completion.prompt_tokens, completion.completion_tokens) == (3, 4)


def test_missing_token_counts_stay_unknown(ask: Ask, openai: Provider) -> None:
    completion = ask(openai, usage="none")

    assert completion.prompt_tokens is None
    assert completion.completion_tokens is None


def test_the_served_model_is_stored_and_not_the_asked_one(
    ask: Ask, provider: Provider
) -> None:
    completion = ask(provider, served_model="another-model-2")

    assert completion.served_model == "another-model-2"


def test_an_answer_at_its_token_limit_is_whole(ask: Ask, provider: Provider) -> None:
    limit = "max_tokens" if "Anthropic" in type(provider).__name__ else "length"

    completion = ask(provider, text=TEXT, finish=limit)

    assert (completion.text, completion.finish_reason) == (TEXT, "length")


def test_a_line_left_open_after_the_finish_reason_costs_only_a_short_wait(
    ask: Ask, openai: Provider, server: ModelServer
) -> None:
    before = time.monotonic()

    completion = ask(
        openai,
        timeouts=Timeouts(between_tokens=30, total=60),
        text=TEXT,
        no_done=True,
        hold_open=True,
    )

    assert completion.text == TEXT
    assert time.monotonic() - before < 4
    server.wait_until_idle()


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"disconnect_after": 3}, "transport"),
        ({"truncate_after": 3}, "truncated"),
        ({"truncate_after": 0}, "truncated"),
        ({"malformed_after": 3}, "malformed"),
        ({"error_after": 3, "code": "overloaded_error"}, "http"),
        ({"finish": "content_filter"}, "truncated"),
        ({"finish": "refusal"}, "truncated"),
        ({"finish": "tool_use"}, "truncated"),
        ({"text": " \n "}, "empty"),
        ({"text": "x" * 5_000}, "too_long"),
        ({"content_type": "text/html"}, "malformed"),
        ({"content_type": "application/json"}, "malformed"),
        ({"body": "<h1>Hi</h1>"}, "truncated"),
        ({"content_encoding": "gzip"}, "malformed"),
    ],
    ids=str,
)
def test_a_broken_stream_is_a_failure_asked_for_once(
    ask: Ask,
    provider: Provider,
    server: ModelServer,
    fault: dict[str, Any],
    kind: str,
) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(provider, max_bytes=4_000, **fault)

    assert caught.value.kind == kind
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("error", "status", "permanent"),
    [
        ({"code": "502"}, 502, False),
        ({"code": "rate_limit_exceeded"}, 429, False),
        ({"code": "insufficient_quota"}, 429, True),
        ({"code": "authentication_error"}, 401, True),
        ({"bare_error": True}, None, False),
        ({"code": "something_new"}, None, False),
    ],
    ids=str,
)
def test_an_error_inside_a_stream_is_read_by_its_code(
    ask: Ask,
    provider: Provider,
    error: dict[str, Any],
    status: int | None,
    permanent: bool,
) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(provider, error_after=2, message="Sorry, busy.", **error)

    assert (caught.value.kind, caught.value.status) == ("http", status)
    assert caught.value.permanent is permanent
    assert "Sorry, busy." in caught.value.message


def test_an_error_object_in_place_of_a_stream_is_read_too(
    ask: Ask, provider: Provider
) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(
            provider,
            content_type="application/json",
            body='{"error": {"message": "No such model.", "code": "model_not_found"}}',
        )

    assert (caught.value.status, caught.value.permanent) == (404, True)
    assert "No such model." in caught.value.message


@pytest.mark.parametrize("kind", ["reasoning_content", "reasoning", "tag", "parts"])
def test_reasoning_is_kept_apart_from_the_answer(
    ask: Ask, provider: Provider, kind: str
) -> None:
    shown: list[str] = []

    completion = ask(provider, text=TEXT, reasoning=kind, on_text=shown.append)

    assert completion.text == "".join(shown) == TEXT
    assert completion.reasoning == "Let me think: two and two."


def test_an_answer_that_is_reasoning_alone_is_empty(ask: Ask, openai: Provider) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(openai, text=" ", reasoning="reasoning_content", finish="length")

    assert caught.value.kind == "empty"
    assert "raise max_tokens" in caught.value.message


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("the request exceeds the available context size", "exceed_context_size_error"),
        ("This model's maximum context length is 4096 tokens.", ""),
        ("prompt is too long: 210000 tokens > 200000 maximum", "invalid_request_error"),
        ("Too much.", "context_length_exceeded"),
    ],
)
def test_a_conversation_beyond_the_context_is_named_so(
    ask: Ask, provider: Provider, server: ModelServer, message: str, code: str
) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(provider, status=400, message=message, code=code)

    assert caught.value.permanent
    assert "longer than this model's context" in caught.value.message
    assert len(server.calls) == 1


def test_a_provider_s_error_is_quoted_in_one_short_line(
    ask: Ask, openai: Provider
) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(openai, status=400, message="line one\nline two\x1b[31m " + "x " * 900)

    assert "line one line two" in caught.value.message
    assert "\x1b" not in caught.value.message
    assert len(caught.value.message) < 400


@pytest.mark.parametrize("flood", ["line", "text", "reasoning", "comments", "body"])
def test_a_reply_without_end_is_broken_off(
    ask: Ask, provider: Provider, server: ModelServer, flood: str
) -> None:
    with pytest.raises(ProviderError) as caught:
        ask(provider, flood=flood, max_bytes=4_000)

    assert caught.value.kind == "too_long"
    server.wait_until_idle()
    [call] = server.calls
    assert call.outcome == "client_left"


def test_signs_that_no_database_can_hold_are_replaced(
    ask: Ask, openai: Provider, server: ModelServer
) -> None:
    chunks = [r"one \u0000 two ", r"\ud83d", r"\ude00", r" three \udc00", r"\ud83d"]
    lines = [
        f'data: {{"choices": [{{"delta": {{"content": "{c}"}}}}]}}' for c in chunks
    ]
    end = r'{"choices": [{"finish_reason": "s\u0000p"}], "model": "m\u0000"}'
    lines.append(f"data: {end}")
    server.behave("model", body="\n\n".join(lines))

    completion = ask(openai)

    assert completion.text == "one � two 😀 three ��"
    assert (completion.finish_reason, completion.served_model) == ("s�p", "m�")


@pytest.mark.parametrize(
    "chunk",
    [
        '{"choices": null}',
        '{"choices": [null]}',
        '{"choices": [{"delta": null, "finish_reason": null}]}',
        '{"choices": [{"delta": {"content": 5}, "finish_reason": 5}], "model": 5}',
        '{"choices": {"0": 1}, "usage": [1]}',
        '{"choices": [{"delta": {"content": [1, {"type": "thinking"}]}}]}',
        '{"type": "content_block_delta", "delta": 3}',
        '{"type": "message_start", "message": [], "usage": {"output_tokens": "x"}}',
    ],
)
def test_odd_chunks_do_no_harm(
    ask: Ask, provider: Provider, server: ModelServer, chunk: str
) -> None:
    server.behave("model", body=f"data: {chunk}\n\n")

    with pytest.raises(ProviderError) as caught:
        ask(provider)

    assert caught.value.kind == "truncated"


@pytest.mark.parametrize("chunk", ["5", "null", "[]", "{", "[" * 100_000, "\\ud800"])
def test_a_chunk_that_is_no_object_is_malformed(
    ask: Ask, provider: Provider, server: ModelServer, chunk: str
) -> None:
    server.behave("model", body=f"data: {chunk}\n\n")

    with pytest.raises(ProviderError) as caught:
        ask(provider)

    assert caught.value.kind == "malformed"


def test_the_error_field_of_older_llama_cpp_servers_is_read(
    ask: Ask, openai: Provider, server: ModelServer
) -> None:
    server.behave("model", body='error: {"code": 400, "message": "bad grammar"}\n\n')

    with pytest.raises(ProviderError) as caught:
        ask(openai)

    assert (caught.value.kind, caught.value.status) == ("http", 400)
    assert "bad grammar" in caught.value.message
