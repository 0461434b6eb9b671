import sys

from django.core.management.base import BaseCommand, CommandError

from evaluations import dumps
from evaluations.management.progress import Progress
from evaluations.models import Dump


class Command(BaseCommand):
    help = "Build and publish a dump of the counted votes here and now."

    def handle(self, **options: object) -> None:
        try:
            with Progress(sys.stderr) as progress:
                dump = dumps.publish_dump(progress=progress)
        except dumps.DumpUnderWay as refusal:
            raise CommandError(str(refusal)) from None
        if dump.state != Dump.State.PUBLISHED:
            raise CommandError(f"Dump {dump} was not published. {dump.note}")
        self.stdout.write(
            f"Published dump {dump}: {dump.votes:,} votes and "
            f"{dump.conversations:,} conversations in {dumps.folder_of(dump.version)}"
        )
