"""When an administrator should look: a leader that hangs on few votes."""

from dataclasses import dataclass

from django.conf import settings

from evaluations.auditing.running import latest


@dataclass(frozen=True)
class Alarm:
    """votes: whose removal changes the leader, None where no removal does.

    raised: they are fewer than the setting, or by_one: a volunteer alone, whose key is
    given while known, keeps the leader ahead
    """

    raised: bool
    votes: int | None
    by_one: bool
    turning_volunteer: int | None


def alarm() -> Alarm | None:
    """Of the largest group in the newest audit; None where there is nothing to lead."""
    newest = latest()
    groups = newest.results["groups"] if newest else []
    if newest is None or not groups:
        return None
    leader = groups[0]["leader"]
    votes = leader["votes"]
    few = votes is not None and votes < settings.ARENA_FRAGILE_VOTES
    turning = newest.turning_volunteer_id
    alone = groups[0]["left_out"]["volunteer"]
    by_one = bool(alone and alone["turns"])
    return Alarm(few or by_one, votes, by_one, turning)
