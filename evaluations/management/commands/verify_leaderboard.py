from django.core.management.base import BaseCommand, CommandError

from evaluations.leaderboard import tables, verify


class Command(BaseCommand):
    help = "Compute the newest tables once more; each figure must come out to the bit."

    def handle(self, **options: object) -> None:
        wrong = []
        for name, adjustment in tables():
            title = f"{name} ({adjustment})" if adjustment else name
            found = verify(name, adjustment)
            self.stdout.write(f"{title}: {'differs' if found else 'comes out'}")
            wrong += [f"{title}: {line}" for line in found]
        if wrong:
            raise CommandError("\n".join(wrong))
