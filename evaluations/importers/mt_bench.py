"""What FastChat's judges said of the answers to MT-bench: points, and pairs.

The layout is that of lm-sys/FastChat, fastchat/llm_judge/common.py: of each pair the
first game shows model_1 first, the second game model_2; points of -1 and the winner
error stand for a reply that could not be read. A judge of the first turn of several
saw no more than that turn: it counts as a judge of its own.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from evaluations.importers.makers import judge_of_set
from evaluations.importers.reading import (
    Number,
    Problems,
    Record,
    Storable,
    Text,
    json_lines,
)
from evaluations.importers.records import (
    Collection,
    Judgement,
    JudgeModel,
    Score,
    SetFields,
    Side,
)
from evaluations.models import Vote

JUDGEMENTS = "model_judgment"
LOWEST, HIGHEST = 1, 10

Name = Annotated[str, Field(min_length=1, max_length=80), Storable]
Winner = Literal["model_1", "model_2", "tie", "error"]


class Judged(Record):
    question_id: Number | Name
    # The judge, and the template that it was asked with.
    judge: Annotated[list[Name], Field(min_length=2, max_length=2)]
    turn: Annotated[int, Field(ge=1, le=100)]

    @property
    def question(self) -> str:
        return str(self.question_id)


class SingleLine(Judged):
    model: Name
    score: float
    judgment: Text = ""


class PairLine(Judged):
    model_1: Name
    model_2: Name
    g1_winner: Winner
    g2_winner: Winner
    g1_judgment: Text = ""
    g2_judgment: Text = ""


J = TypeVar("J", SingleLine, PairLine)


def read_judgements(path: Path, fields: SetFields, found: Collection) -> None:
    """Read what is there of points and of pairs in a folder."""

    def point(problems: Problems, line: int, row: SingleLine) -> None:
        judge = judge_of_set(fields, row.judge[0])
        found.judges[judge.slug] = judge
        readable = LOWEST <= row.score <= HIGHEST
        score = Score(
            place=problems.place(line),
            judge=judge.slug,
            question=row.question,
            model=row.model,
            turn=row.turn,
            points=row.score if readable else None,
            reason=row.judgment,
        )
        found.scored(problems, line, score)

    def compare(problems: Problems, line: int, row: PairLine) -> None:
        asked = found.questions.get(row.question)
        turns = len(asked.turns) if asked else 0
        if row.turn > turns:
            problems.add(line, f"question {row.question} has no turn {row.turn}.")
            return
        judge = _judge_of_pair(row, fields, whole=row.turn == turns)
        found.judges[judge.slug] = judge
        for judgement in _judgements(row, judge, problems.place(line)):
            found.judged(problems, line, judgement)

    _each(path, "*_single.jsonl", SingleLine, point)
    _each(path, "*_pair.jsonl", PairLine, compare)


def _each(
    path: Path, names: str, form: type[J], take: Callable[[Problems, int, J], None]
) -> None:
    for file in sorted((path / JUDGEMENTS).glob(names)):
        with Problems(file, name=f"{JUDGEMENTS}/{file.name}") as problems:
            for line, row in json_lines(problems, form):
                take(problems, line, row)


def _judge_of_pair(row: PairLine, fields: SetFields, *, whole: bool) -> JudgeModel:
    if whole:
        return judge_of_set(fields, row.judge[0])
    judge = judge_of_set(fields, f"{row.judge[0]} turn {row.turn}")
    seen = f"It saw no turn after turn {row.turn}."
    return replace(judge, description=f"{judge.description} {seen}")


def _judgements(row: PairLine, judge: JudgeModel, place: str) -> list[Judgement]:
    games: tuple[tuple[Side, Winner, str], ...] = (
        ("x", row.g1_winner, row.g1_judgment),
        ("y", row.g2_winner, row.g2_judgment),
    )
    names = f"{row.judge[1]}:{row.question}:{row.model_1}:{row.model_2}"
    return [
        Judgement(
            place=place,
            judge=judge.slug,
            question=row.question,
            x=row.model_1,
            y=row.model_2,
            left=left,
            verdict=_verdict(winner, left),
            reason=reason,
            external_id=f"{judge.slug}:{names}:{left}",
        )
        for left, winner, reason in games
    ]


def _verdict(winner: Winner, left: Side) -> str:
    if winner == "error":
        return ""
    if winner == "tie":
        return Vote.Verdict.TIE
    first = "model_1" if left == "x" else "model_2"
    return Vote.Verdict.A if winner == first else Vote.Verdict.B
