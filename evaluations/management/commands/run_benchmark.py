from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluations import runs
from evaluations.management.called import benchmark_called, contestants_called
from evaluations.management.following import add_run_options, in_columns, propose
from evaluations.models import Run
from evaluations.runs import RunRefused


class Command(BaseCommand):
    help = "Have contestants take a benchmark; evaluate --resume takes a run up again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("benchmark", help="The slug of the benchmark")
        parser.add_argument(
            "--contestants",
            default="all",
            metavar="SLUG,SLUG",
            help="Who is asked; all who play, unless named",
        )
        add_run_options(parser)

    def handle(self, **options: Any) -> None:
        try:
            self._begin(**options)
        except RunRefused as refused:
            raise CommandError(str(refused)) from None

    def _begin(self, *, dry_run: bool, yes: bool, **options: Any) -> None:
        run = runs.open_benchmark(
            benchmark=benchmark_called(options["benchmark"]),
            contestants=contestants_called(options["contestants"]),
            spend_limit=options["spend_limit"],
        )
        if propose(self, run, dry_run=dry_run, yes=yes):
            self.stdout.write(_scores(run))


def _scores(run: Run) -> str:
    """What the run brought, the best first."""
    rows = [
        (
            score.reported_as,
            f"{score.correct} of {score.items}",
            f"{score.value:.1f} %",
            f"({score.failed} without reply)" if score.failed else "",
        )
        for score in run.scores.order_by("-value", "reported_as")
    ]
    return in_columns(rows) if rows else "There is no score: it is not finished."
