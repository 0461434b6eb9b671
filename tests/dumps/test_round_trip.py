"""The real data go in by the importer and come out of a dump as they were."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from evaluations.dumps import folder_of, publish_dump, verify
from evaluations.models import Dump
from tests import real_data
from tests.dumps.reading import lines_of, read_as_a_stranger

pytestmark = pytest.mark.django_db(transaction=True)

VERDICTS = {"left": "model_a", "right": "model_b", "tie": "tie"}


def test_all_real_votes_come_back_through_load_dataset(tmp_path: Path) -> None:
    source = real_data.folder("llmfao")
    call_command("import_data", "llmfao", str(source))

    dump = publish_dump()

    assert dump.state == Dump.State.PUBLISHED
    assert verify(folder_of(dump.version)).rows["votes"] == 8_931
    read_as_a_stranger(folder_of(dump.version), tmp_path)
    votes = lines_of(tmp_path / "votes.jsonl")
    assert lines_of(tmp_path / "default.jsonl") == votes
    _check_votes(votes, source)
    _check_conversations(lines_of(tmp_path / "conversations.jsonl"), votes)


def _check_votes(votes: list[dict[str, Any]], source: Path) -> None:
    pairs = {pair["id"]: pair for pair in lines_of(source / "pairs-crowd.jsonl")}
    with (source / "crowd-comparisons.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(votes) == len(rows) == 8_931
    assert Counter(map(_of_dump, votes)) == Counter(
        _of_source(row, pairs[int(row["id"])]) for row in rows
    )
    _check_volunteers(votes, rows)
    assert len({vote["id"] for vote in votes}) == 8_931
    assert {vote["tstamp"] for vote in votes} == {""}


def _of_dump(vote: dict[str, Any]) -> tuple[Any, ...]:
    return (
        vote["model_a"],
        vote["model_b"],
        vote["winner"],
        _said(vote["conversation_a"]),
        _said(vote["conversation_b"]),
        vote["turn"],
        vote["language"],
        vote["set"],
    )


def _said(conversation: list[dict[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((message["role"], message["content"]) for message in conversation)


def _of_source(row: dict[str, str], pair: dict[str, Any]) -> tuple[Any, ...]:
    asked = ("user", pair["text"])
    return (
        row["left"],
        row["right"],
        VERDICTS[row["winner"]],
        (asked, ("assistant", pair["result_x"])),
        (asked, ("assistant", pair["result_y"])),
        1,
        "en",
        "llmfao",
    )


def _check_volunteers(votes: list[dict[str, Any]], rows: list[dict[str, str]]) -> None:
    """The ids are others, but each stands for one worker and one pair."""

    def signatures(votes_of: dict[str, list[Any]]) -> Counter[Any]:
        return Counter(tuple(sorted(of)) for of in votes_of.values())

    judged: dict[str, list[Any]] = {}
    paired: dict[str, list[Any]] = {}
    for vote in votes:
        what = (vote["model_a"], vote["model_b"], vote["winner"], _prompt_of(vote))
        judged.setdefault(vote["judge"], []).append(what)
        paired.setdefault(vote["battle"], []).append(what)
    prompts = {vote["prompt"]: _prompt_of(vote) for vote in votes}
    assert len(prompts) == 13
    assert (len(judged), len(paired)) == (124, 2_139)

    texts = _texts_of_source()
    workers: dict[str, list[Any]] = {}
    pairs: dict[str, list[Any]] = {}
    for row in rows:
        text = texts[row["prompt"]]
        what = (row["left"], row["right"], VERDICTS[row["winner"]], text)
        workers.setdefault(row["worker"], []).append(what)
        pairs.setdefault(row["id"], []).append(what)
    assert signatures(judged) == signatures(workers)
    assert signatures(paired) == signatures(pairs)
    assert not judged.keys() & workers.keys()


def _prompt_of(vote: dict[str, Any]) -> str:
    return str(vote["conversation_a"][0]["content"])


def _texts_of_source() -> dict[str, str]:
    prompts = lines_of(real_data.folder("llmfao") / "prompts.jsonl")
    return {str(prompt["id"]): prompt["text"] for prompt in prompts}


def _check_conversations(
    conversations: list[dict[str, Any]], votes: list[dict[str, Any]]
) -> None:
    by_id = {row["id"]: row for row in conversations}
    assert len(by_id) == len(conversations)
    judged = {vote[f"conversation_{side}_id"] for vote in votes for side in "ab"}
    assert judged == by_id.keys()
    for vote in votes:
        for side in "ab":
            row = by_id[vote[f"conversation_{side}_id"]]
            assert row["model"] == vote[f"model_{side}"]
            assert row["conversation"] == vote[f"conversation_{side}"]
    assert {row["licence"] for row in conversations} == {"CC BY 4.0"}
