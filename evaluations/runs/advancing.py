"""Take a run on: settle what was answered, ask for what comes next, end it.

Safe to run twice and by several workers at once: an item is settled under its own row
lock, and only the holder of the run's lock asks or ends it.
"""

import logging
import traceback
from pathlib import Path

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from evaluations import fetching
from evaluations.models import Answer, Contestant, Prompt, Run, RunItem
from evaluations.runs.budget import Budget
from evaluations.runs.kinds import KINDS, Messages
from evaluations.runs.spending import ENDED

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_STEPS = 2.0
# So many answers are asked for ahead, for each call that may run at the same time.
AHEAD = 4
SETTLED_AT_ONCE = 500
# Waiting items are looked at in order; most of them can be asked.
LOOKED_AT = 100

# The database is away or has ended a deadlock: another step does the same again.
PASSING = (InterfaceError, OperationalError)

TURN_BEFORE_FAILED = "An earlier turn got no answer."
STUCK = "What is left waits for answers that nobody is asked for."


def due_runs() -> list[int]:
    """Runs that run, and those held or stopped whose last calls are coming in."""
    coming = RunItem.objects.filter(run=OuterRef("pk"), state=RunItem.State.ASKED)
    held = Q(state__in=[Run.State.PAUSED, Run.State.STOPPED])
    due = Run.objects.filter(Q(state=Run.State.RUNNING) | held & Exists(coming))
    return list(due.order_by("pk").values_list("pk", flat=True))


def advance_run(*, run_id: int) -> bool:
    """Take a run one step on; false where nothing could be done just now."""
    settled = _settle_answered(run_id)
    with transaction.atomic():
        # The lock makes counting what is under way and adding to it a single step.
        run = (
            Run.objects.under_way()
            .select_for_update(skip_locked=True, no_key=True, of=("self",))
            .select_related("template")
            .filter(pk=run_id)
            .first()
        )
        if run is None:
            return settled > 0
        # Looked at first: what another worker settles from here on is no standstill.
        is_moving = run.items.moving().exists()
        return _end(run) or _ask_on(run, is_moving=is_moving) or settled > 0


# Settling


def _settle_answered(run_id: int) -> int:
    answered = RunItem.objects.answered().filter(run=run_id).order_by("number")
    ids = list(answered.values_list("pk", flat=True)[:SETTLED_AT_ONCE])
    return sum(_settle(item_id) for item_id in ids)


def _settle(item_id: int) -> bool:
    """End one item; false where another worker has, or does just now."""
    with transaction.atomic():
        item = (
            RunItem.objects.answered()
            .with_what_is_asked()
            .select_for_update(skip_locked=True, of=("self",))
            .filter(pk=item_id)
            .first()
        )
        if item is None or item.answer is None:
            return False
        failed = item.answer.state == Answer.State.FAILED
        item.state = RunItem.State.FAILED if failed else RunItem.State.DONE
        item.note = item.answer.error[:300] if failed else ""
        try:
            with transaction.atomic():
                KINDS[item.run.kind].settle(item)
        except PASSING:
            raise
        except Exception as error:
            _break_off(item, error, done="taken in")
        item.save(update_fields=["state", "note"])
        if item.state == RunItem.State.FAILED:
            _fail_later_turns(item)
    return True


def _break_off(item: RunItem, error: Exception, *, done: str) -> None:
    """Fail the one item that broke, so that the others go on.

    The log gets the places alone: an error's own words may hold a prompt or an answer.
    """
    frames = traceback.extract_tb(error.__traceback__)
    logger.error(
        "item %s of run %s could not be %s: %s at %s",
        item.number,
        item.run_id,
        done,
        type(error).__name__,
        " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames),
    )
    item.state = RunItem.State.FAILED
    item.note = f"It could not be {done} ({type(error).__name__}); the log says where."


def _fail_later_turns(item: RunItem) -> None:
    """A turn that got no answer takes those after it along."""
    if item.prompt_id:
        RunItem.objects.filter(
            run=item.run_id,
            contestant=item.contestant_id,
            prompt=item.prompt_id,
            turn__gt=item.turn,
            state=RunItem.State.WAITING,
        ).update(state=RunItem.State.FAILED, note=TURN_BEFORE_FAILED)


def _end(run: Run) -> bool:
    if run.items.open().exists():
        return False
    KINDS[run.kind].finish(run)
    Run.objects.filter(pk=run.pk).update(state=Run.State.FINISHED, finished_at=Now())
    logger.info("run %s is finished", run.pk)
    return True


# Asking


def _ask_on(run: Run, *, is_moving: bool) -> bool:
    """Fill the windows of the run's contestants; pause where nothing can move."""
    moved = _give_up_absent(run)
    fetching.wait_to_ask()
    budget = Budget(run)
    for contestant in _with_work(run):
        moved += _ask_of(run, contestant, budget)
    if not moved and not is_moving:
        _pause(run, budget)
    return moved > 0


def _give_up_absent(run: Run) -> int:
    """Fail what is wanted of contestants that will not be asked any more."""
    unanswered = run.items.open().exclude(
        answer__state__in=[*ENDED, Answer.State.FETCHING]
    )
    absent = Contestant.objects.filter(
        pk__in=run.items.open().values("contestant"),
        state__in=[Contestant.State.DRAFT, Contestant.State.RETIRED],
    )
    return sum(
        unanswered.filter(contestant=one).update(
            state=RunItem.State.FAILED,
            note=f"{one.name} is {one.state} and is not asked.",
        )
        for one in absent
    )


def _with_work(run: Run) -> list[Contestant]:
    waiting = run.items.filter(state=RunItem.State.WAITING)
    chosen = Contestant.objects.active().filter(pk__in=waiting.values("contestant"))
    return list(chosen.order_by("pk"))


def _ask_of(run: Run, contestant: Contestant, budget: Budget) -> int:
    """Ask a contestant's next items, up to its window; return how many."""
    items = run.items.filter(contestant=contestant)
    places = AHEAD * contestant.concurrency - items.under_way().count()
    if places <= 0:
        return 0
    waiting = items.filter(state=RunItem.State.WAITING).with_what_is_asked()
    asked: list[RunItem] = []
    to_fetch = 0
    for item in waiting.order_by("number")[: max(LOOKED_AT, 2 * places)]:
        if to_fetch < places and _ask_or_fail(run, item, budget):
            asked.append(item)
            to_fetch += item.paid
    RunItem.objects.bulk_update(asked, ["state", "answer", "paid", "note"])
    fetching.request_fetches([contestant.pk] * to_fetch)
    return len(asked)


def _ask_or_fail(run: Run, item: RunItem, budget: Budget) -> bool:
    """As `_ask`; an item that breaks ends there, and not its run."""
    try:
        with transaction.atomic():
            return _ask(run, item, budget)
    except PASSING:
        raise
    except Exception as error:
        item.answer, item.paid = None, False
        _break_off(item, error, done="asked")
        _fail_later_turns(item)
        return True


def _ask(run: Run, item: RunItem, budget: Budget) -> bool:
    """Find or queue an item's answer; false where it has to wait."""
    if note := _taken_back(item):
        item.state, item.note = RunItem.State.FAILED, note
        return True
    messages = KINDS[run.kind].messages(item)
    if messages is None:
        return False
    answer = fetching.find_answer(contestant=item.contestant, messages=messages)
    if answer is None or answer.state == Answer.State.FAILED:
        if not budget.allows(item.contestant, messages):
            return False
        answer, item.paid = _call(run, item, messages)
    item.answer, item.state = answer, RunItem.State.ASKED
    if item.paid:
        budget.take(item.contestant, messages)
    return True


def _taken_back(item: RunItem) -> str:
    """Why what was planned may not be sent any more; empty where it may."""
    if item.battle and item.battle.withdrawn_at:
        return "The pair has been withdrawn."
    if item.scored and not item.scored.messages:
        return "The answer has been deleted."
    prompt = item.battle.prompt if item.battle else item.prompt
    if prompt and prompt.state != Prompt.State.APPROVED:
        return "The prompt is not approved any more."
    return ""


def _call(run: Run, item: RunItem, messages: Messages) -> tuple[Answer, bool]:
    """Have a call made, unless somebody else has it made at this very moment."""
    answer, is_new = fetching.find_or_queue(
        contestant=item.contestant,
        messages=messages,
        overrides=KINDS[run.kind].overrides(item),
    )
    # What failed before is asked for once more.
    return answer, is_new or bool(fetching.queue_anew(answer_ids=[answer.pk]))


# Holding


def _pause(run: Run, budget: Budget) -> None:
    note = budget.refusal or _absence(run) or STUCK
    Run.objects.filter(pk=run.pk).update(state=Run.State.PAUSED, note=note[:300])
    logger.info("run %s paused", run.pk)


def _absence(run: Run) -> str:
    """Who would have to be active; empty where nobody is missed."""
    missed = Contestant.objects.filter(
        pk__in=run.items.open().values("contestant"), state=Contestant.State.PAUSED
    )
    names = ", ".join(missed.order_by("name").values_list("name", flat=True))
    return f"Paused: {names}. Activate and resume the run." if names else ""
