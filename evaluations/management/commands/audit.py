import sys

from django.core.management.base import BaseCommand, CommandError

from evaluations import auditing
from evaluations.management.progress import Progress


class Command(BaseCommand):
    help = "Audit the rating table now: fragility, influence, reliability."

    def handle(self, **options: object) -> None:
        try:
            with Progress(sys.stderr) as progress:
                audit = auditing.run_audit(progress=progress)
        except auditing.AuditUnderWay:
            raise CommandError("Another process makes an audit just now.") from None
        took = (audit.finished_at - audit.started_at).total_seconds()
        self.stdout.write(
            f"Audited {audit.votes:,} votes of {audit.volunteers:,} volunteers "
            f"in {took:.1f} s: /about/robustness"
        )
