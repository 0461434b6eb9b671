"""A model server that plays a judge with a known bias, and with faults of all kinds."""

import random
from collections import Counter

from tests.fakes.behaviour import Behaviour
from tests.fakes.journal import Call
from tests.fakes.model_server import ModelServer

UNREADABLE = (
    "I find both answers remarkable in their own way.",
    "[[A]] is what I would say, were I asked.",
    "It might be [[A]].\nOn reflection:\n[[B]]",
    "The first.\n[[C]]",
)
# The share of calls, and how they go wrong.
FAULTS = (
    (0.03, Behaviour(status=500)),
    (0.03, Behaviour(text="The first one is", truncate_after=2)),
    (0.06, Behaviour(text="unreadable")),
)


class BiasedJudge(ModelServer):
    """Prefer the answer shown first with the probability `first`, whatever it says.

    How a call fares is drawn from what is asked alone: asked again it fares the same,
    unless the judge has been healed of its faults. Over 400 seeds the interval from 40
    battles holds the truth 379 times; the seed here is one of those.
    """

    def __init__(self, *, first: float, seed: int = 2) -> None:
        super().__init__()
        self._first, self._seed = first, seed
        self.healed = False

    def said_to(self, digest: str) -> Behaviour:
        draw = random.Random(f"{self._seed} {digest}")
        fault, verdict, wording = draw.random(), draw.random(), draw.choice(UNREADABLE)
        for share, behaviour in FAULTS:
            if fault < share and not self.healed:
                is_unreadable = behaviour.text == "unreadable"
                return Behaviour(text=wording) if is_unreadable else behaviour
            fault -= share
        mark = "A" if verdict < self._first else "B"
        return Behaviour(text=f"It came to me in that place.\n[[{mark}]]")

    def _behaviour(self, call: Call) -> tuple[tuple[str, str], Behaviour]:
        return (call.digest, ""), self.said_to(call.digest)

    @property
    def asked(self) -> Counter[str]:
        """How often each question has come."""
        return Counter(call.digest for call in self.calls)

    @property
    def answered(self) -> Counter[str]:
        """How often each question was answered in full, as a provider bills it."""
        whole = (c for c in self.calls if (c.status, c.outcome) == (200, "finished"))
        return Counter(call.digest for call in whole)
