"""Take a battle back, and its votes out of the tallies."""

from django.db import transaction
from django.db.models.functions import Now

from evaluations.models import Battle, Vote
from evaluations.models.ledger import record_tally_changes
from evaluations.models.votes import VoteQuerySet

REASON_LENGTH = 200


def withdraw_battle(*, battle: Battle, reason: str) -> bool:
    """Take a battle off the queue and out of the table; say whether it stood.

    Its votes stay in the ledger, but a dump leaves them out, and so must the tallies.
    """
    with transaction.atomic():
        standing = Battle.objects.filter(pk=battle.pk, withdrawn_at__isnull=True)
        if not standing.select_for_update().exists():
            return False
        _leave_out(Vote.objects.filter(battle=battle))
        standing.update(withdrawn_at=Now(), withdrawn_reason=reason[:REASON_LENGTH])
    return True


def _leave_out(votes: VoteQuerySet) -> None:
    # Pending ones first, under their locks: a sweep that has one in hand is waited
    # for, and one that comes later finds it counted and adds nothing.
    pending = list(votes.pending().select_for_update().values_list("pk", flat=True))
    Vote.objects.filter(pk__in=pending).update(state=Vote.State.COUNTED)
    tallied = votes.counted().exclude(pk__in=pending)
    record_tally_changes(tallied.values_list("pk", flat=True), delta=-1)
