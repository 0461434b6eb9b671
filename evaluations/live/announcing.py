"""What open pages are told, over the channel layer."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from evaluations import events
from evaluations.live.snapshots import snapshot_of, told
from evaluations.models import Battle, LiveBattle

RESYNC, STOP = "resync", "stop"


def group_of(battle_id: UUID) -> str:
    return f"battle.{battle_id}"


def asked_key(battle_id: UUID) -> str:
    """Where pages leave a word for the worker that streams the battle."""
    return f"arena:live:{battle_id}:asked"


def send_frames(battle_id: UUID, frames: Iterable[Mapping[str, Any]]) -> set[str]:
    """Send frames to the battle's pages; return what the pages have asked for."""
    return events.announce(
        group_of(battle_id), _message(frames), asked=asked_key(battle_id)
    )


def _message(frames: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    texts = [json.dumps(frame, separators=(",", ":")) for frame in frames]
    return {"type": "frames", "texts": texts} if texts else {}


def state_frame(battle_pk: int) -> dict[str, Any]:
    live = LiveBattle.objects.select_related("battle__prompt").get(pk=battle_pk)
    return {"type": "state", **told(snapshot_of(live))}


def announce_state(battle: Battle) -> None:
    """Tell the battle's pages how it stands, once this transaction has committed."""

    def announce() -> None:
        message = _message([state_frame(battle.pk)])
        events.announce(group_of(battle.public_id), message)

    transaction.on_commit(announce)
