"""Celery's doors to the domain: one call each, safe to run twice."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from evaluations import (
    auditing,
    battles,
    dumps,
    enqueue,
    events,
    fetching,
    leaderboard,
    live,
    markdown,
    moderation,
    runs,
    studies,
    voting,
)
from evaluations.fetching.claims import Wait
from evaluations.importers import uploads

# A task gives its thread back after so many answers; the sweep sends another.
ANSWERS_AT_ONCE = 25


@shared_task(name="evaluations.fetch_answers")
def fetch_answers(contestant_id: int) -> None:
    for _ in range(ANSWERS_AT_ONCE):
        fetched = fetching.fetch_next(contestant_id=contestant_id)
        if isinstance(fetched, Wait):
            fetching.resume_later(contestant_id=contestant_id, seconds=fetched.seconds)
        if fetched is not True:
            return
    enqueue.now("fetch_answers", contestant_id)


@shared_task(name="evaluations.resume_fetches")
def resume_fetches(contestant_id: int) -> None:
    fetching.resume(contestant_id=contestant_id)


@shared_task(name="evaluations.test_contestant")
def test_contestant(test_id: int) -> None:
    if wait := fetching.run_test(test_id=test_id):
        enqueue.now("test_contestant", test_id, countdown=wait.seconds)


@shared_task(name="evaluations.sweep_answers")
def sweep_answers() -> None:
    fetching.sweep()


@shared_task(name="evaluations.fill_queue")
def fill_queue() -> None:
    battles.fill_queue()


@shared_task(name="evaluations.stream_turn")
def stream_turn(turn_id: int) -> None:
    live.stream_turn(turn_id=turn_id)


@worker_ready.connect
def warm_up(sender: Any, **_: Any) -> None:
    if "live" in sender.app.amqp.queues.consume_from:
        markdown.warm_up()


@shared_task(name="evaluations.sweep_live")
def sweep_live() -> None:
    live.sweep()


@shared_task(name="evaluations.settle_votes")
def settle_votes() -> None:
    if voting.settle_votes():
        enqueue.now("publish_leaderboard")


@shared_task(name="evaluations.publish_leaderboard")
def publish_leaderboard() -> None:
    leaderboard.publish()


@shared_task(name="evaluations.publish_slices")
def publish_slices() -> None:
    leaderboard.publish_slices()


@shared_task(name="evaluations.refine_leaderboards")
def refine_leaderboards() -> None:
    leaderboard.publish_slices(careful=True)


@shared_task(name="evaluations.thin_leaderboards")
def thin_leaderboards() -> None:
    leaderboard.thin_out()


@shared_task(name="evaluations.audit")
def audit() -> None:
    auditing.run_due_audit()


@shared_task(name="evaluations.make_studies")
def make_studies() -> None:
    studies.make_due_studies()


@shared_task(name="evaluations.advance_runs")
def advance_runs() -> None:
    for run_id in runs.due_runs():
        enqueue.now("advance_run", run_id, expires=3 * runs.SECONDS_BETWEEN_STEPS)


@shared_task(name="evaluations.advance_run")
def advance_run(run_id: int) -> None:
    runs.advance_run(run_id=run_id)


@shared_task(name="evaluations.group_prompts")
def group_prompts() -> None:
    moderation.group_prompts()


@shared_task(name="evaluations.beat_heart")
def beat_heart() -> None:
    events.beat_heart()


@shared_task(name="evaluations.build_dump")
def build_dump(dump_id: int) -> None:
    dumps.build_dump(dump_id=dump_id)


@shared_task(name="evaluations.build_due_dump")
def build_due_dump() -> None:
    dumps.build_due_dump()


@shared_task(name="evaluations.run_import")
def run_import(job_id: int) -> None:
    uploads.run(job_id=job_id)


@shared_task(name="evaluations.sweep_imports")
def sweep_imports() -> None:
    uploads.sweep()
