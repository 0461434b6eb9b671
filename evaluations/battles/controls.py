"""Checks among the battles: how much chance there is in judgements.

Either one contestant meets itself with two answers, or a volunteer gets a pair that
they judged before, with the sides exchanged. Neither counts in any rating, and before
the vote neither differs from an ordinary battle.
"""

import random
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from evaluations.fetching import EQUAL_ANSWERS, request_answer, request_fetches
from evaluations.models import (
    Answer,
    Battle,
    BattleTurn,
    Contestant,
    Prompt,
    PromptSet,
    Vote,
)
from evaluations.volunteers import Visitor, left_side

SAME_MODEL, REPEAT = "same_model", "repeat"
# After so many pairs of equal answers, and no other, a contestant is left alone.
SURELY_FIXED = 3
# How many of the contestants least checked are looked at for a prompt.
TRIED = 3
# A pair may come again after so many further judgements, and before it is so old.
REPEATED_AFTER, REPEATED_BEFORE = 10, 100


def open_controls(*, among: int, prompt_set: PromptSet | None = None) -> int:
    """Of so many battles to open, open the controls' share; return how many."""
    share = settings.ARENA_CONTROL_SHARE
    wanted = sum(random.random() < share for _ in range(among))  # noqa: S311
    return sum(open_control(prompt_set) is not None for _ in range(wanted))


def open_control(prompt_set: PromptSet | None = None) -> Battle | None:
    """Let a contestant meet itself; None where none has a prompt left for that."""
    for contestant in _least_checked():
        prompts = _prompts_for(contestant, prompt_set).values_list("pk", flat=True)
        if prompt := prompts.order_by("?").first():
            return _meet_itself(contestant, Prompt.objects.get(pk=prompt))
    return None


def _least_checked() -> list[Contestant]:
    """Some active contestants whose answers vary, those with the fewest controls first.

    Of equals by chance. A house program says the same each time.
    """
    varying = Contestant.objects.playing().exclude(provider=Contestant.Provider.HOUSE)
    equal = Q(withdrawn_reason=EQUAL_ANSWERS)
    counted = dict.fromkeys(varying.values_list("pk", flat=True), 0)
    controls = Battle.objects.same_model().filter(contestant_x__in=counted)
    sums = controls.values_list("contestant_x").annotate(
        all_told=Count("pk"), fixed=Count("pk", filter=equal)
    )
    for contestant, all_told, fixed in sums:
        counted[contestant] = all_told
        if fixed == all_told >= SURELY_FIXED:
            del counted[contestant]
    by_chance = random.sample(list(counted), len(counted))
    first = sorted(by_chance, key=counted.__getitem__)[:TRIED]
    found = varying.in_bulk(first)
    return [found[pk] for pk in first if pk in found]


def _prompts_for(
    contestant: Contestant, prompt_set: PromptSet | None
) -> QuerySet[Prompt]:
    """Prompts of the queue that have no second answer of theirs, and no bad one.

    Of one turn: second answers to later ones there are not, which would tell a control
    from a battle over several turns.
    """
    known = Answer.objects.filter(
        contestant=contestant, messages_digest=OuterRef("first_digest")
    )
    unfit = Q(replicate__gt=0) | Q(state=Answer.State.FAILED) | ~Q(leak="")
    queued = Prompt.objects.queued(of=prompt_set).filter(turns__len=1)
    return queued.filter(~Exists(known.filter(unfit)))


def _meet_itself(contestant: Contestant, prompt: Prompt) -> Battle:
    """Always waiting at first: the second answer is asked for just now."""
    messages = prompt.first_messages()
    x, y = (
        request_answer(contestant=contestant, messages=messages, replicate=replicate)
        for replicate in random.sample((0, 1), 2)
    )
    battle = Battle.objects.create(
        mode=Battle.Mode.CONTROL,
        prompt=prompt,
        contestant_x=contestant,
        contestant_y=contestant,
        draw_rule=SAME_MODEL,
    )
    BattleTurn.objects.create(battle=battle, answer_x=x, answer_y=y)
    request_fetches(a.contestant_id for a in (x, y) if a.state == Answer.State.QUEUED)
    return battle


def open_repeat(
    *, visitor: Visitor, prompt_set: PromptSet | None = None
) -> Battle | None:
    """Open a pair once more that the visitor judged before; None where none is due."""
    vote = _repeatable(visitor, prompt_set)
    return open_repeat_of(vote=vote, visitor=visitor) if vote else None


def open_repeat_of(*, vote: Vote, visitor: Visitor) -> Battle | None:
    """Show the pair of a visitor's vote once more; None where that is done already."""
    original = vote.battle
    with transaction.atomic():
        repeat, new = Battle.objects.get_or_create(
            repeat_of=original,
            only_for=visitor.volunteer,
            defaults={
                "public_id": _id_that_exchanges(vote, visitor),
                "mode": Battle.Mode.CONTROL,
                "origin": original.origin,
                "prompt_id": original.prompt_id,
                "contestant_x_id": original.contestant_x_id,
                "contestant_y_id": original.contestant_y_id,
                "draw_rule": REPEAT,
                "state": Battle.State.READY,
            },
        )
        if not new:
            # Another tab of theirs has just opened it.
            return None
        BattleTurn.objects.bulk_create(
            BattleTurn(
                battle=repeat,
                number=turn.number,
                answer_x_id=turn.answer_x_id,
                answer_y_id=turn.answer_y_id,
            )
            for turn in original.turns.all()
        )
    return repeat


def _repeatable(visitor: Visitor, prompt_set: PromptSet | None) -> Vote | None:
    """A vote of theirs on a pair of the queue, neither fresh nor very old."""
    own = Vote.objects.standing().filter(volunteer=visitor.volunteer)
    reach = own.order_by("-pk").values("pk")[REPEATED_AFTER:REPEATED_BEFORE]
    shown = Battle.objects.filter(
        only_for=visitor.volunteer, repeat_of=OuterRef("battle")
    )
    pairs = Battle.objects.ready().filter(mode=Battle.Mode.QUEUE).on_set(prompt_set)
    return (
        Vote.objects.filter(pk__in=reach, battle__in=pairs)
        .exclude(state=Vote.State.FLAGGED)
        .filter(~Exists(shown))
        .select_related("battle")
        .order_by("?")
        .first()
    )


def _id_that_exchanges(vote: Vote, visitor: Visitor) -> UUID:
    """A random id by which the visitor sees the sides the other way round.

    The side shown left follows from it, with a key that nobody outside knows: so it
    looks like any other id.
    """
    while True:
        drawn = uuid4()
        if left_side(token=visitor.token, battle_id=drawn) != vote.left:
            return drawn


def is_repeat_due() -> bool:
    return random.random() < settings.ARENA_REPEAT_SHARE  # noqa: S311
