from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from evaluations.importers.starter import load_starter_pack


class Command(BaseCommand):
    help = "Add the house programs and the starter prompts that are not there yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Count only; write nothing"
        )

    def handle(self, *, dry_run: bool, verbosity: int, **options: object) -> None:
        report = load_starter_pack(dry_run=dry_run)
        if verbosity == 0:
            return
        for count in report.counts:
            self.stdout.write(
                f"{count.kind}: {count.added} added, {count.already_there} there before"
            )
        if dry_run:
            self.stdout.write("Tried only: nothing was written.")
