"""The judge queue: battles opened ahead of the volunteers."""

import random
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from evaluations.battles.controls import open_controls
from evaluations.fetching import request_answer, request_fetches
from evaluations.matchmaking import Draw, draws, draws_of
from evaluations.models import Answer, Battle, BattleTurn, Contestant, Prompt

# Any number that no other advisory lock of the arena uses.
FILL_LOCK = 7_300_001


@dataclass(frozen=True)
class QueueDepth:
    ready: int
    waiting: int
    imported: int


def queue_depth() -> QueueDepth:
    """Count the battles that can be offered, and those whose answers are awaited."""
    playing = Contestant.objects.playing()
    waiting = Battle.objects.awaited().filter(
        contestant_x__in=playing, contestant_y__in=playing
    )
    offered = Battle.objects.offered()
    return QueueDepth(
        ready=offered.filter(origin=Battle.Origin.DRAW).count(),
        waiting=waiting.count(),
        imported=offered.filter(origin=Battle.Origin.IMPORT).count(),
    )


def fill_queue() -> int:
    """Open battles until the wanted number is ready or on its way; return how many."""
    opened = 0
    with transaction.atomic():
        if not _sole_filler():
            return 0
        depth = queue_depth()
        missing = max(0, settings.ARENA_READY_BATTLES - depth.ready - depth.waiting)
        opened += open_controls(among=missing)
        for drawn in islice(draws(), missing - opened):
            open_battle(drawn)
            opened += 1
        # Whoever has just been activated is seen soon, however full the queue.
        for drawn in draws_of(_absent()):
            open_battle(drawn)
            opened += 1
    return opened


def _absent() -> list[int]:
    """Active contestants of whom no battle with another one is open."""
    waiting = Battle.objects.awaited()
    fresh = Battle.objects.offered().filter(origin=Battle.Origin.DRAW)
    rated = (waiting | fresh).filter(mode=Battle.Mode.QUEUE)
    sides = rated.values_list("contestant_x", "contestant_y")
    present = {contestant for pair in sides for contestant in pair}
    playing = Contestant.objects.playing().values_list("pk", flat=True)
    return sorted(set(playing) - present)


def _sole_filler() -> bool:
    """Hold the lock till the transaction's end: two fillers would fill twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FILL_LOCK])
        return bool(cursor.fetchone()[0])


def _judgements_wanted() -> int:
    """One, but some battles are for several: how far do people agree?"""
    if random.random() < settings.ARENA_SHARED_BATTLES:  # noqa: S311
        return settings.ARENA_SHARED_JUDGEMENTS
    return 1


def _mark_drawn(prompt: Prompt) -> None:
    if prompt.drawn_at is None:
        Prompt.objects.filter(pk=prompt.pk).update(drawn_at=Now())


def open_battle(drawn: Draw) -> Battle:
    """Write a drawn battle down and ask for the answers that are not there yet."""
    _mark_drawn(drawn.prompt)
    answers = [
        request_answer(contestant=contestant, messages=drawn.prompt.first_messages())
        for contestant in (drawn.contestant_x, drawn.contestant_y)
    ]
    ready = all(answer.state == Answer.State.READY for answer in answers)
    battle = Battle.objects.create(
        prompt=drawn.prompt,
        contestant_x=drawn.contestant_x,
        contestant_y=drawn.contestant_y,
        draw_rule=drawn.rule,
        draw_probability=drawn.probability,
        state=Battle.State.READY if ready else Battle.State.WAITING,
        judgements_wanted=_judgements_wanted(),
    )
    BattleTurn.objects.create(battle=battle, answer_x=answers[0], answer_y=answers[1])
    request_fetches(a.contestant_id for a in answers if a.state == Answer.State.QUEUED)
    return battle
