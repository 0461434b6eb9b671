"""AlpacaEval's files: outputs of models, and an annotator's choices between two.

As in tatsu-lab/alpaca_eval: a preference runs from 1 (the first output is better) to
2, and at 1.5 there is none. An instruction has no number: its words tell it. The order
in which the annotator saw the two is drawn by chance and not kept in the file
(RandomSwitchTwoColumnsProcessor in processors.py).
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from evaluations.importers.makers import judge_of_set, model_of_set
from evaluations.importers.reading import (
    BadInput,
    Problems,
    Record,
    Storable,
    Text,
    json_items,
)
from evaluations.importers.records import (
    Collection,
    Judgement,
    Question,
    Reply,
    SetFields,
)
from evaluations.models import Vote
from evaluations.models.prompts import digest_of

OUTPUTS = "model_outputs.json"
ANNOTATIONS = "annotations.json"
NO_PREFERENCE = 1.5

Name = Annotated[str, Field(min_length=1, max_length=80), Storable]


class OutputItem(Record):
    instruction: Text
    output: Text
    generator: Name
    dataset: Annotated[str, Field(max_length=40), Storable] = ""


class AnnotationItem(Record):
    instruction: Text
    output_1: Text
    output_2: Text
    generator_1: Name
    generator_2: Name
    annotator: Name
    preference: Annotated[float, Field(ge=1, le=2)] | None
    dataset: Annotated[str, Field(max_length=40), Storable] = ""


def read(path: Path, fields: SetFields) -> Collection:
    """Read a file of outputs, or a folder with such files at any depth."""
    found = Collection()
    outputs, annotations = _files(path)
    for file in outputs:
        with Problems(file, name=_name(file, path)) as problems:
            _read_outputs(problems, fields, found)
    for file in annotations:
        with Problems(file, name=_name(file, path)) as problems:
            _read_annotations(problems, fields, found)
    return found


def _files(path: Path) -> tuple[list[Path], list[Path]]:
    if path.is_file():
        return [path], []
    if not path.is_dir():
        raise BadInput([f"{path} is neither a file nor a folder."])
    outputs, annotations = sorted(path.rglob(OUTPUTS)), sorted(path.rglob(ANNOTATIONS))
    if not outputs and not annotations:
        raise BadInput([f"neither {OUTPUTS} nor {ANNOTATIONS} is in {path}."])
    return outputs, annotations


def _name(file: Path, path: Path) -> str:
    return file.name if file == path else file.relative_to(path).as_posix()


def _read_outputs(problems: Problems, fields: SetFields, found: Collection) -> None:
    seen: set[tuple[str, str]] = set()
    for line, item in json_items(problems, OutputItem):
        key = _ask(problems, line, item.instruction, item.dataset, found)
        if (item.generator, key) in seen:
            # The set itself asks a few things twice; the first answer stands.
            continue
        seen.add((item.generator, key))
        _answer(problems, line, fields, (item.generator, key, item.output), found)


def _ask(
    problems: Problems, line: int, text: str, dataset: str, found: Collection
) -> str:
    key = digest_of([text])
    if key not in found.questions:
        categories = (dataset,) if dataset else ()
        question = Question(problems.place(line), (text,), categories)
        found.ask(problems, line, key, question)
    return key


def _answer(
    problems: Problems,
    line: int,
    fields: SetFields,
    answer: tuple[str, str, str],
    found: Collection,
) -> None:
    generator, key, text = answer
    found.answered_by(problems, line, generator, model_of_set(fields.slug, generator))
    reply = Reply(problems.place(line), (text,))
    found.reply(problems, line, generator, key, reply)


def _read_annotations(problems: Problems, fields: SetFields, found: Collection) -> None:
    seen: set[tuple[str, ...]] = set()
    for line, item in json_items(problems, AnnotationItem):
        key = _ask(problems, line, item.instruction, item.dataset, found)
        same = (item.annotator, key, item.generator_1, item.generator_2)
        if same in seen:
            continue
        seen.add(same)
        for generator, text in (
            (item.generator_1, item.output_1),
            (item.generator_2, item.output_2),
        ):
            known = found.replies.get((generator, key))
            if known is None:
                _answer(problems, line, fields, (generator, key, text), found)
            elif known.turns != (text,):
                problems.add(line, f"not the output of {generator} at {known.place}.")
        _judge(problems, line, fields, (key, item), found)


def _judge(
    problems: Problems,
    line: int,
    fields: SetFields,
    judged: tuple[str, AnnotationItem],
    found: Collection,
) -> None:
    key, item = judged
    judge = judge_of_set(fields, item.annotator)
    found.judges[judge.slug] = judge
    names = f"{item.generator_1}:{item.generator_2}"
    judgement = Judgement(
        place=problems.place(line),
        judge=judge.slug,
        question=key,
        x=item.generator_1,
        y=item.generator_2,
        left="x",
        order_known=False,
        verdict=_verdict(item.preference),
        external_id=f"{judge.slug}:{key[:16]}:{names}",
    )
    found.judged(problems, line, judgement)


def _verdict(preference: float | None) -> str:
    if preference is None:
        return ""
    if preference == NO_PREFERENCE:
        return Vote.Verdict.TIE
    return Vote.Verdict.A if preference < NO_PREFERENCE else Vote.Verdict.B
