"""Arena-Hard's files: FastChat's layout, and a judge's verdicts against a baseline.

As in lmarena/arena-hard-auto, gen_judgment.py: of a model's two games the first shows
the baseline as A, the second shows the model as A.
"""

from pathlib import Path
from typing import Annotated, Literal

from django.utils.text import slugify
from pydantic import Field

from evaluations.importers.fastchat import (
    ANSWERS,
    QUESTIONS,
    Key,
    Name,
    read_answers,
    read_questions,
)
from evaluations.importers.makers import maker_of
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
    JudgeModel,
    SetFields,
    Side,
)
from evaluations.models import Vote

JUDGEMENTS = "model_judgment"
BASELINE = "gpt-4-0314"
A, B, TIE = Vote.Verdict.A, Vote.Verdict.B, Vote.Verdict.TIE
VERDICTS = {"A>>B": A, "A>B": A, "A=B": TIE, "B=A": TIE, "B>A": B, "B>>A": B}
SIDES: tuple[Side, Side] = ("x", "y")


class Game(Record):
    # None where no verdict could be read.
    score: Literal["A>>B", "A>B", "A=B", "B=A", "B>A", "B>>A"] | None
    judgment: Text = ""


class JudgedLine(Record):
    question_id: Key
    model: Name
    judge: Name
    games: Annotated[list[Game], Field(min_length=1, max_length=2)]


def read(path: Path, fields: SetFields) -> Collection:
    """Read a question file, or a folder with answers and judgements as well."""
    found = Collection()
    read_questions(file_of(path, QUESTIONS), {}, found)
    if path.is_dir():
        read_answers(path / ANSWERS, fields, found)
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
                x=BASELINE,
                y=row.model,
                left=SIDES[number - 1],
                verdict=VERDICTS[game.score] if game.score else "",
                reason=game.judgment,
                external_id=f"{judge.slug}:{key}:{row.model}:{number}",
            )
            found.judged(problems, line, judgement)


def judge_of_set(fields: SetFields, name: str) -> JudgeModel:
    return JudgeModel(
        slug=slugify(f"{name}-{fields.slug}".replace(".", "-"))[:80],
        name=f"{name} ({fields.slug})"[:120],
        maker=maker_of(name),
        description=f"Verdicts that came with {fields.title}.",
        licence=fields.licence,
        source=fields.source,
    )
