"""What all formats of sets, answers and judgements come down to."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from evaluations.importers.reading import BadInput, Problems
from evaluations.models import PromptSet, Vote

Side = Literal["x", "y"]
Pairing = tuple[str, str, str]

REQUIRED = ("slug", "title", "licence", "source")
# Short enough to stand before a model's name in an address.
SLUG_CHARS = 40
NAME_CHARS = 120
LONGEST = {
    "slug": SLUG_CHARS,
    "title": 200,
    "licence": 120,
    "source": 300,
    "language": 12,
    "freeze_at": 40,
}


@dataclass(frozen=True, slots=True)
class SetFields:
    """What is said of a set beside its questions; empty where nothing is said."""

    slug: str = ""
    title: str = ""
    licence: str = ""
    source: str = ""
    language: str = ""
    description: str = ""
    # The version it is frozen at once its questions are in.
    freeze_at: str = ""

    def completed(self) -> "SetFields":
        """With what a stored set says already; raise BadInput where anything lacks."""
        stored = PromptSet.objects.filter(slug=self.slug).first()
        whole = self
        for name in REQUIRED if stored else ():
            if not getattr(self, name):
                whole = replace(whole, **{name: getattr(stored, name)})
        whole.check()
        return whole

    def check(self, required: Iterable[str] = REQUIRED) -> None:
        problems = [
            f"{name}: required, as files of this format do not say it."
            for name in required
            if not getattr(self, name)
        ]
        problems += [
            f"{name}: at most {most} characters."
            for name, most in LONGEST.items()
            if len(getattr(self, name)) > most
        ]
        try:
            validate_slug(self.slug or "-")
        except ValidationError:
            problems.append("slug: letters, digits, - and _ only.")
        if problems:
            raise BadInput(problems)


NOTHING_SAID = SetFields()


@dataclass(frozen=True, slots=True)
class Question:
    place: str
    turns: tuple[str, ...]
    categories: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    language: str = ""
    # Its number in the set; empty where the set has none.
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """Who answered, as a retired contestant of the set."""

    name: str
    address: str
    maker: str
    alias: str
    parameters_b: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    place: str
    turns: tuple[str, ...]

    @property
    def blank(self) -> bool:
        return not all(turn.strip() for turn in self.turns)


@dataclass(frozen=True, slots=True)
class JudgeModel:
    slug: str
    name: str
    maker: str
    description: str
    licence: str
    source: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judge's word on a pair in one order; no verdict where none could be read."""

    place: str
    judge: str
    question: str
    x: str
    y: str
    left: Side
    verdict: str
    external_id: str
    scores: tuple[float, float] | None = None
    reason: str = ""
    # Where not, left only says whose answer is "a".
    order_known: bool = True

    @property
    def pairing(self) -> Pairing:
        return self.question, self.x, self.y

    def as_in(self, pairings: Container[Pairing]) -> "Judgement":
        """Turned where the pair stands there the other way round."""
        turned = (self.question, self.y, self.x)
        if turned not in pairings or self.pairing in pairings:
            return self
        other: Side = "y" if self.left == "x" else "x"
        return replace(self, x=self.y, y=self.x, left=other)


@dataclass(frozen=True, slots=True)
class Score:
    """Points from 1 to 10 for a model's answer to one turn, the first being 1."""

    place: str
    judge: str
    question: str
    model: str
    turn: int
    # None where none could be read.
    points: float | None
    reason: str = ""

    @property
    def external_id(self) -> str:
        return f"{self.judge}:{self.question}:{self.model}:{self.turn}"


def verdict_of_scores(first: float, second: float) -> str:
    if first == second:
        return Vote.Verdict.TIE
    return Vote.Verdict.A if first > second else Vote.Verdict.B


@dataclass(slots=True)
class Collection:
    """All records by the keys of their format, checked against each other."""

    questions: dict[str, Question] = field(default_factory=dict)
    models: dict[str, Model] = field(default_factory=dict)
    replies: dict[tuple[str, str], Reply] = field(default_factory=dict)
    judges: dict[str, JudgeModel] = field(default_factory=dict)
    judgements: dict[str, Judgement] = field(default_factory=dict)
    scores: dict[str, Score] = field(default_factory=dict)
    _texts: set[tuple[str, ...]] = field(default_factory=set)
    _addresses: dict[str, str] = field(default_factory=dict)
    _pairings: set[Pairing] = field(default_factory=set)
    _orders: set[tuple[str, Pairing, Side]] = field(default_factory=set)

    def ask(self, problems: Problems, line: int, key: str, question: Question) -> None:
        """Add a question, or say what is wrong with it."""
        sentence = ""
        if key in self.questions:
            sentence = f"question {key} is listed twice."
        elif fault := _fault_of_turns(question.turns):
            sentence = fault
        elif question.turns in self._texts:
            sentence = "the same text stands in an earlier line."
        elif len(question.references) > len(question.turns):
            sentence = "there are more references than turns."
        if sentence:
            problems.add(line, sentence)
        self.questions[key] = question
        self._texts.add(question.turns)

    def answered_by(self, problems: Problems, line: int, key: str, row: Model) -> None:
        """Add the model that answered, or say why it cannot have its address."""
        if self.models.get(key) == row:
            return
        if not row.address or self._addresses.get(row.address, key) != key:
            problems.add(line, f"model {key} has no address of its own.")
        elif len(row.name) > NAME_CHARS:
            problems.add(line, f"model {key} has too long a name.")
        self.models[key] = row
        self._addresses[row.address] = key

    def reply(
        self, problems: Problems, line: int, model: str, question: str, reply: Reply
    ) -> None:
        asked = self.questions.get(question)
        most = settings.ARENA_ANSWER_BYTES
        if asked is None:
            problems.add(line, f"unknown question {question}.")
        elif len(reply.turns) != len(asked.turns):
            given, wanted = len(reply.turns), len(asked.turns)
            problems.add(line, f"turns asked: {wanted}, turns answered: {given}.")
        elif (model, question) in self.replies:
            problems.add(line, "this model's answer to this question stands twice.")
        elif any(len(turn.encode()) > most for turn in reply.turns):
            problems.add(line, f"an answer is longer than {most} bytes.")
        self.replies[model, question] = reply

    def judged(self, problems: Problems, line: int, judgement: Judgement) -> None:
        """Add a judgement; its pair is turned to how the pair stands already."""
        judgement = judgement.as_in(self._pairings)
        order = (judgement.judge, judgement.pairing, judgement.left)
        missing = [
            model
            for model in (judgement.x, judgement.y)
            if (model, judgement.question) not in self.replies
        ]
        if judgement.x == judgement.y:
            problems.add(line, f"model {judgement.x} stands on both sides.")
        elif missing:
            which = f"of model {missing[0]} to question {judgement.question}"
            problems.add(line, f"no answer {which}.")
        elif order in self._orders:
            problems.add(line, "this pair is judged twice in this order.")
        elif judgement.external_id in self.judgements:
            problems.add(line, f"judgement {judgement.external_id} is listed twice.")
        self.judgements[judgement.external_id] = judgement
        self._pairings.add(judgement.pairing)
        self._orders.add(order)

    def scored(self, problems: Problems, line: int, score: Score) -> None:
        reply = self.replies.get((score.model, score.question))
        which = f"of model {score.model} to question {score.question}"
        if reply is None:
            problems.add(line, f"no answer {which}.")
        elif score.turn > len(reply.turns):
            problems.add(line, f"no turn {score.turn} in the answer {which}.")
        elif score.external_id in self.scores:
            problems.add(line, "this answer is scored twice.")
        self.scores[score.external_id] = score

    def pairings(self, stored: Mapping[Pairing, object]) -> dict[Pairing, None]:
        """Those that were judged; without judgements, some for people to judge.

        A pair that is stored stays as it is; where a file has grown, only who is in no
        pair on a question yet enters new ones.
        """
        if self.judgements:
            judged = (row.as_in(stored).pairing for row in self.judgements.values())
            return dict.fromkeys(judged)
        paired = {(question, side) for question, *sides in stored for side in sides}
        new = (
            (question, x, y)
            for question, x, y in self._rings()
            if not {(question, x), (question, y)} <= paired
        )
        return dict.fromkeys([*stored, *new])

    def _rings(self) -> list[Pairing]:
        """Each answer in two pairs; over the questions every two models meet."""
        by_question: dict[str, list[str]] = {}
        for model, question in self.replies:
            by_question.setdefault(question, []).append(model)
        pairings: list[Pairing] = []
        for number, (question, models) in enumerate(by_question.items()):
            step = 1 + number % max(1, len(models) // 2)
            for here, model in enumerate(models):
                there = models[(here + step) % len(models)]
                twice = (question, there, model) in pairings[-len(models) :]
                if there != model and not twice:
                    pairings.append((question, model, there))
        return pairings


def _fault_of_turns(turns: tuple[str, ...]) -> str:
    most = settings.ARENA_PROMPT_CHARS
    if not turns:
        return "neither a prompt nor turns stand here."
    if not all(turn.strip() for turn in turns):
        return "a turn is empty."
    if any(len(turn) > most for turn in turns):
        return f"a turn is longer than {most} characters."
    return ""
