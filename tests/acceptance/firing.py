"""Act on the ledger at random from several processes, and kill the roll-up meanwhile.

    python -m tests.acceptance.firing PROCESSES ACTS

Prints how often the roll-up was killed.
"""

import contextlib
import os
import random
import secrets
import signal
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.db.models import Max  # noqa: E402

from evaluations import battles, leaderboard, voting  # noqa: E402
from evaluations.models import Battle, Vote  # noqa: E402
from evaluations.volunteers import (  # noqa: E402
    Visitor,
    give_consent,
    left_side,
    visitor_with,
)
from evaluations.voting import Refusal  # noqa: E402

VOLUNTEERS = 12
VERDICTS = Vote.Verdict.values


class Fire:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.visitors = [self._visitor() for _ in range(VOLUNTEERS)]
        self.battles = list(Battle.objects.order_by("pk"))
        self.acts = {self.cast: 12, self.undo: 3, self.withdraw: 2, self.flag: 3}
        self.acts |= {self.unflag: 1, self.settle: 2, self.recount: 0.1}
        self.acts |= {self.withdraw_battle: 0.2}

    def _visitor(self) -> Visitor:
        token = secrets.token_urlsafe(24)
        give_consent(token=token)
        return visitor_with(token=token)

    def act(self) -> None:
        (act,) = self.random.choices(list(self.acts), list(self.acts.values()))
        # Judged before, too late, withdrawn: then the arena says no.
        with contextlib.suppress(Refusal):
            act()

    def cast(self) -> None:
        visitor, battle = self._anyone(), self.random.choice(self.battles)
        voting.cast_vote(
            visitor=visitor,
            battle_id=battle.public_id,
            verdict=self.random.choice(VERDICTS),
            left=left_side(token=visitor.token, battle_id=battle.public_id),
            idempotency_key=secrets.token_hex(8),
        )

    def undo(self) -> None:
        visitor = self._anyone()
        newest = Vote.objects.filter(volunteer=visitor.volunteer).order_by("-pk")
        if vote := newest.select_related("battle").first():
            voting.undo_vote(visitor=visitor, battle_id=vote.battle.public_id)

    def withdraw(self) -> None:
        visitor = self._anyone()
        own = list(Vote.objects.filter(volunteer=visitor.volunteer)[:20])
        if own:
            vote = self.random.choice(own)
            voting.withdraw_vote(visitor=visitor, vote_id=vote.public_id)

    def flag(self) -> None:
        if vote := self._any_vote():
            voting.flag_vote(vote=vote, rule="review", reason="at random")

    def unflag(self) -> None:
        flagged = Vote.objects.filter(state=Vote.State.FLAGGED)
        if vote := flagged.order_by("?").first():
            voting.unflag_vote(vote=vote)

    def settle(self) -> None:
        voting.settle_votes()

    def recount(self) -> None:
        leaderboard.rebuild_tallies()

    def withdraw_battle(self) -> None:
        battles.withdraw_battle(battle=self.random.choice(self.battles), reason="x")

    def _anyone(self) -> Visitor:
        return self.random.choice(self.visitors)

    def _any_vote(self) -> Vote | None:
        newest = Vote.objects.aggregate(newest=Max("pk"))["newest"] or 0
        chosen = self.random.randint(0, newest)
        return Vote.objects.filter(pk__gte=chosen).order_by("pk").first()


def fire(seed: int, acts: int) -> None:
    random.seed(seed)
    own = Fire(seed)
    for _ in range(acts):
        own.act()


def roll_up_for_ever() -> None:
    while True:
        leaderboard.roll_up()
        time.sleep(random.random() * 0.02)


def forked(work: Callable[[], None]) -> int:
    """Do the work in a process of its own, which has no connection yet."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)


def main() -> None:
    processes, acts = map(int, sys.argv[1:])
    firing = {
        forked(lambda seed=seed: fire(seed, acts // processes))
        for seed in range(processes)
    }
    kills = 0
    while firing:
        rolling = forked(roll_up_for_ever)
        time.sleep(random.uniform(0.1, 0.6))
        os.kill(rolling, signal.SIGKILL)
        os.waitpid(rolling, 0)
        kills += 1
        for child in list(firing):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                assert status == 0, "a process did not come to its end"
                firing.remove(child)
    print(kills)


if __name__ == "__main__":
    main()
