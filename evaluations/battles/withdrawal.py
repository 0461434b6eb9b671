"""Take a battle back, and its votes out of the tallies."""

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from evaluations.models import Battle, Vote
from evaluations.models.ledger import record_tally_changes
from evaluations.models.votes import VoteQuerySet

REASON_LENGTH = 200


def withdraw_battle(*, battle: Battle, reason: str) -> bool:
    """Take a battle off the queue and out of the table; say whether it stood.

    Its votes stay in the ledger, but a dump leaves them out, and so must the tallies.
    What is wrong with a pair is wrong with its repeats, and the other way round.
    """
    with transaction.atomic():
        # Held first and by key: two withdrawals never wait for each other in a ring.
        original = battle.repeat_of_id or battle.pk
        same_pair = Battle.objects.filter(Q(pk=original) | Q(repeat_of=original))
        held = same_pair.order_by("pk").select_for_update(no_key=True)
        standing = {each.pk for each in held if each.withdrawn_at is None}
        _leave_out(Vote.objects.filter(battle__in=standing))
        Battle.objects.filter(pk__in=standing).update(
            withdrawn_at=Now(), withdrawn_reason=reason[:REASON_LENGTH]
        )
    return battle.pk in standing


def _leave_out(votes: VoteQuerySet) -> None:
    # Pending ones first, under their locks: a sweep that has one in hand is waited
    # for, and one that comes later finds it counted and adds nothing.
    pending = list(votes.pending().select_for_update().values_list("pk", flat=True))
    Vote.objects.filter(pk__in=pending).update(state=Vote.State.COUNTED)
    tallied = votes.counted().exclude(pk__in=pending)
    record_tally_changes(tallied.values_list("pk", flat=True), delta=-1)
