from django.core.management.base import BaseCommand

from evaluations.leaderboard import latest, publish, publish_slices


class Command(BaseCommand):
    help = "Publish the rating tables now, if anything has changed since the last."

    def handle(self, **options: object) -> None:
        published = publish()
        publish_slices(careful=True)
        table = published or latest()
        if table is None:
            self.stdout.write("There is nothing to rate: no vote counts yet.")
            return
        done = "Published" if published else "Nothing has changed since"
        self.stdout.write(f"{done} the {table} from {table.votes:,} votes.")
