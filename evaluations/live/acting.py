"""What a volunteer does in a live battle: ask, ask further, stop, try again, leave."""

import uuid
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from evaluations import enqueue, events
from evaluations.live.announcing import STOP, asked_key
from evaluations.live.limits import count_message
from evaluations.live.refusals import (
    ArenaFull,
    BattleClosed,
    NoContestants,
    NothingToRetry,
    OpenBattleExists,
    PromptRefused,
    TurnsUsedUp,
)
from evaluations.live.snapshots import open_battle_of
from evaluations.live.turning import (
    ask_again,
    ask_both,
    close,
    free_contestants,
    room_for_calls,
)
from evaluations.matchmaking import PairDraw, draw_pair
from evaluations.models import (
    Battle,
    BattleTurn,
    Contestant,
    LiveBattle,
    LiveTurn,
    Prompt,
    PromptSet,
    Volunteer,
    Vote,
)
from evaluations.models.prompts import digest_of, wording_of
from evaluations.volunteers import Visitor, left_side
from evaluations.voting import (
    BattleNotReady,
    BattleUnknown,
    BattleWithdrawn,
    consenting,
)

FULL_SECONDS = 30
# ISO 639-2's word for a language that was not determined.
UNKNOWN_LANGUAGE = "und"
LIVE_SET = {
    "title": "Live questions",
    "licence": "CC BY 4.0",
    "source": "Volunteers of this arena, who agreed to the publication",
}


def open_battle(*, visitor: Visitor, text: str, publish: bool) -> Battle:
    """Put a volunteer's question to two contestants."""
    volunteer = consenting(visitor)
    text = _checked(text)
    _refuse_second(visitor)
    count_message(volunteer)
    drawn = _drawn()
    try:
        with transaction.atomic():
            battle = _write(visitor.token, volunteer, drawn, text, publish=publish)
            ask_both(battle, text)
    except IntegrityError:
        # Two at the same moment: the database lets one of them through.
        _refuse_second(visitor)
        raise
    return battle


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not text:
        raise PromptRefused("Please write a question first.")
    if len(text) > settings.ARENA_PROMPT_CHARS:
        raise PromptRefused(
            f"Your question has {len(text):,} characters; "
            f"{settings.ARENA_PROMPT_CHARS:,} are allowed."
        )
    return text


def _refuse_second(visitor: Visitor) -> None:
    live = open_battle_of(visitor=visitor)
    if live is None:
        return
    # The vote ends a battle in a second step, which may have been cut off.
    if Vote.objects.filter(battle=live.battle).exists():
        close(live.battle, LiveBattle.End.VOTED)
        return
    raise OpenBattleExists(live.battle.public_id)


def _drawn() -> PairDraw:
    if Contestant.objects.playing().count() < 2:
        raise NoContestants
    drawn = draw_pair(among=free_contestants()) if room_for_calls() else None
    if drawn is None:
        raise ArenaFull(
            "All models are busy just now. There should be room again in about "
            "half a minute; your question is kept here.",
            retry_after=FULL_SECONDS,
        )
    return drawn


def _write(
    token: str, volunteer: Volunteer, drawn: PairDraw, text: str, *, publish: bool
) -> Battle:
    public_id = uuid.uuid4()
    battle = Battle.objects.create(
        public_id=public_id,
        mode=Battle.Mode.LIVE,
        prompt=_prompt(text, public_id, publish=publish),
        contestant_x=drawn.contestant_x,
        contestant_y=drawn.contestant_y,
        draw_rule=drawn.rule,
        draw_probability=drawn.probability,
        shown=1,
    )
    LiveBattle.objects.create(
        battle=battle,
        volunteer=volunteer,
        left=left_side(token=token, battle_id=public_id),
        publish=publish,
    )
    return battle


def _prompt(text: str, battle_id: UUID, *, publish: bool) -> Prompt:
    prompt_set, _ = PromptSet.objects.get_or_create(slug="live", defaults=LIVE_SET)
    # Equal questions of two volunteers are two prompts: hence the battle in the digest.
    digest = digest_of([text, str(battle_id)])
    return Prompt.objects.create(
        prompt_set=prompt_set,
        turns=[text],
        digest=digest,
        first_digest=digest,
        wording=wording_of(text),
        language=UNKNOWN_LANGUAGE,
        origin=Prompt.Origin.LIVE,
        state=Prompt.State.PENDING if publish else Prompt.State.PRIVATE,
    )


def say(*, visitor: Visitor, battle_id: UUID, text: str) -> None:
    """Ask both contestants a further question."""
    volunteer = consenting(visitor)
    text = _checked(text)
    count_message(volunteer)
    if not room_for_calls():
        raise ArenaFull(
            "All models are busy just now; please try again in half a minute.",
            retry_after=FULL_SECONDS,
        )
    with transaction.atomic():
        battle = _locked(visitor, battle_id)
        if battle.state != Battle.State.READY:
            raise BattleNotReady("Both answers must be complete before you go on.")
        if battle.turns.count() >= settings.ARENA_LIVE_TURNS:
            raise TurnsUsedUp
        battle.prompt.turns.append(text)
        battle.prompt.save(update_fields=["turns"])
        Battle.objects.filter(pk=battle.pk).update(state=Battle.State.WAITING)
        ask_both(battle, text)


def retry(*, visitor: Visitor, battle_id: UUID) -> None:
    """Ask those whose answers did not arrive once more."""
    count_message(consenting(visitor))
    with transaction.atomic():
        battle = _locked(visitor, battle_id)
        turn = _current(battle)
        if turn.live.lease_token is not None or not ask_again(battle, turn):
            raise NothingToRetry


def stop(*, visitor: Visitor, battle_id: UUID) -> None:
    """Stop both answers where they are."""
    with transaction.atomic():
        battle = _locked(visitor, battle_id)
        turns = LiveTurn.objects.under_way().filter(turn__battle=battle)
        turns.filter(stop_asked_at__isnull=True).update(stop_asked_at=Now())
        public_id = battle.public_id
        transaction.on_commit(lambda: events.ask(asked_key(public_id), STOP))
        # Where no worker has the turn, one ends it.
        enqueue.on_commit("stream_turn", _current(battle).pk)


def leave(*, visitor: Visitor, battle_id: UUID) -> None:
    """Give a battle up, so that another one can be opened."""
    with transaction.atomic():
        battle = _locked(visitor, battle_id)
        turns = LiveTurn.objects.under_way().filter(turn__battle=battle)
        turns.update(stop_asked_at=Now())
        close(battle, LiveBattle.End.LEFT)
        public_id = battle.public_id
        transaction.on_commit(lambda: events.ask(asked_key(public_id), STOP))


def _locked(visitor: Visitor, battle_id: UUID) -> Battle:
    """The visitor's battle, still open, held until the transaction ends.

    The lock orders what is asked with votes: after one nothing is asked any more.
    """
    battle = (
        Battle.objects.select_related("prompt", "contestant_x", "contestant_y", "live")
        .select_for_update(of=("self",), no_key=True)
        .filter(public_id=battle_id, live__volunteer=visitor.volunteer)
        .first()
    )
    if battle is None or visitor.volunteer is None:
        raise BattleUnknown
    if battle.withdrawn_at is not None:
        raise BattleWithdrawn
    # Looked at under the lock: what was read with the battle may be older.
    going_on = LiveBattle.objects.open().filter(battle=battle, battle__votes=None)
    if not going_on.update(acted_at=Now()):
        raise BattleClosed
    return battle


def _current(battle: Battle) -> BattleTurn:
    turns = battle.turns.select_related("live", "answer_x", "answer_y")
    return turns.order_by("-number")[0]
