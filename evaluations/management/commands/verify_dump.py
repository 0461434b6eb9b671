from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from evaluations.dumps import DumpBroken, verify


class Command(BaseCommand):
    help = "Recompute a dump's sums and compare its formats row by row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="Folder with checksums.txt in it")

    def handle(self, *, path: Path, **options: object) -> None:
        try:
            verified = verify(path)
        except DumpBroken as broken:
            raise CommandError(f"{path} is not sound.\n{broken}") from None
        rows = ", ".join(f"{number:,} {name}" for name, number in verified.rows.items())
        self.stdout.write(f"{path} is sound: {verified.files} files, {rows}.")
