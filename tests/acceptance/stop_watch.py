"""What a stop-watch beside a live battle reads, and what can be learnt from it.

Two models answer: a fast one and a slow one, with the same law of text lengths. Every
frame's time, size, order, number and kind is turned into figures; a random forest
learns from half of the battles which model was on which side, and tells of the others.
"""

import itertools
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from evaluations.models import Battle, Contestant
from tests.acceptance.asking import Asker, Frame
from tests.acceptance.forest import Table, learn
from tests.factories import make_contestant
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena

# A word is about 1.4 of the pacer's tokens. The slow one writes 28 words a second, its
# pauses counted: 40 tokens, where 30 are let out.
LENGTH = {"tokens": 40, "tokens_up_to": 80}
FAST = {"rate": 65, "first_token_seconds": 0.2, "jitter": 0.5}
SLOW = {"rate": 42, "first_token_seconds": 1.0, "jitter": 0.8, "pauses": 0.3}
ENVIRON = {
    "ARENA_LIVE_MESSAGES_PER_MINUTE": "1000",
    "ARENA_LIVE_SLOTS": "60",
    "ARENA_MAX_INFLIGHT": "100",
}
# How often the battles are parted into halves, each of which is learnt from once: what
# one parting tells is half chance.
HALVINGS = 3
# The course of the first seconds, in steps of so many seconds.
STEPS, STEP_SECONDS = 15, 0.4


@dataclass(frozen=True)
class Heard:
    """One battle as its page got it."""

    battle_id: UUID
    asked_at: float
    frames: list[Frame]


def two_models(server: ModelServer) -> None:
    """A fast and a slow one, and nobody else."""
    Contestant.objects.update(state=Contestant.State.RETIRED)
    for name, manner in (("fast", FAST), ("slow", SLOW)):
        server.behave(name, **manner, **LENGTH)
        make_contestant(
            provider="openai",
            base_url=server.url,
            api_model=name,
            concurrency=500,
            requests_per_minute=100_000,
        )


def listen(arena: LiveArena, *, battles: int, at_once: int) -> list[Heard]:
    """Have so many battles; return what came over their WebSockets."""
    numbers = itertools.count(1)

    def have_some(_: int) -> list[Heard]:
        with Asker(arena.url) as asker:
            return [have_one(asker, next(numbers)) for _ in range(battles // at_once)]

    with ThreadPoolExecutor(at_once) as pool:
        return list(itertools.chain(*pool.map(have_some, range(at_once))))


def have_one(asker: Asker, number: int) -> Heard:
    # Other texts in each run: what is chance in one must not be there in the next.
    question = f"What is it that makes {number} what it is ({secrets.token_hex(4)})?"
    battle_id = asker.ask(question)
    with asker.socket(battle_id) as socket:
        asked_at, frames = None, []
        for frame in asker.frames(socket):
            asked_at = asked_at or frame.at
            frames.append(frame)
            if frame.state in ("ready", "failed", "closed"):
                break
    assert frames[-1].state == "ready", frames[-1].text
    assert asker.act(battle_id, "leave").status_code == 302
    assert asked_at is not None
    return Heard(battle_id, asked_at, frames)


def fast_is_left(heard: Sequence[Heard]) -> Table:
    """The truth: 1 where the fast model wrote answer A."""
    battles = Battle.objects.select_related("contestant_x", "contestant_y", "live")
    truth = {}
    for battle in battles.filter(public_id__in=[each.battle_id for each in heard]):
        left = getattr(battle, f"contestant_{battle.live.left}")
        truth[battle.public_id] = float(left.api_model == "fast")
    return np.array([truth[each.battle_id] for each in heard])


def accuracy(heard: Sequence[Heard]) -> float:
    """How often a forest is right about the half that it has not learnt from."""
    table = np.array([figures(each) for each in heard])
    classes = fast_is_left(heard)
    right = []
    for seed in range(HALVINGS):
        order = np.random.default_rng(seed).permutation(len(classes))
        halves = order[::2], order[1::2]
        for known, unknown in (halves, halves[::-1]):
            told = learn(table[known], classes[known], seed=seed)(table[unknown])
            right.append(np.mean(told == classes[unknown]))
    return float(np.mean(right))


def figures(heard: Heard) -> list[float]:
    """Both sides' figures, and their differences."""
    texts = [frame for frame in heard.frames if '"type":"text"' in frame.text]
    begun_at = texts[0].at
    a, b = (_of_side(heard, texts, side, begun_at) for side in "ab")
    common = [begun_at - heard.asked_at, heard.frames[-1].at - begun_at]
    both = [*common, *_of_pairs(texts), float(len(heard.frames))]
    return [*a, *b, *(x - y for x, y in zip(a, b, strict=True)), *both]


def _of_side(
    heard: Heard, texts: list[Frame], side: str, begun_at: float
) -> list[float]:
    own = [frame for frame in texts if frame.said["side"] == side]
    times = np.array([frame.at - begun_at for frame in own])
    stable = np.array([len(frame.said["stable"]) for frame in own])
    tail = np.array([len(frame.said["tail"]) for frame in own])
    shown = np.cumsum(stable) + tail
    grown = np.diff(shown, prepend=0)
    growing = times[grown != 0]
    gaps = np.diff(growing) if len(growing) > 1 else np.zeros(1)
    done = [f for f in heard.frames if f'"done","side":"{side}"' in f.text]
    places = [n for n, f in enumerate(heard.frames) if f'"side":"{side}"' in f.text]
    late = np.diff(times[times >= growing[-1]], append=times[-1])
    course = [shown[times <= n * STEP_SECONDS] for n in range(STEPS)]
    return [
        growing[0],
        growing[-1],
        float(len(growing)),
        float(len(own)),
        *(gaps.mean(), gaps.std(), gaps.max(), gaps.min()),
        *(grown.mean(), grown.std(), float(grown.max()), float(grown.min())),
        *(stable.mean(), float(stable.max()), tail.mean(), float(tail.max())),
        float(shown[-1]),
        shown[-1] / max(growing[-1], 0.001),
        *(done[0].at - begun_at, done[0].at - begun_at - growing[-1]),
        float(len(done[0].text)),
        late.max(),
        *(float(own[0].said["seq"]), float(own[-1].said["seq"])),
        *(float(places[0]), float(places[-1]), float(np.mean(places))),
        *(float(part[-1]) if len(part) else 0.0 for part in course),
    ]


def _of_pairs(texts: list[Frame]) -> list[float]:
    """How the two frames of a tick follow each other."""
    sides = [frame.said["side"] for frame in texts]
    apart = np.diff([frame.at for frame in texts])
    ticks = apart[apart > 0.02]
    return [
        float(sides[0] == "a"),
        float(np.mean([one == "a" for one in sides[::2]])),
        *(apart.mean(), apart.max(), float(len(ticks)), ticks.max(initial=0.0)),
        *(ticks.std() if len(ticks) else 0.0, ticks.sum()),
    ]
