"""Pairs of which one model server breaks in a way of its own."""

import itertools
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from evaluations import live
from evaluations.models import Answer, Battle, Contestant
from evaluations.volunteers import Visitor
from tests.factories import make_contestant, make_visitor
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena
from tests.live_battles.steps import answers, state_of

# Twelve kinds, and what the fake server is told for each.
AT_ONCE: dict[str, dict[str, Any]] = {
    "too many requests": {"status": 429, "retry_after": "60"},
    "server error": {"status": 503},
    "key refused": {"status": 401, "echo_key": True},
    "connection dropped": {"drop": True},
    "a page in place of a stream": {"body": "<p>Hi", "content_type": "text/html"},
    "nothing said": {"tokens": 0},
}
# After so many tokens both have something on the page.
LATE, STALL = 12, "stall"
IN_MID_ANSWER: dict[str, dict[str, Any]] = {
    "broken line": {"disconnect_after": LATE},
    "cut answer": {"truncate_after": LATE},
    "garbage": {"malformed_after": LATE},
    "error in the stream": {"error_after": LATE},
    STALL: {"stall_after": LATE},
}
SILENT: dict[str, dict[str, Any]] = {
    "silence": {"first_token_seconds": 3600},
    "one byte a second": {"drip": 1.0},
}
FAULTS = AT_ONCE | IN_MID_ANSWER | SILENT
TOLD_SECONDS = 30
# The tenth failure in a row would pause the model.
BATTLES_A_PAIR = 9

_numbers = itertools.count(1)


@dataclass
class Trial:
    """A battle whose one model server is broken."""

    kind: str
    visitor: Visitor
    battle: Battle
    faulty: Contestant
    steady: Contestant
    begun_at: float = field(default_factory=time.monotonic)
    told_after: float = 0.0

    @property
    def failing(self) -> str:
        """The letter that its volunteer sees above the broken side."""
        shown_left = self.battle.contestant_x == self.faulty
        return "a" if shown_left == (self.told["left"] == "x") else "b"

    @property
    def may_show(self) -> bool:
        """What breaks before it has begun keeps back the other answer too."""
        return self.kind in IN_MID_ANSWER

    @property
    def told(self) -> dict[str, Any]:
        battle_id = self.battle.public_id
        return live.told(live.snapshot(visitor=self.visitor, battle_id=battle_id))

    @property
    def state(self) -> str:
        return state_of(self.visitor, self.battle.public_id)

    def look(self) -> bool:
        """Note when the page says that an answer failed."""
        sides = self.told["turns"][-1]
        failed = "failed" in (sides["a"]["state"], sides["b"]["state"])
        if failed and not self.told_after:
            self.told_after = time.monotonic() - self.begun_at
        return failed

    def answer_of(self, contestant: Contestant) -> Answer:
        return next(a for a in answers(self.battle) if a.contestant == contestant)

    def retry(self) -> None:
        live.retry(visitor=self.visitor, battle_id=self.battle.public_id)


def players(server: ModelServer, name: str, number: int) -> list[Contestant]:
    first = next(_numbers)
    return [
        make_contestant(
            name=f"Canary {name} {first}.{place}",
            provider="openai",
            base_url=server.url,
            api_model=f"canary-{name}-{first}-{place}".replace(" ", "-"),
            concurrency=500,
            requests_per_minute=60_000,
        )
        for place in range(number)
    ]


def play(contestants: Iterable[Contestant]) -> None:
    """Let these be drawn, and nobody else."""
    active = [contestant.pk for contestant in contestants]
    Contestant.objects.exclude(pk__in=active).update(state="retired")
    Contestant.objects.filter(pk__in=active).update(state="active")


def open_trials(server: ModelServer, kind: str, number: int) -> list[Trial]:
    trials: list[Trial] = []
    while len(trials) < number:
        faulty, steady = players(server, kind, 2)
        server.behave(faulty.api_model, **{"rate": 15, "tokens": 24, **FAULTS[kind]})
        play([faulty, steady])
        for _ in range(min(BATTLES_A_PAIR, number - len(trials))):
            trials.append(open_trial(kind, faulty, steady))
    return trials


def open_trial(kind: str, faulty: Contestant, steady: Contestant) -> Trial:
    visitor = make_visitor()
    battle = live.open_battle(visitor=visitor, text="Why is it so?", publish=False)
    return Trial(kind, visitor, battle, faulty, steady)


def wait_for(
    trials: list[Trial], holds: Callable[[Trial], object], *, seconds: float
) -> None:
    deadline = time.monotonic() + seconds
    while missing := [trial for trial in trials if not holds(trial)]:
        told = [(trial.kind, trial.told) for trial in missing]
        assert time.monotonic() < deadline, told[:3]
        time.sleep(0.2)


def no_traceback(arena: LiveArena) -> None:
    for name in arena.processes:
        log = arena.log(name)
        assert "Traceback" not in log, log[-3000:]
