import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluations.importers import (
    IMPORTERS,
    BadInput,
    Report,
    SetFields,
    import_data,
)
from evaluations.leaderboard import publish, publish_slices
from evaluations.management.progress import Progress

# Option, field and help: what a file of questions does not say of itself.
SET_OPTIONS = (
    ("--set", "slug", "Address of the set, for example house-rules"),
    ("--title", "title", "The set's title"),
    ("--licence", "licence", "The licence its questions are under"),
    ("--source", "source", "Who made it, or where it is from"),
    ("--language", "language", "Language of questions that name none (en)"),
    ("--freeze", "freeze_at", "Freeze the set at this version afterwards"),
)


class Command(BaseCommand):
    help = "Bring outside data in; running it twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", choices=sorted(IMPORTERS))
        parser.add_argument("path", type=Path, help="The folder or file of that format")
        parser.add_argument(
            "--dry-run", action="store_true", help="Check all and count; write nothing"
        )
        for option, field, text in SET_OPTIONS:
            parser.add_argument(option, dest=field, default="", help=text)

    def handle(self, *, format: str, path: Path, dry_run: bool, **options: Any) -> None:
        fields = SetFields(**{field: options[field] for _, field, _ in SET_OPTIONS})
        try:
            with Progress(sys.stderr) as progress:
                report = import_data(
                    format=format,
                    path=path,
                    dry_run=dry_run,
                    progress=progress,
                    fields=fields,
                )
        except BadInput as bad:
            problems = [_as_typed(problem) for problem in bad.problems]
            raise CommandError("\n".join([*problems, "Nothing was written."])) from None
        self.stdout.write("\n".join([_table(report), *report.notes]))
        if dry_run:
            self.stdout.write("Tried only: nothing was written.")
        elif report.added:
            publish()
            publish_slices()


def _as_typed(problem: str) -> str:
    """With the option in place of the field's name that a problem begins with."""
    name, colon, sentence = problem.partition(":")
    options = {field: option for option, field, _ in SET_OPTIONS}
    return options.get(name, name) + colon + sentence


def _table(report: Report) -> str:
    lines = [f"{'':<12}{'added':>8}{'changed':>10}{'already there':>16}"]
    lines += [
        f"{count.kind:<12}{count.added:>8,}{count.changed:>10,}"
        f"{count.already_there:>16,}"
        for count in report.counts
    ]
    return "\n".join(lines)
