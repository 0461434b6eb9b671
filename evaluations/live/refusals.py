"""Why a live battle does not go on, in words."""

from uuid import UUID

from evaluations.voting import Refusal


class PromptRefused(Refusal):
    status = 400


class OpenBattleExists(Refusal):
    status = 409
    sentence = "You have a live battle open; one at a time."

    def __init__(self, battle_id: UUID) -> None:
        super().__init__()
        self.battle_id = battle_id


class BattleClosed(Refusal):
    status = 409
    sentence = "This battle is over."


class TurnsUsedUp(Refusal):
    status = 409
    sentence = "This battle has had all its turns; please judge it now."


class NothingToRetry(Refusal):
    status = 409
    sentence = "No answer is missing here."


class ComeBackLater(Refusal):
    """Too much at once; `retry_after` says in how many seconds there is room."""

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class TooManyMessages(ComeBackLater):
    status = 429


class ArenaFull(ComeBackLater):
    status = 503


class NoContestants(Refusal):
    status = 503
    sentence = "There are not two models here just now that could answer."
