"""Store what a call brought, and tell the battles that waited for it."""

from dataclasses import asdict

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from evaluations.contestants import StateRefused, change_state
from evaluations.fetching.claims import Claim
from evaluations.fetching.leaking import find_leak
from evaluations.markdown import render_safely, style_features
from evaluations.models import Answer, Battle, BattleTurn, Contestant
from evaluations.providers.base import Completion

PAUSED_AFTER_FAILURES = 10
# Why a control was withdrawn: two equal texts would give it away.
EQUAL_ANSWERS = "both answers of the control are the same"


def store_ready(claim: Claim, completion: Completion) -> bool:
    """Store a whole answer, rendered; say whether the claim still held."""
    text = _of_text(completion.text)
    with transaction.atomic():
        stored = _release(
            claim,
            state=Answer.State.READY,
            **text,
            reasoning=completion.reasoning,
            finish_reason=completion.finish_reason,
            served_model=completion.served_model[:200],
            prompt_tokens=completion.prompt_tokens,
            completion_tokens=completion.completion_tokens,
            first_token_ms=completion.first_token_ms,
            total_ms=completion.total_ms,
        )
        if stored:
            _settle(claim)
            Contestant.objects.filter(
                pk=claim.contestant.pk, failures_in_row__gt=0
            ).update(failures_in_row=0)
    return stored


def store_cut(claim: Claim, text: str) -> bool:
    """Store the part of an answer at which its reader stopped it, as the whole.

    It may have come in whole meanwhile; say whether it is stored as cut now.
    """
    cut = _of_text(text)
    mine = Q(lease_token=claim.token) | Q(state=Answer.State.READY)
    # One that answers nothing any more was deleted by its volunteer.
    kept = Answer.objects.filter(mine, pk=claim.answer.pk).exclude(messages=[])
    return bool(
        kept.update(
            state=Answer.State.READY,
            **cut,
            finish_reason="stopped",
            finished_at=Now(),
            lease_token=None,
            lease_until=None,
        )
    )


def _of_text(text: str) -> dict[str, object]:
    """The text, and all that is derived from it."""
    rendered = render_safely(text)
    return {
        "text": text,
        "html": rendered.html,
        "renderer_version": rendered.version,
        "style": asdict(style_features(text)),
        "leak": find_leak(text),
    }


def store_failure(claim: Claim, *, kind: str, sentence: str) -> bool:
    """Store why no answer came; pause a contestant that fails time after time."""
    with transaction.atomic():
        stored = _release(
            claim, state=Answer.State.FAILED, error_kind=kind, error=sentence
        )
        if stored:
            _settle(claim)
            _count_failure(claim.contestant)
    return stored


def _release(claim: Claim, **values: object) -> bool:
    """End the claim; of a claim that was lost meanwhile nothing is kept."""
    return bool(
        Answer.objects.filter(pk=claim.answer.pk, lease_token=claim.token).update(
            lease_token=None, lease_until=None, finished_at=Now(), **values
        )
    )


def _count_failure(contestant: Contestant) -> None:
    Contestant.objects.filter(pk=contestant.pk).update(
        failures_in_row=F("failures_in_row") + 1
    )
    contestant.refresh_from_db(fields=["failures_in_row", "state"])
    failures = contestant.failures_in_row
    if failures < PAUSED_AFTER_FAILURES:
        return
    try:
        change_state(
            contestant=contestant,
            to=Contestant.State.PAUSED,
            note=f"paused by itself after {failures} failures in a row",
        )
    except StateRefused:
        # An admin has paused or retired it meanwhile.
        return


def _settle(claim: Claim) -> None:
    # A live answer is waited for by its own battle alone, whose worker ends the turn.
    if claim.answer.origin != Answer.Origin.LIVE:
        settle_battles([claim.answer.pk])


def settle_battles(answer_ids: list[int]) -> None:
    """Make ready or give up the battles that waited for these answers.

    A live one is ready when its volunteer has been shown all of it, and no sooner.
    """
    # Locked first and looked at afterwards: of two answers that arrive at the same
    # moment, the later transaction sees the earlier one's.
    waiting = list(
        Battle.objects.filter(state=Battle.State.WAITING)
        .exclude(mode=Battle.Mode.LIVE)
        .with_any_answer(answer_ids)
        .order_by("pk")
        .select_for_update()
        .values_list("pk", flat=True)
    )
    battles = Battle.objects.filter(pk__in=waiting)
    battles.with_failed_answer().update(state=Battle.State.FAILED)
    battles.same_model().with_equal_answers().update(
        withdrawn_at=Now(), withdrawn_reason=EQUAL_ANSWERS
    )
    battles.filter(state=Battle.State.WAITING).with_all_answers().update(
        state=Battle.State.READY
    )


def settle_missed() -> None:
    """Settle the battles that were not there yet when their last answer came.

    A battle that is being opened is seen by nobody else until it commits; what is
    stored meanwhile does not find it.
    """
    ready, failed = Answer.State.READY, Answer.State.FAILED
    finished = BattleTurn.objects.filter(
        Q(answer_x__state=failed)
        | Q(answer_y__state=failed)
        | Q(answer_x__state=ready, answer_y__state=ready),
        battle__state=Battle.State.WAITING,
    ).exclude(battle__mode=Battle.Mode.LIVE)
    answers = list(finished.values_list("answer_x", flat=True))
    with transaction.atomic():
        settle_battles(answers)
