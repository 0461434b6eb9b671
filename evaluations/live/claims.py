"""Claims on turns: one worker streams a turn, and only while its lease lives."""

import time
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now

from evaluations.fetching.claims import Claim
from evaluations.fetching.leases import LeaseKeeper, Terms
from evaluations.models import Answer, Battle, BattleTurn, Contestant, LiveTurn
from evaluations.models.live import LiveTurnQuerySet

# How far the numbers of frames jump for a worker that takes over: none that the lost
# one sent, and had not written down, may come again.
SEQ_JUMP = 10_000
_WRITE_DOWN = """
    UPDATE evaluations_liveturn SET seq = %s, html_x = %s, html_y = %s,
        begun_at = CASE WHEN %s THEN coalesce(begun_at, now()) ELSE begun_at END
    WHERE turn_id = %s AND lease_token = %s
    RETURNING stop_asked_at IS NOT NULL
"""


@dataclass(frozen=True)
class TurnClaim:
    """The right to stream a turn, and to ask once for each answer that is missing."""

    live: LiveTurn
    token: uuid.UUID
    asked_at: float  # monotonic seconds before the lease was given

    @property
    def turn(self) -> BattleTurn:
        return self.live.turn

    @property
    def battle(self) -> Battle:
        return self.live.turn.battle

    def of(self, answer: Answer) -> Claim:
        return Claim(answer, answer.contestant, self.token, self.asked_at)

    def own(self) -> LiveTurnQuerySet:
        """The turn's row, as long as the claim holds."""
        return LiveTurn.objects.filter(pk=self.live.pk, lease_token=self.token)

    def write_down(
        self, *, seq: int, html_x: str, html_y: str, begun: bool
    ) -> bool | None:
        """Keep what the pages were given; say whether a stop has been asked for.

        None where the turn was taken away.
        """
        values = [seq, html_x, html_y, begun, self.live.pk, self.token]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE_DOWN, values)
            row = cursor.fetchone()
        return bool(row[0]) if row else None


def claim_turn(turn_id: int) -> TurnClaim | None:
    """Claim a turn that waits for a worker; None where there is nothing to do."""
    asked_at, token = time.monotonic(), uuid.uuid4()
    lease = {"lease_token": token, "lease_until": lease_end()}
    with transaction.atomic():
        # The turn's own columns stand in the UPDATE itself, which looks at them again
        # where another worker was first.
        of_open = BattleTurn.objects.filter(battle__live__ended_at__isnull=True)
        waiting = LiveTurn.objects.waiting().filter(pk=turn_id, turn__in=of_open)
        if not waiting.update(seq=F("seq") + SEQ_JUMP, **lease):
            return None
        _claim_answers(turn_id, lease)
        live = LiveTurn.objects.select_related(
            "turn__battle__live",
            "turn__answer_x__contestant",
            "turn__answer_y__contestant",
        ).get(pk=turn_id)
    return TurnClaim(live, token, asked_at)


def _claim_answers(turn_id: int, lease: dict[str, object]) -> None:
    """Claim those of a turn's answers that are still to be asked for."""
    turn = BattleTurn.objects.filter(pk=turn_id).order_by()
    mine = Q(pk__in=turn.values("answer_x")) | Q(pk__in=turn.values("answer_y"))
    own = Contestant.objects.filter(pk=OuterRef("contestant")).order_by()
    Answer.objects.filter(mine, state=Answer.State.QUEUED).update(
        state=Answer.State.FETCHING,
        claims=F("claims") + 1,
        started_at=Now(),
        parameters=Subquery(own.values("parameters")),
        **lease,
    )


def lease_end() -> object:
    """The end of a lease given now, by the database's clock."""
    return Now() + timedelta(seconds=settings.ARENA_LIVE_LEASE_SECONDS)


def renew(tokens: list[uuid.UUID]) -> set[uuid.UUID]:
    """Prolong the leases that still live, of turns and their answers; return those."""
    with transaction.atomic():
        living = list(
            LiveTurn.objects.held()
            .filter(lease_token__in=tokens)
            .select_for_update()
            .values_list("lease_token", flat=True)
        )
        LiveTurn.objects.filter(lease_token__in=living).update(lease_until=lease_end())
        Answer.objects.filter(lease_token__in=living).update(lease_until=lease_end())
    return {token for token in living if token is not None}


keeper = LeaseKeeper(
    Terms(
        renew=renew,
        lease_seconds=lambda: settings.ARENA_LIVE_LEASE_SECONDS,
        renew_seconds=lambda: settings.ARENA_LIVE_LEASE_SECONDS / 4,
    )
)
