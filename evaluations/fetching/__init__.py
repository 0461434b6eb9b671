"""Fetch answers: claim one under a lease, ask the provider, store what came."""

from evaluations.fetching.asking import fetch_next
from evaluations.fetching.requests import (
    failure_counts,
    find_answer,
    find_or_queue,
    queue_anew,
    request_answer,
    request_fetches,
    retry_failed,
    wait_to_ask,
)
from evaluations.fetching.storing import EQUAL_ANSWERS, PAUSED_AFTER_FAILURES
from evaluations.fetching.sweeping import sweep
from evaluations.fetching.testing import request_test, run_test
from evaluations.fetching.waiting import resume, resume_later

__all__ = [
    "EQUAL_ANSWERS",
    "PAUSED_AFTER_FAILURES",
    "failure_counts",
    "fetch_next",
    "find_answer",
    "find_or_queue",
    "queue_anew",
    "request_answer",
    "request_fetches",
    "request_test",
    "resume",
    "resume_later",
    "retry_failed",
    "run_test",
    "sweep",
    "wait_to_ask",
]
