"""Arena-Hard's files: FastChat's layout, and a judge's verdicts against a baseline.

As in lmarena/arena-hard-auto, gen_answer.py and gen_judgment.py: of a model's two games
the first shows the baseline as A, the second shows the model as A. Version 2 has other
names for the fields, one baseline for each category, and asks one turn.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, field_validator, model_validator

from evaluations.importers.fastchat import (
    ANSWERS,
    QUESTIONS,
    AnswerLine,
    AskedLine,
    Choice,
    Key,
    Name,
    read_answers,
    read_questions,
)
from evaluations.importers.makers import judge_of_set
from evaluations.importers.reading import (
    Problems,
    Record,
    Text,
    file_of,
    json_lines,
)
from evaluations.importers.records import (
    Collection,
    Judgement,
    SetFields,
    Side,
)
from evaluations.models import Vote

JUDGEMENTS = "model_judgment"
BASELINE = "gpt-4-0314"
A, B, TIE = Vote.Verdict.A, Vote.Verdict.B, Vote.Verdict.TIE
# As show_result.py counts them.
ForA = Literal["A>>B", "A>B", "B<A", "B<<A"]
ForNone = Literal["A=B", "B=A"]
ForB = Literal["B>>A", "B>A", "A<B", "A<<B"]
VERDICTS = {
    score: verdict
    for scores, verdict in ((ForA, A), (ForNone, TIE), (ForB, B))
    for score in get_args(scores)
}
SIDES: tuple[Side, Side] = ("x", "y")


class Asked(AskedLine):
    @model_validator(mode="before")
    @classmethod
    def of_version_2(cls, line: Any) -> Any:
        return _renamed(line, uid="question_id", prompt="turns")

    @field_validator("turns", mode="before")
    @classmethod
    def one_turn(cls, turns: Any) -> Any:
        return [turns] if isinstance(turns, str) else turns


class Said(Record):
    """What version 2 keeps of a reply."""

    answer: Text


class Message(Record):
    role: str
    content: Said | Text

    @property
    def text(self) -> str:
        return self.content if isinstance(self.content, str) else self.content.answer


class Answered(AnswerLine):
    choices: list[Choice] = []
    messages: list[Message] = []

    @model_validator(mode="before")
    @classmethod
    def of_version_2(cls, line: Any) -> Any:
        return _renamed(line, uid="question_id", model="model_id")

    @property
    def turns(self) -> tuple[str, ...]:
        if self.choices:
            return super().turns
        return tuple(one.text for one in self.messages if one.role == "assistant")


class Game(Record):
    # None where no verdict could be read.
    score: Literal[ForA, ForNone, ForB] | None
    judgment: Said | Text = ""

    @property
    def reason(self) -> str:
        said = self.judgment
        return said if isinstance(said, str) else said.answer


class JudgedLine(Record):
    question_id: Key
    model: Name
    judge: Name
    baseline: Name = BASELINE
    # None where the judge did not answer.
    games: Annotated[list[Game | None], Field(min_length=1, max_length=2)]

    @model_validator(mode="before")
    @classmethod
    def of_version_2(cls, line: Any) -> Any:
        return _renamed(line, uid="question_id")


def _renamed(line: Any, **names: str) -> Any:
    """Version 2's fields under the names of version 1."""
    if not isinstance(line, dict) or "uid" not in line:
        return line
    return {names.get(name, name): value for name, value in line.items()}


def read(path: Path, fields: SetFields) -> Collection:
    """Read a question file, or a folder with answers and judgements as well."""
    found = Collection()
    read_questions(file_of(path, QUESTIONS), {}, found, Asked)
    if path.is_dir():
        read_answers(path / ANSWERS, fields, found, Answered)
        for file in sorted((path / JUDGEMENTS).rglob("*.jsonl")):
            name = file.relative_to(path).as_posix()
            with Problems(file, name=name) as problems:
                _read_judgements(problems, fields, found)
    return found


def _read_judgements(problems: Problems, fields: SetFields, found: Collection) -> None:
    for line, row in json_lines(problems, JudgedLine):
        judge = judge_of_set(fields, row.judge)
        found.judges[judge.slug] = judge
        for number, game in enumerate(row.games, start=1):
            key = str(row.question_id)
            judgement = Judgement(
                place=problems.place(line),
                judge=judge.slug,
                question=key,
                x=row.baseline,
                y=row.model,
                left=SIDES[number - 1],
                verdict=VERDICTS[game.score] if game and game.score else "",
                reason=game.reason if game else "",
                external_id=f"{judge.slug}:{key}:{row.model}:{number}",
            )
            found.judged(problems, line, judgement)
