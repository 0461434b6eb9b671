"""The columns of the published tables, the same in each format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

Row = dict[str, object]
WINNERS = ("model_a", "model_b", "tie", "both_bad")


class Kind(StrEnum):
    TEXT = "text"
    TEXTS = "list of texts"
    WHOLE = "whole number, empty where unknown"
    WHOLES = "list of whole numbers"
    NUMBER = "number, empty where unknown"
    CONVERSATION = "list of messages, each with role and content"


_ARROW = {
    Kind.TEXT: pa.string(),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.WHOLE: pa.int64(),
    Kind.WHOLES: pa.list_(pa.int64()),
    Kind.NUMBER: pa.float64(),
    Kind.CONVERSATION: pa.list_(
        pa.struct([("role", pa.string()), ("content", pa.string())])
    ),
}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    meaning: str


VOTES = (
    Column("id", Kind.TEXT, "Random id of the vote, drawn anew for each dump."),
    Column("model_a", Kind.TEXT, "Name of the model whose answer stood on the left."),
    Column("model_b", Kind.TEXT, "Name of the model whose answer stood on the right."),
    Column(
        "winner",
        Kind.TEXT,
        "model_a, model_b, tie (equally good) or both_bad (equally bad).",
    ),
    Column(
        "conversation_a",
        Kind.CONVERSATION,
        "The prompt and the answer on the left; empty for a private live battle.",
    ),
    Column(
        "conversation_b",
        Kind.CONVERSATION,
        "The prompt and the answer on the right; empty for a private live battle.",
    ),
    Column("turn", Kind.WHOLE, "How many prompts the volunteer saw answered."),
    Column("language", Kind.TEXT, "Language of the prompt, as a BCP 47 tag."),
    Column("category", Kind.TEXT, "First category of the prompt."),
    Column(
        "judge",
        Kind.TEXT,
        "Random id of the volunteer, drawn anew for each dump.",
    ),
    Column("tstamp", Kind.TEXT, "UTC month of the vote, empty where unknown."),
    Column("reasons", Kind.TEXTS, "Reasons the volunteer ticked, often none."),
    Column(
        "battle",
        Kind.TEXT,
        "Random id of the pair of answers, drawn anew for each dump; several "
        "volunteers may judge one pair.",
    ),
    Column(
        "prompt",
        Kind.TEXT,
        "Id of the prompt, the same in every dump; empty for a private live battle.",
    ),
    Column("set", Kind.TEXT, "Prompt set; its licence and source are in README.md."),
    Column(
        "draw_probability",
        Kind.NUMBER,
        "Probability with which the pair was drawn, empty for imported pairs.",
    ),
    Column("model_a_slug", Kind.TEXT, "Stable address of model_a."),
    Column("model_b_slug", Kind.TEXT, "Stable address of model_b."),
    Column(
        "conversation_a_id",
        Kind.TEXT,
        "Id of conversation_a in conversations, empty where it is.",
    ),
    Column(
        "conversation_b_id",
        Kind.TEXT,
        "Id of conversation_b in conversations, empty where it is.",
    ),
    Column("categories", Kind.TEXTS, "All categories of the prompt."),
    Column(
        "style",
        Kind.WHOLES,
        "By how much the answer on the left has more tokens, headings, list items and "
        "bold parts than that on the right: (left - right) / (left + right) in "
        "thousandths; empty where unknown.",
    ),
)
CONVERSATIONS = (
    Column("id", Kind.TEXT, "Random id of the conversation, drawn anew for each dump."),
    Column("model", Kind.TEXT, "Name of the model that answered."),
    Column("model_slug", Kind.TEXT, "Stable address of the model."),
    Column("conversation", Kind.CONVERSATION, "The prompt and the answer."),
    Column("turn", Kind.WHOLE, "How many prompts the conversation holds."),
    Column("language", Kind.TEXT, "Language of the prompt, as a BCP 47 tag."),
    Column("category", Kind.TEXT, "First category of the prompt."),
    Column("prompt", Kind.TEXT, "Id of the prompt, the same in every dump."),
    Column("set", Kind.TEXT, "Prompt set."),
    Column("licence", Kind.TEXT, "Licence of the prompt set."),
    Column("source", Kind.TEXT, "Where the prompt set is from."),
    Column(
        "origin",
        Kind.TEXT,
        "fetch (asked by this arena), live (asked by a volunteer) or import.",
    ),
    Column("tokens", Kind.WHOLE, "Tokens of the answer, as the provider counted."),
)
CONTROLS = (
    *VOTES,
    Column(
        "check",
        Kind.TEXT,
        "same_model (one model with two answers) or repeat (a pair judged before, with "
        "the sides exchanged).",
    ),
    Column(
        "repeats",
        Kind.TEXT,
        "Id in votes of what the same volunteer said of the pair the first time, empty "
        "where it is not there.",
    ),
)
TABLES: Mapping[str, Sequence[Column]] = {
    "votes": VOTES,
    "controls": CONTROLS,
    "conversations": CONVERSATIONS,
}


def arrow_schema(columns: Sequence[Column]) -> pa.Schema:
    return pa.schema([(column.name, _ARROW[column.kind]) for column in columns])
