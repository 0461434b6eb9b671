from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from evaluations import judging, runs
from evaluations.judging import JudgingRefused
from evaluations.management.called import set_called
from evaluations.management.following import add_run_options, in_columns, propose
from evaluations.models import JudgeScore, JudgeVerdict, Run
from evaluations.runs import RunRefused


class Command(BaseCommand):
    help = "Have a judge model compare pairs in both orders, or score answers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("judge", help="The slug of the judge")
        parser.add_argument(
            "--template",
            default="pair",
            help="Its slug, or slug:version; one that scores needs a set",
        )
        parser.add_argument("--set", metavar="SLUG", help="Only pairs on this set")
        parser.add_argument(
            "--battles", type=int, metavar="N", help="No more battles than so many"
        )
        parser.add_argument(
            "--voted", action="store_true", help="Only pairs that people voted on"
        )
        add_run_options(parser)

    def handle(self, **options: Any) -> None:
        try:
            self._begin(**options)
        except (RunRefused, JudgingRefused) as refused:
            raise CommandError(str(refused)) from None

    def _begin(self, *, dry_run: bool, yes: bool, **options: Any) -> None:
        run = runs.open_judging(
            judge=judging.judge_called(options["judge"]),
            template=judging.newest_template(options["template"]),
            prompt_set=set_called(options["set"]) if options["set"] else None,
            voted_only=options["voted"],
            battle_limit=options["battles"],
            spend_limit=options["spend_limit"],
        )
        if propose(self, run, dry_run=dry_run, yes=yes):
            self.stdout.write(_brought(run))


def _brought(run: Run) -> str:
    """How many replies were read, could not be read, and never came."""
    kind = JudgeVerdict if run.kind == Run.Kind.JUDGING else JudgeScore
    rows = kind._default_manager.filter(run=run).order_by()
    counted = rows.values_list("state").annotate(Count("pk"))
    return in_columns([(state, f"{number:,}", "") for state, number in sorted(counted)])
