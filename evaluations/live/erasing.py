"""A volunteer takes a live battle back: out of the count, and its words out of here."""

import secrets
from datetime import datetime
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Now

from evaluations import events
from evaluations.battles import withdraw_battle
from evaluations.live.announcing import STOP, announce_state, asked_key
from evaluations.live.pooling import shown_to_others, take_back
from evaluations.live.snapshots import own_battle
from evaluations.models import (
    Answer,
    Battle,
    BattleTurn,
    JudgeScore,
    JudgeVerdict,
    LiveBattle,
    LiveTurn,
    Prompt,
    PromptEmbedding,
    Report,
    RunItem,
    Vote,
)
from evaluations.volunteers import Visitor
from evaluations.voting import BattleUnknown, standing_vote, withdraw_vote

ERASED = "(deleted by its volunteer)"
REASON = "deleted by its volunteer"


def delete(*, visitor: Visitor, battle_id: UUID) -> None:
    """Withdraw a live battle of one's own and its vote, and erase question and answers.

    BattleUnknown where it is somebody else's, or deleted already. What a published
    dump holds stays there.
    """
    own_battle(visitor=visitor, battle_id=battle_id)
    with transaction.atomic():
        # Whoever asks, votes or approves takes the same lock.
        battle = Battle.objects.select_for_update().get(public_id=battle_id)
        live = LiveBattle.objects.get(pk=battle.pk)
        if live.end == LiveBattle.End.DELETED:
            raise BattleUnknown
        _stop(battle)
        _end(live)
        if vote := standing_vote(visitor=visitor, battle_id=battle_id):
            withdraw_vote(visitor=visitor, vote_id=vote.public_id)
        withdraw_battle(battle=battle, reason=REASON)
        prompt = Prompt.objects.select_for_update().get(pk=battle.prompt_id)
        take_back(prompt=prompt, reason=REASON)
        _erase(live, prompt)
        announce_state(battle)


def _stop(battle: Battle) -> None:
    """Take the turn from the worker that streams it: it can store nothing any more."""
    LiveTurn.objects.under_way().filter(turn__battle=battle).update(
        stop_asked_at=Now(), done_at=Now(), lease_token=None, lease_until=None
    )
    public_id = battle.public_id
    # It closes its streams at once, and not when it next renews its lease.
    transaction.on_commit(lambda: events.ask(asked_key(public_id), STOP))


def _end(live: LiveBattle) -> None:
    LiveBattle.objects.filter(pk=live.pk).update(
        ended_at=Coalesce("ended_at", Now()), end=LiveBattle.End.DELETED
    )


def _erase(live: LiveBattle, prompt: Prompt) -> None:
    shown = shown_to_others(prompt=prompt).values_list("pk", flat=True)
    battles = [live.pk, *shown]
    answers = _answers_to(prompt, battles, since=live.started_at)
    _erase_answers(answers | _judges_replies(battles, answers))
    # A judge's reasons quote what they are about, like notes.
    JudgeVerdict.objects.filter(battle__in=battles).update(reason="")
    JudgeScore.objects.filter(answer__in=answers).update(reason="")
    LiveTurn.objects.filter(turn__battle=live.pk).update(html_x="", html_y="")
    # Notes may quote what they are about.
    Vote.objects.filter(battle__in=battles).update(comment="")
    Report.objects.filter(battle__in=battles).update(comment="")
    _erase_prompt(prompt)


def _answers_to(prompt: Prompt, battles: list[int], *, since: datetime) -> set[int]:
    """All that answers this prompt, and not another one of the same words."""
    turns = BattleTurn.objects.filter(battle__in=battles)
    # One that failed, or was drawn anew, stands in no battle any more.
    replaced = Answer.objects.filter(
        origin=Answer.Origin.LIVE,
        queued_at__gte=since,
        messages__0=prompt.first_messages()[0],
    )
    asked = RunItem.objects.filter(prompt=prompt, answer__isnull=False)
    found = {
        *_in(turns),
        *replaced.values_list("pk", flat=True),
        *asked.values_list("answer", flat=True),
    }
    elsewhere = BattleTurn.objects.exclude(battle__prompt=prompt)
    return found - _in(elsewhere.filter(Q(answer_x__in=found) | Q(answer_y__in=found)))


def _judges_replies(battles: list[int], answers: set[int]) -> set[int]:
    """A judge was sent the whole question with its answers."""
    asked = RunItem.objects.filter(Q(battle__in=battles) | Q(scored__in=answers))
    return set(asked.exclude(answer=None).values_list("answer", flat=True))


def _in(turns: QuerySet[BattleTurn]) -> set[int]:
    pairs = turns.order_by().values_list("answer_x", "answer_y")
    return {answer for pair in pairs for answer in pair}


def _erase_answers(ids: set[int]) -> None:
    answers = Answer.objects.filter(pk__in=ids)
    for pk in ids:
        answers.filter(pk=pk).update(messages_digest=_nobodys_digest())
    answers.update(
        # Ready, whatever it was: else it would be asked for once more.
        state=Answer.State.READY,
        finished_at=Coalesce("finished_at", Now()),
        finish_reason="deleted",
        lease_token=None,
        lease_until=None,
        messages=[],
        style={},
        **dict.fromkeys(("text", "html", "reasoning", "error_kind", "error"), ""),
    )


def _erase_prompt(prompt: Prompt) -> None:
    prompt.turns = [ERASED for _ in prompt.turns]
    prompt.references = []
    prompt.state = Prompt.State.REJECTED
    prompt.digest, prompt.first_digest = _nobodys_digest(), _nobodys_digest()
    prompt.wording = ""
    prompt.near, prompt.near_found, prompt.near_similarity = None, "", None
    prompt.save()
    # Words may be guessed from it.
    PromptEmbedding.objects.filter(prompt=prompt).delete()
    # The panel's log names what was changed by its first words.
    LogEntry.objects.filter(
        content_type__app_label=Prompt._meta.app_label,
        content_type__model=Prompt._meta.model_name,
        object_id=str(prompt.pk),
    ).update(object_repr=ERASED)


def _nobodys_digest() -> str:
    """A digest of nothing: none that is made of words is ever equal to it."""
    return secrets.token_hex(32)
