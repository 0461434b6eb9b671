from django.core.management.base import BaseCommand
from django.db.models import Sum

from evaluations.leaderboard import rebuild_tallies
from evaluations.models import Tally
from evaluations.models.tallies import ALL


class Command(BaseCommand):
    help = "Count all votes anew, should the tallies ever differ from the ledger."

    def handle(self, **options: object) -> None:
        rebuild_tallies()
        votes = Tally.objects.filter(slice=ALL).aggregate(votes=Sum("count"))["votes"]
        self.stdout.write(f"The tallies hold {votes or 0:,} votes now.")
