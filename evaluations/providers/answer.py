"""The answer of one attempt as it grows."""

from typing import Any

from evaluations.providers.base import (
    Completion,
    OnText,
    ProviderError,
    Request,
)
from evaluations.providers.reasoning import ThinkSplitter
from evaluations.providers.watch import Watch

# Thinking is kept apart and shown to nobody before the vote; more than this is a loop.
REASONING_PER_BYTE = 16

# A server may claim any number; a database column holds this much.
MAX_TOKENS_COUNTED = 2**31

# Reasons by which a provider says that it did not finish.
_UNFINISHED = {
    "content_filter": "The provider's filter stopped the answer.",
    "refusal": "The provider's filter stopped the answer.",
    "error": "The provider broke the answer off with an error.",
    "tool_calls": "The model asked for a tool instead of answering.",
    "tool_use": "The model asked for a tool instead of answering.",
    "function_call": "The model asked for a tool instead of answering.",
    "pause_turn": "The model paused instead of answering.",
}
_SAME_AS = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
}


def storable(text: str) -> str:
    """Replace what no database text can hold: NUL and halves of UTF-16 pairs."""
    text = text.replace("\0", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < MAX_TOKENS_COUNTED


class GrowingAnswer:
    def __init__(self, request: Request, watch: Watch, on_text: OnText | None) -> None:
        self._watch = watch
        self._on_text = on_text
        self._texts: list[str] = []
        self._thoughts: list[str] = []
        self._text_room = request.max_bytes
        self._thought_room = request.max_bytes * REASONING_PER_BYTE
        self._splitter = ThinkSplitter()
        self._half_sign = ""
        self.finish_reason = ""
        self.served_model = ""
        self.prompt_tokens: int | None = None
        self.completion_tokens: int | None = None

    @property
    def begun(self) -> bool:
        return self._watch.first_token_at is not None

    def add_text(self, piece: object) -> None:
        """Take a piece of text; providers send null and empty ones too."""
        if isinstance(piece, str) and piece:
            self._watch.token()
            self._add(*self._splitter.feed(self._whole_signs(piece)))

    def add_reasoning(self, piece: object) -> None:
        if isinstance(piece, str) and piece:
            self._watch.token()
            self._add(storable(piece), "")

    def name_model(self, name: object) -> None:
        if isinstance(name, str) and name and not self.served_model:
            self.served_model = storable(name)[:200]

    def count(self, *, prompt: Any = None, completion: Any = None) -> None:
        """Take token counts wherever they come; the last ones stand."""
        if _is_count(prompt):
            self.prompt_tokens = prompt
        if _is_count(completion):
            self.completion_tokens = completion

    def finish(self, reason: object) -> None:
        if isinstance(reason, str) and reason and not self.finish_reason:
            self.finish_reason = storable(_SAME_AS.get(reason, reason))[:40]
            self._watch.settle()

    def completion(self) -> Completion:
        """Return the whole answer; half an answer is a failure."""
        self._add(*self._splitter.feed(storable(self._half_sign)))
        self._add(*self._splitter.rest())
        text, finish_reason = "".join(self._texts), self.finish_reason
        if not finish_reason:
            raise ProviderError(
                "truncated",
                "The stream ended without a finish reason: the answer is cut.",
                begun=self.begun,
            )
        if finish_reason in _UNFINISHED:
            raise ProviderError(
                "truncated",
                _UNFINISHED[finish_reason],
                permanent=finish_reason != "error",
                begun=True,
            )
        if not text.strip():
            raise ProviderError("empty", self._why_empty(), begun=True)
        return Completion(
            text=text,
            reasoning="".join(self._thoughts),
            finish_reason=finish_reason,
            served_model=self.served_model,
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.completion_tokens,
            first_token_ms=self._watch.elapsed_ms(self._watch.first_token_at),
            total_ms=self._watch.elapsed_ms(),
        )

    def _whole_signs(self, piece: str) -> str:
        """Join a sign whose two UTF-16 halves came in two pieces."""
        piece = self._half_sign + piece
        self._half_sign = piece[-1] if "\ud800" <= piece[-1] <= "\udbff" else ""
        return storable(piece[:-1] if self._half_sign else piece)

    def _add(self, thought: str, text: str) -> None:
        if thought:
            self._thought_room -= len(thought.encode())
            self._thoughts.append(thought)
        if text:
            self._text_room -= len(text.encode())
            self._texts.append(text)
        if self._text_room < 0 or self._thought_room < 0:
            raise ProviderError(
                "too_long", "The answer is longer than the arena takes.", begun=True
            )
        if text and self._on_text:
            self._on_text(text)

    def _why_empty(self) -> str:
        if self._thoughts and self.finish_reason == "length":
            return "All tokens went into reasoning; raise max_tokens."
        return "The model finished without any text."
