"""Runs: many calls asked together, under a limit of what may be spent.

Each kind of run is one module of the house with `plan`, `messages`, `settle` and
`finish`; the engine plans, estimates, asks, waits and ends.
"""

from evaluations.runs.advancing import SECONDS_BETWEEN_STEPS, advance_run, due_runs
from evaluations.runs.estimating import Estimate, EstimateLine, estimate
from evaluations.runs.kinds import KINDS, Kind
from evaluations.runs.opening import (
    discard_run,
    open_benchmark,
    open_evaluation,
    open_judging,
    start_run,
)
from evaluations.runs.planning import plan_run
from evaluations.runs.spending import spent_on
from evaluations.runs.states import (
    Failure,
    RunProgress,
    RunRefused,
    failures_of,
    pause_run,
    progress_of,
    resume_run,
    retry_failed,
    stop_run,
)
from evaluations.runs.working import OwnWorker

__all__ = [
    "KINDS",
    "SECONDS_BETWEEN_STEPS",
    "Estimate",
    "EstimateLine",
    "Failure",
    "Kind",
    "OwnWorker",
    "RunProgress",
    "RunRefused",
    "advance_run",
    "discard_run",
    "due_runs",
    "estimate",
    "failures_of",
    "open_benchmark",
    "open_evaluation",
    "open_judging",
    "pause_run",
    "plan_run",
    "progress_of",
    "resume_run",
    "retry_failed",
    "spent_on",
    "start_run",
    "stop_run",
]
