"""The published rows, made chunk by chunk from the selected keys."""

import hmac
import secrets
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from evaluations.dumps.columns import WINNERS, Row
from evaluations.dumps.selection import Selection
from evaluations.models import Answer, BattleTurn, Prompt, Vote

_WINNERS = dict(zip(("a", "b", "tie", "both_bad"), WINNERS, strict=True))


class Pseudonyms:
    """Random ids that hold within one dump: the key is forgotten with the build."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def of(self, kind: str, own: UUID | int) -> str:
        digest = hmac.digest(self._key, f"{kind}:{own}".encode(), "sha256")
        return str(UUID(bytes=digest[:16], version=4))


def vote_rows(selection: Selection, pseudonyms: Pseudonyms) -> Iterator[Row]:
    for keys in selection.vote_keys():
        votes = _votes().in_bulk(keys)
        for key in keys:
            # A vote may be erased between the selection and its turn.
            if key in votes:
                yield _vote_row(votes[key], pseudonyms)


def conversation_rows(selection: Selection, pseudonyms: Pseudonyms) -> Iterator[Row]:
    for keys in selection.answer_keys():
        answers = _answers().in_bulk(keys)
        prompts = Prompt.objects.select_related("prompt_set").in_bulk(keys.values())
        for answer_key, prompt_key in keys.items():
            yield _conversation_row(
                answers[answer_key], prompts[prompt_key], pseudonyms
            )


def _votes() -> QuerySet[Vote]:
    """Only what is published is read; keys and networks have no way in here."""
    turns = BattleTurn.objects.order_by("number").select_related("answer_x", "answer_y")
    parts = [f"answer_{s}__{part}" for s in "xy" for part in ("messages", "text")]
    return (
        Vote.objects.select_related(
            "volunteer",
            "battle__prompt__prompt_set",
            "battle__contestant_x",
            "battle__contestant_y",
        )
        .only(
            *("public_id", "verdict", "left", "reasons", "cast_at"),
            *("volunteer__public_id", "battle__public_id", "battle__draw_probability"),
            *(f"battle__prompt__{n}" for n in ("public_id", "language", "categories")),
            "battle__prompt__prompt_set__slug",
            *("battle__contestant_x__name", "battle__contestant_x__slug"),
            *("battle__contestant_y__name", "battle__contestant_y__slug"),
        )
        .prefetch_related(
            Prefetch("battle__turns", turns.only("battle_id", "number", *parts))
        )
    )


def _answers() -> QuerySet[Answer]:
    return Answer.objects.select_related("contestant").only(
        *("messages", "text", "origin", "completion_tokens"),
        *("contestant__name", "contestant__slug"),
    )


def _vote_row(vote: Vote, pseudonyms: Pseudonyms) -> Row:
    battle = vote.battle
    prompt = battle.prompt
    turns = list(battle.turns.all())
    # A turn's messages hold the turns before it, so the last one holds everything.
    contestants = [battle.contestant_x, battle.contestant_y]
    answers = [turns[-1].answer_x, turns[-1].answer_y]
    if vote.left == Vote.Side.Y:
        contestants.reverse()
        answers.reverse()
    return {
        "id": pseudonyms.of("vote", vote.public_id),
        "model_a": contestants[0].name,
        "model_b": contestants[1].name,
        "winner": _WINNERS[vote.verdict],
        "conversation_a": _conversation(answers[0]),
        "conversation_b": _conversation(answers[1]),
        "turn": len(turns),
        "language": prompt.language,
        "category": prompt.category,
        "judge": pseudonyms.of("judge", vote.volunteer.public_id),
        "tstamp": f"{vote.cast_at:%Y-%m}" if vote.cast_at else "",
        "reasons": vote.reasons,
        "battle": pseudonyms.of("battle", battle.public_id),
        "prompt": str(prompt.public_id),
        "set": prompt.prompt_set.slug,
        "draw_probability": battle.draw_probability,
        "model_a_slug": contestants[0].slug,
        "model_b_slug": contestants[1].slug,
        "conversation_a_id": pseudonyms.of("conversation", answers[0].pk),
        "conversation_b_id": pseudonyms.of("conversation", answers[1].pk),
    }


def _conversation_row(answer: Answer, prompt: Prompt, pseudonyms: Pseudonyms) -> Row:
    conversation = _conversation(answer)
    return {
        "id": pseudonyms.of("conversation", answer.pk),
        "model": answer.contestant.name,
        "model_slug": answer.contestant.slug,
        "conversation": conversation,
        "turn": sum(message["role"] == "user" for message in conversation),
        "language": prompt.language,
        "category": prompt.category,
        "prompt": str(prompt.public_id),
        "set": prompt.prompt_set.slug,
        "licence": prompt.prompt_set.licence,
        "source": prompt.prompt_set.source,
        "origin": answer.origin,
        "tokens": answer.completion_tokens,
    }


def _conversation(answer: Answer) -> list[dict[str, str]]:
    asked: Iterable[dict[str, str]] = answer.messages
    said = {"role": "assistant", "content": answer.text}
    return [{"role": m["role"], "content": m["content"]} for m in asked] + [said]
