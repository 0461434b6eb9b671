"""How the fake model server answers one model, and what goes wrong."""

import dataclasses
import random
from typing import Any
from urllib.parse import parse_qsl, urlencode

WORDS = [
    *("water", "light", "number", "answer", "reason", "example", "value", "case"),
    *("city", "river", "music", "history", "question", "the", "of", "and", "to"),
    *("small", "large", "first", "second", "often", "rarely", "clear", "simple"),
    *("is", "as", "for", "with", "on", "by", "this", "that", "from", "each", "more"),
]


@dataclasses.dataclass(frozen=True)
class Behaviour:
    """Every field is settable by keyword, by `POST /_control` or in a model's name."""

    # The answer
    text: str = ""  # empty: words drawn from the model and the messages
    varied: bool = False  # other words each time it is asked
    tokens: int = 24
    tokens_up_to: int = 0  # the number is drawn anew for each text, up to this
    rate: float = 0.0  # tokens a second; 0 is as fast as the socket takes them
    jitter: float = 0.0  # the share by which the time between tokens varies
    pauses: float = 0.0  # seconds by which one token in 25 is late
    first_token_seconds: float = 0.0
    held: bool = False  # nothing is sent before the server is told to let go
    finish: str = "stop"
    served_model: str = ""
    completion_id: str = ""
    header: str = ""  # a line of the response's head
    # "", "reasoning_content", "reasoning", "tag" or "parts"; Anthropic: any of them
    reasoning: str = ""
    thought: str = ""  # what is reasoned; empty: a few words
    usage: str = "own_chunk"  # or "with_finish", "first", "none"
    null_content: bool = False
    # Refusals before the stream
    status: int = 200
    times: int = 0  # how many requests are refused; 0 is every one
    retry_after: str = ""  # seconds, or "date:5" for an HTTP date in five seconds
    message: str = "The fake server was told to refuse."
    code: str = ""  # an error code; digits alone are sent as a number
    bare_error: bool = False  # the error is a string, not an object
    echo_key: bool = False  # the refusal quotes the key, as some providers do
    redirect: str = ""  # the Location sent along; the status says the kind
    drop: bool = False  # close the connection without a byte
    # Faults after so many tokens; -1 is never
    disconnect_after: int = -1
    truncate_after: int = -1
    malformed_after: int = -1
    stall_after: int = -1
    error_after: int = -1
    # The shape of the bytes
    content_type: str = "text/event-stream"
    content_encoding: str = ""
    set_cookie: str = ""
    body: str = ""  # sent in place of a stream
    crlf: bool = False
    no_done: bool = False
    hold_open: bool = False  # the connection stays open after the last frame
    split: int = 0  # bytes a write
    drip: float = 0.0  # bytes a second
    pings: float = 0.0  # seconds between pings while nothing else is sent
    flood: str = ""  # "line", "text", "reasoning", "comments" or "body", without end
    flood_bytes: int = 0  # the flood ends after so many bytes; 0 is never


def behaviour_from(fields: dict[str, Any]) -> Behaviour:
    """Read a behaviour from text or JSON values; an unknown field is an error."""
    plain = dataclasses.asdict(Behaviour())
    values: dict[str, Any] = {}
    for name, value in fields.items():
        kind = type(plain[name])
        values[name] = str(value) in {"1", "True"} if kind is bool else kind(value)
    return Behaviour(**values)


def name_with(model: str, **fields: object) -> str:
    """Return a model name that carries its behaviour: `quick?status=429&times=2`."""
    return f"{model}?{urlencode(fields)}"


def behaviour_in(model: str) -> Behaviour | None:
    _, question_mark, query = model.partition("?")
    return behaviour_from(dict(parse_qsl(query))) if question_mark else None


def pieces_of(behaviour: Behaviour, *, seed: str) -> list[str]:
    """Cut the answer into tokens; one seed gives one answer."""
    if behaviour.text:
        text = behaviour.text
        return [text[at : at + 4] for at in range(0, len(text), 4)]
    draw = random.Random(seed)
    number = behaviour.tokens
    if behaviour.tokens_up_to:
        number = draw.randint(behaviour.tokens, behaviour.tokens_up_to)
    return [f"{draw.choice(WORDS)} " for _ in range(number)]
