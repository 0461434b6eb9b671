"""Moderation: which live questions others may judge too."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from evaluations.battles import withdraw_battle
from evaluations.models import Battle, BattleTurn, LiveBattle, Prompt
from evaluations.models.battles import BattleQuerySet
from evaluations.models.prompts import PromptQuerySet, digest_of

REJECTED = "its question was rejected"


def waiting() -> PromptQuerySet:
    """Prompts that an administrator can decide on now."""
    pending = Prompt.objects.filter(state=Prompt.State.PENDING)
    return pending.filter(
        ~Q(origin=Prompt.Origin.LIVE) | Q(pk__in=_over().values("battle__prompt"))
    )


def approve(*, prompts: QuerySet[Prompt]) -> int:
    """Let everybody judge these; return how many there are.

    Of live questions only those whose volunteer agreed and whose battle is over: they
    join the stock, and the two answers that are there already go to the queue.
    """
    with transaction.atomic():
        asked_ahead = prompts.exclude(origin=Prompt.Origin.LIVE)
        approved = asked_ahead.update(state=Prompt.State.APPROVED)
        for live in _locked(prompts):
            _approve(live.battle)
            approved += 1
    return approved


def reject(*, prompts: QuerySet[Prompt]) -> int:
    """Keep these from the volunteers; return how many there are.

    A live question is taken back from those whom it was shown to. What its volunteer
    keeps private is nobody's to reject.
    """
    with transaction.atomic():
        chosen = prompts.exclude(state=Prompt.State.PRIVATE)
        asked_live = list(chosen.filter(origin=Prompt.Origin.LIVE))
        rejected = chosen.update(state=Prompt.State.REJECTED)
        for prompt in asked_live:
            take_back(prompt=prompt, reason=REJECTED)
    return rejected


def take_back(*, prompt: Prompt, reason: str) -> None:
    """Withdraw the battles in which others judge a live question."""
    for battle in shown_to_others(prompt=prompt):
        withdraw_battle(battle=battle, reason=reason)


def shown_to_others(*, prompt: Prompt) -> BattleQuerySet:
    """The pooled battle of a live question, and those drawn on it since."""
    return Battle.objects.filter(prompt=prompt).exclude(mode=Battle.Mode.LIVE)


def _over() -> QuerySet[LiveBattle]:
    """Live battles that have two whole answers and are for others to see."""
    return (
        LiveBattle.objects.filter(
            publish=True,
            ended_at__isnull=False,
            battle__state=Battle.State.READY,
            battle__withdrawn_at__isnull=True,
        )
        .exclude(end=LiveBattle.End.DELETED)
        .exclude(battle__prompt__state=Prompt.State.PRIVATE)
        .select_related(
            "battle__prompt", "battle__contestant_x", "battle__contestant_y"
        )
    )


def _locked(prompts: QuerySet[Prompt]) -> list[LiveBattle]:
    """Those of them that are over, held till the end of the transaction.

    Looked at once they are locked: their volunteer may be deleting one.
    """
    asked = Battle.objects.filter(mode=Battle.Mode.LIVE, prompt__in=prompts)
    held = asked.order_by("pk").select_for_update().values_list("pk", flat=True)
    return list(_over().filter(pk__in=list(held)))


def _approve(battle: Battle) -> None:
    prompt = battle.prompt
    prompt.state = Prompt.State.APPROVED
    # Draws find answers by what is really asked; its own digest stays salted, for two
    # volunteers may ask the same.
    prompt.first_digest = digest_of(prompt.first_messages())
    prompt.save(update_fields=["state", "first_digest"])
    turns = list(battle.turns.select_related("answer_x", "answer_y"))
    leaks = any(turn.answer_x.leak or turn.answer_y.leak for turn in turns)
    if not leaks and not _is_pooled(turns):
        _pool(battle, turns)


def _is_pooled(turns: list[BattleTurn]) -> bool:
    answers = [turn.answer_x_id for turn in turns]
    pooled = Battle.objects.exclude(mode=Battle.Mode.LIVE).with_any_answer(answers)
    return pooled.filter(withdrawn_at__isnull=True).exists()


def _pool(battle: Battle, turns: list[BattleTurn]) -> None:
    """Open a battle on the same answers, for others than the one who asked."""
    pooled = Battle.objects.create(
        mode=Battle.Mode.QUEUE,
        origin=Battle.Origin.DRAW,
        prompt=battle.prompt,
        contestant_x=battle.contestant_x,
        contestant_y=battle.contestant_y,
        draw_rule=battle.draw_rule,
        draw_probability=battle.draw_probability,
        state=Battle.State.READY,
        judgements_wanted=settings.ARENA_POOL_JUDGEMENTS,
    )
    BattleTurn.objects.bulk_create(
        BattleTurn(
            battle=pooled,
            number=turn.number,
            answer_x=turn.answer_x,
            answer_y=turn.answer_y,
        )
        for turn in turns
    )
