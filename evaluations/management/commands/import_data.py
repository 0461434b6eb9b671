import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from evaluations.importers import IMPORTERS, BadInput, Report, import_data
from evaluations.leaderboard import publish, publish_slices
from evaluations.management.progress import Progress


class Command(BaseCommand):
    help = "Bring outside data in; running it twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", choices=sorted(IMPORTERS))
        parser.add_argument("path", type=Path, help="The folder or file of that format")
        parser.add_argument(
            "--dry-run", action="store_true", help="Check all and count; write nothing"
        )

    def handle(
        self, *, format: str, path: Path, dry_run: bool, **options: object
    ) -> None:
        try:
            with Progress(sys.stderr) as progress:
                report = import_data(
                    format=format, path=path, dry_run=dry_run, progress=progress
                )
        except BadInput as bad:
            raise CommandError(f"{bad}\nNothing was written.") from None
        self.stdout.write("\n".join([_table(report), *report.notes]))
        if dry_run:
            self.stdout.write("Tried only: nothing was written.")
        elif report.added:
            publish()
            publish_slices()


def _table(report: Report) -> str:
    lines = [f"{'':<12}{'added':>8}{'already there':>16}"]
    lines += [
        f"{count.kind:<12}{count.added:>8,}{count.already_there:>16,}"
        for count in report.counts
    ]
    lines += [
        f"{count.kind}: {count.changed:,} changed, the new values were taken."
        for count in report.counts
        if count.changed
    ]
    return "\n".join(lines)
