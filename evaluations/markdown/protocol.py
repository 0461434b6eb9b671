"""What parent and child say to each other, as bytes over their pipe."""

import json
from dataclasses import dataclass, field

READY = b"ready"
RENDERED = b"+"
REFUSED = b"-"

WHOLE = b"w"
GROWING = b"g"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What earlier blocks mean for later ones."""

    headings: tuple[int, ...] = ()
    addresses: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A growing text's HTML, and how much of the source the final part covers."""

    length: int
    final: str
    tail: str
    context: Context
    # The processor's time it took, so that dear texts are drawn less often.
    seconds: float = 0.0


def whole_request(text: str) -> bytes:
    return WHOLE + text.encode("utf-8", "replace")


def growing_request(text: str, context: Context) -> bytes:
    head = json.dumps([context.headings, context.addresses])
    return GROWING + f"{head}\n{text}".encode()


def read_growing_request(request: bytes) -> tuple[str, Context]:
    head, _, text = request.decode().partition("\n")
    return text, _context(*json.loads(head))


def growth_reply(growth: Growth) -> bytes:
    context = growth.context
    sizes = [growth.length, len(growth.final), growth.seconds]
    head = json.dumps([*sizes, context.headings, context.addresses])
    return f"{head}\n{growth.final}{growth.tail}".encode()


def read_growth(reply: bytes) -> Growth:
    head, _, html = reply.decode().partition("\n")
    length, final, seconds, headings, addresses = json.loads(head)
    return Growth(
        length=length,
        final=html[:final],
        tail=html[final:],
        seconds=seconds,
        context=_context(headings, addresses),
    )


def _context(headings: list[int], addresses: dict[str, str]) -> Context:
    return Context(headings=tuple(headings), addresses=addresses)
