from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from evaluations.discovery import find_local_models


class Command(BaseCommand):
    help = "Look for model servers on this machine and offer their models as drafts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--own-port",
            type=int,
            default=settings.PORT,
            help="The port the arena itself listens on, which is left out.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        drafts = find_local_models(own_port=options["own_port"])
        for draft in drafts:
            self.stdout.write(f"draft: {draft.name} at {draft.base_url}")
        if not drafts:
            self.stdout.write("No new model was found on the usual local ports.")
