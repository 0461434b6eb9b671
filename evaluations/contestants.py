"""The life of a contestant: draft, active, paused, retired; each change is logged."""

import re

from django.contrib.auth.models import User
from django.db import transaction

from evaluations import enqueue
from evaluations.models import Contestant, ContestantChange

State = Contestant.State
# Any other variable of the process may be a secret that no provider must see.
KEY_VARIABLE = re.compile(r"ARENA_PROVIDER_KEY_[A-Z0-9_]+")
WAYS = {
    State.DRAFT: {State.ACTIVE},
    State.ACTIVE: {State.PAUSED, State.RETIRED},
    State.PAUSED: {State.ACTIVE, State.RETIRED},
    State.RETIRED: {State.ACTIVE},
}


class StateRefused(Exception):
    """The contestant cannot go from its state to the wanted one."""

    def __init__(self, contestant: Contestant, sentence: str) -> None:
        super().__init__(f"{contestant.name}: {sentence}")


def change_state(
    *,
    contestant: Contestant,
    to: str,
    by: User | None = None,
    note: str = "",
) -> ContestantChange:
    """Move a contestant to another state and append the change to its log."""
    with transaction.atomic():
        # The row lock keeps two admins from logging the same change twice.
        locked = Contestant.objects.select_for_update(no_key=True).get(pk=contestant.pk)
        _check_way(locked, to)
        change = ContestantChange.objects.create(
            contestant=locked, from_state=locked.state, to_state=to, note=note, by=by
        )
        locked.state = State(to)
        locked.failures_in_row = 0
        locked.save(update_fields=["state", "failures_in_row"])
        enqueue.on_commit("fill_queue")
    contestant.state, contestant.failures_in_row = locked.state, 0
    return change


def _check_way(contestant: Contestant, to: str) -> None:
    here = State(contestant.state)
    if to not in WAYS[here]:
        raise StateRefused(contestant, f"is {here.value} and cannot become {to}.")
    if to != State.ACTIVE or contestant.is_house_program:
        return
    if not contestant.base_url or not contestant.api_model:
        raise StateRefused(
            contestant,
            "has no base URL or no API model name yet; it needs both.",
        )
