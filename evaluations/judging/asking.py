"""What a judge's call is asked with, and what its reply comes to."""

from collections.abc import Callable
from typing import Any, cast

from evaluations.judging.parsing import Score, Unreadable, Verdict
from evaluations.models import Answer, Contestant, Judge, JudgeTemplate, Run, RunItem
from evaluations.models.judging import Reading


def judge_of(run: Run) -> Judge:
    """A run of this kind has one: the database holds it."""
    return cast(Judge, run.judge)


def template_of(run: Run) -> JudgeTemplate:
    return cast(JudgeTemplate, run.template)


def asked_by(run: Run) -> Contestant:
    """Whose connection the judge has; it was looked at before the run was made."""
    return cast(Contestant, judge_of(run).contestant)


def overrides_of(item: RunItem) -> dict[str, Any]:
    """What goes before the contestant's own parameters.

    A model that also plays has a system prompt of its own at times: a judge has the
    template's alone.
    """
    own = {"system": None} if "system" in item.contestant.parameters else {}
    return {**own, **template_of(item.run).parameters}


def what_came(item: RunItem, read: Callable[[str], Verdict | Score]) -> dict[str, Any]:
    """The columns of a verdict or a score that say what became of the call."""
    reply = cast(Answer, item.answer)
    came: dict[str, Any] = {
        "reply": reply,
        "run": item.run,
        "given_at": reply.finished_at,
    }
    if reply.state != Answer.State.READY:
        return came | {"state": Reading.FAILED}
    try:
        given = read(reply.text)
    except Unreadable:
        return came | {"state": Reading.UNREADABLE}
    kind = "verdict" if isinstance(given, Verdict) else "score"
    return came | {
        "state": Reading.READ,
        "reason": given.reason,
        kind: getattr(given, kind),
    }
