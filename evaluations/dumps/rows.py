"""The published rows, made chunk by chunk from the selected keys."""

import hmac
import secrets
from collections import defaultdict
from collections.abc import Collection, Generator, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from evaluations.dumps.columns import WINNERS, Row
from evaluations.dumps.selection import Selection
from evaluations.models import Answer, Battle, BattleTurn, Prompt, Vote

# A row of the database as its fields: several models' worth, read at once.
Values = dict[str, Any]
RowMaker = Generator[Row, None, None]

_NO_TEXTS: Row = {
    "prompt": "",
    **{f"conversation_{side}": [] for side in "ab"},
    **{f"conversation_{side}_id": "" for side in "ab"},
}
_WINNERS = dict(zip(("a", "b", "tie", "both_bad"), WINNERS, strict=True))


class Pseudonyms:
    """Random ids that hold within one dump: the key is forgotten with the build."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def of(self, kind: str, own: UUID | int) -> str:
        digest = hmac.digest(self._key, f"{kind}:{own}".encode(), "sha256")
        return str(UUID(bytes=digest[:16], version=4))


def vote_rows(selection: Selection, pseudonyms: Pseudonyms) -> RowMaker:
    for keys in selection.vote_keys():
        for _, row in _rows_of(keys, pseudonyms):
            yield row


def control_rows(selection: Selection, pseudonyms: Pseudonyms) -> RowMaker:
    for keys in selection.vote_keys(control=True):
        repeated = selection.repeated(keys)
        for vote, row in _rows_of(keys, pseudonyms):
            again = vote["battle__repeat_of"] is not None
            first = repeated.get(vote["pk"])
            yield row | {
                "check": "repeat" if again else "same_model",
                "repeats": pseudonyms.of("vote", first) if first else "",
            }


def _rows_of(
    keys: Collection[int], pseudonyms: Pseudonyms
) -> Iterator[tuple[Values, Row]]:
    """Votes of these keys in their order, each with the row that is published of it."""
    votes = {vote["pk"]: vote for vote in _votes(keys)}
    turns = _turns({vote["battle"] for vote in votes.values()})
    for key in keys:
        # A vote may be erased between the selection and its turn.
        if key in votes:
            vote = votes[key]
            yield vote, _vote_row(vote, turns[vote["battle"]], pseudonyms)


def conversation_rows(selection: Selection, pseudonyms: Pseudonyms) -> RowMaker:
    for keys in selection.answer_keys():
        answers = _answers(keys).in_bulk()
        prompts = Prompt.objects.select_related("prompt_set").in_bulk(keys.values())
        for answer_key, prompt_key in keys.items():
            prompt = prompts[prompt_key]
            # Its volunteer may have deleted it since the selection.
            if _may_be_shown(prompt.origin, prompt.state):
                yield _conversation_row(answers[answer_key], prompt, pseudonyms)


def _may_be_shown(origin: str, state: str) -> bool:
    """What a volunteer asked in a live battle: only once it is approved."""
    return origin != Prompt.Origin.LIVE or state == Prompt.State.APPROVED


def _votes(keys: Collection[int]) -> Iterable[Values]:
    """Only what is published is read; provider keys have no way in here."""
    prompt = "battle__prompt__"
    votes: Iterable[Values] = Vote.objects.filter(pk__in=keys).values(
        *("pk", "public_id", "verdict", "left", "reasons", "cast_at", "style"),
        *("volunteer__public_id", "battle", "battle__public_id"),
        *("battle__mode", "battle__repeat_of", "battle__draw_probability"),
        *(f"{prompt}{n}" for n in ("public_id", "language", "categories")),
        *(f"{prompt}{n}" for n in ("origin", "state")),
        f"{prompt}prompt_set__slug",
        *(f"battle__contestant_{s}__{n}" for s in "xy" for n in ("name", "slug")),
    )
    return votes


def _turns(battles: Collection[int]) -> dict[int, list[Values]]:
    found: dict[int, list[Values]] = defaultdict(list)
    parts = [f"answer_{s}{part}" for s in "xy" for part in ("", "__messages", "__text")]
    turns = BattleTurn.objects.filter(battle__in=battles).order_by("number")
    for turn in turns.values("battle", *parts):
        found[turn["battle"]].append(turn)
    return found


def _answers(keys: Collection[int]) -> QuerySet[Answer]:
    return (
        Answer.objects.filter(pk__in=keys)
        .select_related("contestant")
        .only(
            *("messages", "text", "origin", "completion_tokens"),
            *("contestant__name", "contestant__slug"),
        )
    )


def _vote_row(vote: Values, turns: list[Values], pseudonyms: Pseudonyms) -> Row:
    a, b = ("x", "y") if vote["left"] == Vote.Side.X else ("y", "x")
    categories = vote["battle__prompt__categories"]
    texts = _texts(vote, turns, (a, b), pseudonyms)
    return {
        "id": pseudonyms.of("vote", vote["public_id"]),
        "model_a": vote[f"battle__contestant_{a}__name"],
        "model_b": vote[f"battle__contestant_{b}__name"],
        "winner": _WINNERS[vote["verdict"]],
        "conversation_a": texts["conversation_a"],
        "conversation_b": texts["conversation_b"],
        "turn": len(turns),
        "language": vote["battle__prompt__language"],
        "category": categories[0] if categories else "",
        "judge": pseudonyms.of("judge", vote["volunteer__public_id"]),
        "tstamp": f"{vote['cast_at']:%Y-%m}" if vote["cast_at"] else "",
        "reasons": vote["reasons"],
        "battle": pseudonyms.of("battle", vote["battle__public_id"]),
        "prompt": texts["prompt"],
        "set": vote["battle__prompt__prompt_set__slug"],
        "draw_probability": vote["battle__draw_probability"],
        "model_a_slug": vote[f"battle__contestant_{a}__slug"],
        "model_b_slug": vote[f"battle__contestant_{b}__slug"],
        "conversation_a_id": texts["conversation_a_id"],
        "conversation_b_id": texts["conversation_b_id"],
        "categories": categories,
        "style": vote["style"] or [],
    }


def _texts(
    vote: Values, turns: list[Values], sides: tuple[str, str], pseudonyms: Pseudonyms
) -> Row:
    """What was said and where it stands; all empty where it is its volunteer's own."""
    live = vote["battle__mode"] == Battle.Mode.LIVE
    origin = Prompt.Origin.LIVE if live else vote["battle__prompt__origin"]
    if not _may_be_shown(origin, vote["battle__prompt__state"]):
        return _NO_TEXTS
    # A turn's messages hold the turns before it, so the last one holds everything.
    last = turns[-1]
    texts: Row = {"prompt": str(vote["battle__prompt__public_id"])}
    for side, at in zip("ab", sides, strict=True):
        asked, said = last[f"answer_{at}__messages"], last[f"answer_{at}__text"]
        texts[f"conversation_{side}"] = _conversation(asked, said)
        conversation_id = pseudonyms.of("conversation", last[f"answer_{at}"])
        texts[f"conversation_{side}_id"] = conversation_id
    return texts


def _conversation_row(answer: Answer, prompt: Prompt, pseudonyms: Pseudonyms) -> Row:
    conversation = _conversation(answer.messages, answer.text)
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


def _conversation(asked: list[dict[str, str]], said: str) -> list[dict[str, str]]:
    messages = [{"role": m["role"], "content": m["content"]} for m in asked]
    return [*messages, {"role": "assistant", "content": said}]
