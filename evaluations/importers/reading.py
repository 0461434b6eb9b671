"""Read outside files; what is wrong in them is named with file and line."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Annotated, ClassVar, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
)

MOST_PROBLEMS = 20
NOT_BLANK = re.compile(r"\S")


class BadInput(Exception):
    """The files cannot be taken; each problem is one sentence that names its place."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


def refuse(problems: Sequence[str]) -> None:
    """Raise BadInput, if there is any, with the first twenty."""
    if len(problems) > MOST_PROBLEMS:
        left = len(problems) - MOST_PROBLEMS
        raise BadInput([*problems[:MOST_PROBLEMS], f"{left} more of this kind."])
    if problems:
        raise BadInput(problems)


class Problems:
    """Collect what is wrong with one file; raise BadInput at its end, or at twenty."""

    def __init__(self, path: Path, *, name: str = "") -> None:
        self.path = path
        self.name = name or path.name
        self._found: list[str] = []

    def place(self, line: int) -> str:
        return f"{self.name}:{line}"

    def add(self, line: int, sentence: str) -> None:
        problem = f"{self.place(line)}: {sentence}"
        if problem in self._found:
            return
        self._found.append(problem)
        if len(self._found) == MOST_PROBLEMS:
            raise BadInput([*self._found, f"{self.name}: reading stopped here."])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None and self._found:
            raise BadInput(self._found)


def storable(text: str) -> str:
    """PostgreSQL holds no NUL; the replacement character shows where one stood."""
    return text.replace("\0", "\ufffd")


Storable = AfterValidator(storable)
Text = Annotated[str, Storable]
# Wide enough for any list of records, short enough to stand in an external id.
Number = Annotated[int, Field(ge=0, lt=10**15)]


class Record(BaseModel):
    """One line of a file: the fields that are used, with their types."""

    model_config = ConfigDict(frozen=True)

    # Columns of which a CSV file has one at least, beside the fields that are required.
    any_column: ClassVar[tuple[str, ...]] = ()

    _line: int = PrivateAttr(default=0)

    @property
    def line(self) -> int:
        """Where it stands in its file."""
        return self._line

    def at(self, line: int) -> Self:
        self._line = line
        return self


R = TypeVar("R", bound=Record)


def require_files(folder: Path, names: Sequence[str]) -> None:
    if not folder.is_dir():
        raise BadInput([f"{folder} is not a folder."])
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise BadInput([f"{name} is missing in {folder}." for name in missing])


def file_of(path: Path, name: str) -> Path:
    """The file itself, or the one of that name in the folder."""
    if not path.is_file():
        require_files(path, (name,))
        return path / name
    return path


def json_lines(problems: Problems, form: type[R]) -> Iterator[tuple[int, R]]:
    """Yield line number and record; a broken line goes to the problems instead."""
    with problems.path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.isspace():
                continue
            try:
                yield number, form.model_validate_json(line, strict=True).at(number)
            except ValidationError as error:
                problems.add(number, _sentence(error))


def json_items(problems: Problems, form: type[R]) -> Iterator[tuple[int, R]]:
    """Yield line number and record of a file that holds one JSON list."""
    text = _decoded(problems)
    decoder = json.JSONDecoder()
    position, line = _behind(text, 0, "["), 1
    counted = 0
    while position is not None and not text.startswith("]", position):
        line, counted = line + text.count("\n", counted, position), position
        try:
            _, end = decoder.raw_decode(text, position)
            record = form.model_validate_json(text[position:end], strict=True)
            yield line, record.at(line)
        except json.JSONDecodeError as error:
            raise _not_json(problems, error.lineno, error.msg) from None
        except RecursionError:
            raise _not_json(problems, line, "nested too deeply") from None
        except ValidationError as error:
            problems.add(line, _sentence(error))
        comma = _behind(text, end, ",")
        position = _blank_end(text, end) if comma is None else comma
        if comma is None and not text.startswith("]", position):
            ended = text.count("\n", 0, position) + 1
            raise _not_json(problems, ended, "a comma or the list's end is missing")
    if position is None or text[position + 1 :].strip():
        raise _not_json(problems, 1, "one list is expected")


def _not_json(problems: Problems, line: int, why: str) -> BadInput:
    return BadInput([f"{problems.place(line)}: not readable as JSON: {why}."])


def _blank_end(text: str, position: int) -> int:
    found = NOT_BLANK.search(text, position)
    return found.start() if found else len(text)


def _behind(text: str, position: int, mark: str) -> int | None:
    """Where the next thing after a mark begins; None where the mark is not next."""
    position = _blank_end(text, position)
    if not text.startswith(mark, position):
        return None
    return _blank_end(text, position + 1)


def csv_rows(problems: Problems, form: type[R]) -> Iterator[tuple[int, R]]:
    """Yield line number and record of a CSV file whose first line names the fields."""
    reader = csv.reader(io.StringIO(_decoded(problems), newline=""), strict=True)
    try:
        header = next(reader, [])
        _check_header(problems, header, form)
        for row in reader:
            if len(row) != len(header):
                wanted = f"{len(header)} fields are expected, {len(row)} stand here."
                problems.add(reader.line_num, wanted)
                continue
            try:
                yield (
                    reader.line_num,
                    form.model_validate(dict(zip(header, row, strict=True))).at(
                        reader.line_num
                    ),
                )
            except ValidationError as error:
                problems.add(reader.line_num, _sentence(error))
    except csv.Error as error:
        problems.add(reader.line_num, f"not readable as CSV: {error}.")


def csv_records(problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it begins in; cells may hold line breaks."""
    reader = csv.reader(io.StringIO(_decoded(problems), newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        problems.add(line, f"not readable as CSV: {error}.")


def _decoded(problems: Problems) -> str:
    content = problems.path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput([f"{problems.place(line)}: not UTF-8."]) from None


def _check_header(problems: Problems, header: list[str], form: type[Record]) -> None:
    wanted = [name for name, field in form.model_fields.items() if field.is_required()]
    faults = [f"no column {name!r}." for name in wanted if name not in header]
    if form.any_column and not set(form.any_column) & set(header):
        faults.append(f"no column {' or '.join(map(repr, form.any_column))}.")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    faults += [f"column {name!r} stands twice." for name in twice]
    if faults:
        raise BadInput([f"{problems.place(1)}: {fault}" for fault in faults])


def _sentence(error: ValidationError) -> str:
    """Say what is wrong in which field, without repeating what stands there."""
    first = error.errors(include_url=False, include_input=False)[0]
    message = first["msg"].removeprefix("Value error, ")
    # Of a line that ends too early pydantic counts one more.
    message = message.replace(" at line 1 column", " at column")
    message = message.removesuffix(" at line 2 column 0")
    where = ".".join(str(part) for part in first["loc"] if _is_place(part))
    return f"{where}: {message}." if where else f"{message}."


def _is_place(part: int | str) -> bool:
    """Not one of the types that pydantic tried, as constrained-int or Content."""
    return isinstance(part, int) or (part.isidentifier() and part.islower())
