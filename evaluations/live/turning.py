"""The rows of a turn: asked, finished, failed, drawn anew, closed."""

from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Now

from evaluations import enqueue
from evaluations.live.announcing import announce_state
from evaluations.live.claims import TurnClaim
from evaluations.matchmaking import PairDraw, draw_pair
from evaluations.models import (
    Answer,
    Battle,
    BattleTurn,
    Contestant,
    LiveBattle,
    LiveTurn,
)
from evaluations.models.answers import AnswerQuerySet
from evaluations.models.contestants import ContestantQuerySet
from evaluations.models.prompts import digest_of

Messages = list[dict[str, str]]

FAILURES = 2
REDRAWS = 2


def ask_both(battle: Battle, text: str) -> None:
    """Write the next turn down and send a worker after it."""
    last = battle.turns.select_related("answer_x", "answer_y", "live").last()
    turn = BattleTurn(battle=battle, number=last.number + 1 if last else 1)
    asked = {"role": "user", "content": text}
    for side in "xy":
        messages = [
            *(getattr(last, f"answer_{side}").conversation if last else []),
            asked,
        ]
        contestant = getattr(battle, f"contestant_{side}")
        setattr(turn, f"answer_{side}", _new_answer(battle, contestant, messages))
    turn.save()
    LiveTurn.objects.create(turn=turn, seq=last.live.seq if last else 0)
    enqueue.on_commit("stream_turn", turn.pk)
    announce_state(battle)


def _new_answer(battle: Battle, contestant: Contestant, messages: Messages) -> Answer:
    # Each is asked for this once alone, also where the words are the same.
    own: list[dict[str, str] | str] = [*messages, f"{battle.public_id}:{uuid4()}"]
    return Answer.objects.create(
        contestant=contestant,
        messages=messages,
        messages_digest=digest_of(own),
        origin=Answer.Origin.LIVE,
    )


def finish_turn(claim: TurnClaim) -> bool:
    """Open the battle to the vote; false where the claim was lost.

    An answer that could not be stored is none: the sweep finds the turn again.
    """
    ready = Answer.State.READY
    with transaction.atomic():
        whole = BattleTurn.objects.filter(answer_x__state=ready, answer_y__state=ready)
        ended = (
            claim.own()
            .filter(turn__in=whole)
            .update(
                done_at=Now(), lease_token=None, lease_until=None, html_x="", html_y=""
            )
        )
        if ended:
            standing = Battle.objects.filter(pk=claim.battle.pk)
            standing.filter(state=Battle.State.WAITING).update(state=Battle.State.READY)
    return bool(ended)


def fail_turn(claim: TurnClaim, *, failed: str) -> None:
    """Let the volunteer try again; after the second failure draw anew, or close."""
    with transaction.atomic():
        counted = {f"failures_{side}": F(f"failures_{side}") + 1 for side in failed}
        # Of a stop nothing is left to do: the next try is a new one.
        freed = {"lease_token": None, "lease_until": None, "stop_asked_at": None}
        if not claim.own().update(**freed, **counted):
            return
        live = LiveTurn.objects.select_related("turn__battle__live").get(
            pk=claim.live.pk
        )
        often = max(live.failures_x, live.failures_y) >= FAILURES
        if often and not _redraw(live, failed):
            close(live.turn.battle, LiveBattle.End.FAILED)
        announce_state(claim.battle)


def _redraw(live: LiveTurn, failed: str) -> bool:
    """Put two others in the pair's place, as long as nothing of it was shown."""
    battle = live.turn.battle
    shown = live.begun_at is not None or live.turn.number > 1
    if shown or battle.live.redraws >= REDRAWS:
        return False
    away = [getattr(battle, f"contestant_{side}_id") for side in failed]
    drawn = draw_pair(among=free_contestants().exclude(pk__in=away))
    if drawn is None:
        return False
    _put_in_place(live, drawn)
    LiveBattle.objects.filter(pk=battle.pk).update(redraws=F("redraws") + 1)
    enqueue.on_commit("stream_turn", live.pk)
    return True


def _put_in_place(live: LiveTurn, drawn: PairDraw) -> None:
    turn, battle = live.turn, live.turn.battle
    messages = turn.answer_x.messages
    turn.answer_x = _new_answer(battle, drawn.contestant_x, messages)
    turn.answer_y = _new_answer(battle, drawn.contestant_y, messages)
    turn.save(update_fields=["answer_x", "answer_y"])
    Battle.objects.filter(pk=battle.pk).update(
        contestant_x=drawn.contestant_x,
        contestant_y=drawn.contestant_y,
        draw_rule=drawn.rule,
        draw_probability=drawn.probability,
    )
    LiveTurn.objects.filter(pk=live.pk).update(failures_x=0, failures_y=0)


def ask_again(battle: Battle, turn: BattleTurn) -> bool:
    """Ask the contestants whose answers failed once more; say whether any had."""
    failed = [
        side for side in "xy" if getattr(turn, f"answer_{side}").state == "failed"
    ]
    for side in failed:
        contestant = getattr(battle, f"contestant_{side}")
        messages = getattr(turn, f"answer_{side}").messages
        setattr(turn, f"answer_{side}", _new_answer(battle, contestant, messages))
    if failed:
        turn.save(update_fields=["answer_x", "answer_y"])
        enqueue.on_commit("stream_turn", turn.pk)
        announce_state(battle)
    return bool(failed)


def close(battle: Battle, end: LiveBattle.End) -> None:
    """End a live battle without a vote: it does not count."""
    LiveBattle.objects.open().filter(pk=battle.pk).update(ended_at=Now(), end=end)
    # Nobody asks for them any more, and they must not stand in the way of others.
    give_up(_answers_of(battle).filter(state=Answer.State.QUEUED))
    if end != LiveBattle.End.VOTED:
        Battle.objects.filter(pk=battle.pk).update(state=Battle.State.FAILED)
    announce_state(battle)


def _answers_of(battle: Battle) -> AnswerQuerySet:
    turns = BattleTurn.objects.filter(battle=battle).order_by()
    sides = Q(pk__in=turns.values("answer_x")) | Q(pk__in=turns.values("answer_y"))
    return Answer.objects.filter(sides)


def close_turn(claim: TurnClaim, *, end: LiveBattle.End) -> None:
    """Close the battle that a worker streams, and end its claim."""
    with transaction.atomic():
        if not claim.own().update(lease_token=None, lease_until=None):
            return
        give_up(Answer.objects.filter(lease_token=claim.token))
        close(claim.battle, end)


def give_up(answers: AnswerQuerySet) -> None:
    """Let answers be that nobody waits for any more."""
    answers.update(
        state=Answer.State.FAILED,
        error_kind="cancelled",
        error="Nobody waits for it any more.",
        finished_at=Now(),
        lease_token=None,
        lease_until=None,
    )


def free_contestants() -> ContestantQuerySet:
    """Active ones with room for one more call."""
    under_way = Q(answers__state=Answer.State.FETCHING, answers__lease_until__gt=Now())
    coming = Q(answers__state=Answer.State.QUEUED, answers__origin=Answer.Origin.LIVE)
    return (
        Contestant.objects.playing()
        .annotate(calls=Count("answers", filter=under_way | coming))
        .filter(calls__lt=F("concurrency"))
    )


def calls_under_way() -> int:
    """Live calls of the whole arena, with those that wait for a worker."""
    live = Answer.objects.filter(origin=Answer.Origin.LIVE)
    return live.filter(
        Q(state=Answer.State.QUEUED)
        | Q(state=Answer.State.FETCHING, lease_until__gt=Now())
    ).count()


def room_for_calls() -> bool:
    return calls_under_way() + 2 <= settings.ARENA_LIVE_CALLS
