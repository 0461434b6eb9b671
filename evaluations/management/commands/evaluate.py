from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluations import runs
from evaluations.management.called import contestants_called, set_called
from evaluations.management.following import (
    add_run_options,
    follow,
    is_confirmed,
    propose,
    tell_end,
)
from evaluations.models import Run
from evaluations.runs import RunRefused


class Command(BaseCommand):
    help = "Have contestants answer every prompt of a question set."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("set", nargs="?", help="The slug of the question set")
        parser.add_argument(
            "--contestants",
            default="all",
            metavar="SLUG,SLUG",
            help="Who is asked; all who play, unless named",
        )
        parser.add_argument(
            "--freeze", action="store_true", help="Freeze the set if it is not yet"
        )
        parser.add_argument("--resume", type=int, metavar="RUN", help="Go on with it")
        parser.add_argument(
            "--retry-failed", action="store_true", help="With --resume: ask those again"
        )
        add_run_options(parser)

    def handle(self, **options: Any) -> None:
        try:
            if options["resume"]:
                self._resume(**options)
            elif options["set"]:
                self._begin(**options)
            else:
                raise CommandError("Name a question set, or a run with --resume.")
        except RunRefused as refused:
            raise CommandError(str(refused)) from None

    def _begin(self, **options: Any) -> None:
        run = runs.open_evaluation(
            prompt_set=set_called(options["set"]),
            contestants=contestants_called(options["contestants"]),
            spend_limit=options["spend_limit"],
        )
        self._propose(run, **options)

    def _propose(
        self, run: Run, *, freeze: bool, is_kept: bool = False, **options: Any
    ) -> None:
        propose(
            self,
            run,
            dry_run=options["dry_run"],
            yes=options["yes"],
            is_free=lambda: self._may_freeze(run, freeze),
            is_kept=is_kept,
        )

    def _may_freeze(self, run: Run, is_told: bool) -> bool:
        """Ask whether the start may freeze a set that is still open."""
        is_answered = run.kind == Run.Kind.EVALUATION
        if not is_answered or not run.prompt_set or run.prompt_set.frozen_at:
            return True
        title, version = run.prompt_set, run.prompt_set.version
        self.stdout.write(
            f"{title} is frozen at version {version} with the start: no question of it "
            "can be changed any more."
        )
        if is_told or is_confirmed("Freeze it?"):
            return True
        self.stdout.write("Say --freeze to have it frozen.")
        return False

    def _resume(self, *, resume: int, **options: Any) -> None:
        run = Run.objects.filter(pk=resume).first()
        if run is None:
            raise CommandError(f"There is no run {resume}.")
        if run.state == Run.State.PLANNED:
            self._propose(run, is_kept=True, **options)
            return
        if options["retry_failed"]:
            runs.retry_failed(run=run)
        if run.state == Run.State.PAUSED:
            runs.resume_run(run=run, spend_limit=options["spend_limit"])
        if run.state == Run.State.RUNNING:
            follow(self, run)
        else:
            tell_end(self, run)
