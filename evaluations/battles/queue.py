"""The judge queue: battles opened ahead of the volunteers."""

import random
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from evaluations.battles.controls import open_controls
from evaluations.fetching import (
    find_answer,
    request_answer,
    request_fetches,
    wait_to_ask,
)
from evaluations.matchmaking import Draw, draws, draws_of, draws_on
from evaluations.models import (
    Answer,
    Battle,
    BattleTurn,
    Contestant,
    Prompt,
    PromptSet,
)
from evaluations.models.battles import BattleQuerySet
from evaluations.models.prompts import first_messages
from evaluations.question_sets.reading import shown
from evaluations.voting import Refusal

# Any number that no other advisory lock of the arena uses.
FILL_LOCK = 7_300_001


class SetNotJudged(Refusal):
    status = 404
    sentence = (
        "No such set of questions is judged here just now. You can judge pairs from "
        "all sets instead."
    )


@dataclass(frozen=True)
class QueueDepth:
    ready: int
    waiting: int
    imported: int


def judged_set(*, slug: str) -> PromptSet:
    """A set that a volunteer may choose to judge; raises SetNotJudged.

    One that the queue draws from, with a prompt that anybody may read.
    """
    readable = shown().filter(prompt_set=OuterRef("pk"))
    judged = PromptSet.objects.filter(Exists(readable), queue_weight__gt=0, slug=slug)
    found = judged.first()
    if found is None:
        raise SetNotJudged
    return found


def queue_depth(*, prompt_set: PromptSet | None = None) -> QueueDepth:
    """Count the battles that can be offered, and those whose answers are awaited."""
    offered = Battle.objects.offered().on_set(prompt_set)
    return QueueDepth(
        ready=offered.filter(origin=Battle.Origin.DRAW).count(),
        waiting=_awaited().on_set(prompt_set).count(),
        imported=offered.filter(origin=Battle.Origin.IMPORT).count(),
    )


def _awaited() -> BattleQuerySet:
    """Those of which both contestants still play."""
    playing = Contestant.objects.playing()
    return Battle.objects.awaited().filter(
        contestant_x__in=playing, contestant_y__in=playing
    )


def fill_queue() -> int:
    """Open battles until the wanted number is ready or on its way; return how many."""
    opened = 0
    with transaction.atomic():
        if not _sole_filler():
            return 0
        wait_to_ask()
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


def fill_set(*, prompt_set: PromptSet) -> int:
    """Open battles on a set, for a volunteer who has none of it left.

    No more are awaited at once than a session has, and no more are there without a
    judgement than the whole queue has; return how many were opened.
    """
    with transaction.atomic():
        wait_to_ask()
        awaited = _awaited().on_set(prompt_set).count()
        offered = Battle.objects.offered().on_set(prompt_set)
        unjudged = offered.filter(origin=Battle.Origin.DRAW, judgements=0).count()
        wanted = max(
            0,
            min(
                settings.ARENA_SESSION_LENGTH - awaited,
                settings.ARENA_READY_BATTLES - awaited - unjudged,
            ),
        )
        opened = open_controls(among=wanted, prompt_set=prompt_set)
        for drawn in draws_on(prompt_set, number=wanted - opened):
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
    """Write a drawn battle down and ask for the first answers that are not there yet.

    Where both sides have answered a prompt of several turns to its end, the battle is
    over all of them: later turns are asked for by an evaluation of the set alone.
    """
    _mark_drawn(drawn.prompt)
    sides = drawn.contestant_x, drawn.contestant_y
    answers = [
        request_answer(contestant=contestant, messages=drawn.prompt.first_messages())
        for contestant in sides
    ]
    ready = all(answer.state == Answer.State.READY for answer in answers)
    later = [
        _later_answers(contestant, drawn.prompt, first)
        for contestant, first in zip(sides, answers, strict=True)
        if ready
    ]
    battle = Battle.objects.create(
        prompt=drawn.prompt,
        contestant_x=drawn.contestant_x,
        contestant_y=drawn.contestant_y,
        draw_rule=drawn.rule,
        draw_probability=drawn.probability,
        state=Battle.State.READY if ready else Battle.State.WAITING,
        judgements_wanted=_judgements_wanted(),
    )
    turns = [answers, *(zip(*later, strict=True) if all(later) else ())]
    BattleTurn.objects.bulk_create(
        BattleTurn(battle=battle, number=number, answer_x=x, answer_y=y)
        for number, (x, y) in enumerate(turns, start=1)
    )
    request_fetches(a.contestant_id for a in answers if a.state == Answer.State.QUEUED)
    return battle


def _later_answers(
    contestant: Contestant, prompt: Prompt, first: Answer
) -> list[Answer]:
    """What a contestant answered from the second turn on; none where one is missing."""
    said = [first]
    for question in prompt.turns[1:]:
        answer = find_answer(
            contestant=contestant,
            messages=[*said[-1].conversation, *first_messages([question])],
        )
        # One that names its model is as useless as none.
        if answer is None or answer.state != Answer.State.READY or answer.leak:
            return []
        said.append(answer)
    return said[1:]
