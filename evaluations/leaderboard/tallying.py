"""From the ledger's changes to tallies, each exactly once."""

from django.db import connection, transaction

from evaluations.models import Prompt, TallyMark, Vote
from evaluations.models.ledger import (
    MERGE_CHANGES,
    RECOUNT_CHANGES,
    RECOUNT_VOTES,
    current_horizon,
)


def roll_up() -> int:
    """Bring the tallies up to date; return the number of changes taken in.

    Takes the changes of finished transactions only: those below the oldest one still
    running. A plain `id > last` would skip a slow transaction for ever.
    """
    with transaction.atomic():
        mark = locked_mark()
        horizon = current_horizon()
        if mark.transaction > horizon:
            # The database was restored elsewhere and counts transactions anew.
            _recount(mark)
            return 0
        with connection.cursor() as cursor:
            cursor.execute(
                MERGE_CHANGES, {"mark": mark.transaction, "horizon": horizon}
            )
            taken = int(cursor.fetchone()[0])
        if taken:
            mark.transaction = horizon
            mark.save(update_fields=["transaction"])
    return taken


def rebuild_tallies() -> None:
    """Count all votes anew; what changes meanwhile is rolled up afterwards."""
    with transaction.atomic():
        _recount(locked_mark())


def count_again(*, prompt: Prompt) -> bool:
    """Count all votes anew where a prompt that was voted on belongs to other slices.

    Call it in the transaction that changes the prompt; say whether it was needed.
    """
    # Also one that is about to count: it may have noted the former slices just now.
    voted_on = Vote.objects.standing().filter(battle__prompt=prompt).exists()
    if voted_on:
        rebuild_tallies()
    return voted_on


def locked_mark() -> TallyMark:
    """The mark, held until the transaction's end."""
    TallyMark.objects.bulk_create([TallyMark()], ignore_conflicts=True)
    return TallyMark.objects.select_for_update().get()


def _recount(mark: TallyMark) -> None:
    with connection.cursor() as cursor:
        # No change may come in between the count and the new mark.
        cursor.execute("LOCK TABLE evaluations_tallychange IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(RECOUNT_CHANGES)
        cursor.execute(RECOUNT_VOTES)
    mark.transaction = current_horizon()
    mark.save(update_fields=["transaction"])
