"""Write a collection into the database: all of it or nothing, and twice is as once."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from evaluations.importers.reading import MOST_PROBLEMS, BadInput
from evaluations.importers.records import (
    Collection,
    Judgement,
    JudgeModel,
    Model,
    Pairing,
    Question,
    SetFields,
)
from evaluations.importers.report import Count, ProgressReport, Report
from evaluations.leaks import Registry
from evaluations.markdown import Rendered, render_safely, style_features
from evaluations.models import (
    Answer,
    Battle,
    BattleTurn,
    Contestant,
    ContestantChange,
    Judge,
    JudgeVerdict,
    Prompt,
    PromptSet,
    Reading,
)
from evaluations.models.battles import WITHOUT_END
from evaluations.models.prompts import digest_of, first_messages
from evaluations.question_sets import forget_likeness, freeze

BATCH = 2_000
EXTERNAL_ID_CHARS = 80
VERDICT_ID_CHARS = 120

Messages = list[dict[str, str]]
# The address of who answered, and the digest of what was asked.
AnswerKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Derived:
    """What is worked out from an answer's text before the transaction opens."""

    rendered: Rendered
    leak: str


# Enough for a dry run, which nobody sees on a page.
NOT_DERIVED = Derived(Rendered(html=""), leak="")


@dataclass(slots=True)
class Counts:
    """How many rows of each kind were added and changed, told as they come."""

    progress: ProgressReport
    kinds: int
    _counts: list[Count] = field(default_factory=list)

    def add(self, kind: str, *, added: int, of: int, changed: int = 0) -> None:
        self._counts.append(Count(kind, added, of - added - changed, changed))
        self.progress("Writing", len(self._counts), self.kinds)

    def report(self) -> Report:
        return Report(tuple(self._counts))


@contextmanager
def writing_alone() -> Iterator[None]:
    """Keep two imports from each finding the other's rows missing."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('import_data'))")
        yield


def write(
    *, found: Collection, fields: SetFields, dry_run: bool, progress: ProgressReport
) -> Report:
    """Add what is missing, change what an own set says otherwise now.

    Raises:
        BadInput: what is stored differs in what is not to change, or the set is frozen
            and the file has another question; nothing is written.
    """
    # Takes seconds, so it comes before the transaction.
    derived = {} if dry_run else _derive(found, progress)
    with writing_alone():
        report = _Writing(found, fields, derived, progress).run()
        transaction.set_rollback(dry_run)
    return report


def _derive(found: Collection, progress: ProgressReport) -> dict[AnswerKey, Derived]:
    """Render the answers that are not stored yet, and look whom they name."""
    keys = {
        (found.models[model].address, digest_of(messages)): text
        for (model, question), reply in found.replies.items()
        for messages, text in _exchanges(found.questions[question].turns, reply.turns)
    }
    stored = Answer.objects.filter(
        contestant__slug__in={address for address, _ in keys}
    ).values_list("contestant__slug", "messages_digest")
    new = {key: keys[key] for key in keys.keys() - set(stored)}
    names = _registry(found.models.values())
    derived = {}
    for done, (key, text) in enumerate(new.items(), start=1):
        leak = names.find(text)
        derived[key] = Derived(render_safely(text), leak.rule if leak else "")
        progress("Rendering answers", done, len(new))
    return derived


def _registry(models: Iterable[Model]) -> Registry:
    rows = list(Contestant.objects.values_list("name", "maker", "aliases"))
    rows += [(model.name, model.maker, [model.alias]) for model in models]
    return Registry.of(
        names=[name for name, _, _ in rows],
        makers={maker for _, maker, _ in rows},
        aliases=[alias for _, _, aliases in rows for alias in aliases],
    )


def _exchanges(
    asked: Iterable[str], answered: Iterable[str]
) -> Iterator[tuple[Messages, str]]:
    """What was sent for each turn, all turns before included, and what came back."""
    messages: Messages = []
    for question, answer in zip(asked, answered, strict=True):
        messages = [*messages, *first_messages([question])]
        yield messages, answer
        messages = [*messages, {"role": "assistant", "content": answer}]


class _Writing:
    """One transaction's work, kind after kind."""

    def __init__(
        self,
        found: Collection,
        fields: SetFields,
        derived: Mapping[AnswerKey, Derived],
        progress: ProgressReport,
    ) -> None:
        self.found = found
        self.fields = fields
        self.derived = derived
        self.counts = Counts(progress, kinds=7 if found.judges else 5)

    def run(self) -> Report:
        prompt_set = self._write_set()
        prompts = self._write_prompts(prompt_set)
        if self.fields.freeze_at and prompt_set.frozen_at is None:
            freeze(prompt_set=prompt_set, version=self.fields.freeze_at)
        if self.found.models:
            contestants = self._add_contestants(prompt_set)
            answers = self._add_answers(contestants, prompts)
            battles = self._add_battles(contestants, prompts, answers)
            if self.found.judges:
                judges = add_judges(self.found.judges.values(), self.counts)
                add_verdicts(
                    [row.as_in(battles) for row in self.found.judgements.values()],
                    judges,
                    battles,
                    self.counts,
                    named=self.fields.slug,
                )
        self._let_planner_know()
        return self.counts.report()

    # --- the set and its questions

    def _write_set(self) -> PromptSet:
        wanted = {
            name: value
            for name in ("title", "licence", "source", "description")
            if (value := getattr(self.fields, name))
        }
        prompt_set, added = PromptSet.objects.get_or_create(
            slug=self.fields.slug, defaults=wanted
        )
        differing = {n for n, v in wanted.items() if getattr(prompt_set, n) != v}
        # A set that is frozen as its format has it stays as an admin described it.
        changed = bool(differing) and prompt_set.frozen_at is None
        if changed:
            for name in differing:
                setattr(prompt_set, name, wanted[name])
            prompt_set.save(update_fields=differing)
        self.counts.add("sets", added=int(added), of=1, changed=int(changed))
        return prompt_set

    def _write_prompts(self, prompt_set: PromptSet) -> dict[str, Prompt]:
        standing = _Standing(prompt_set)
        problems: list[str] = []
        prompts: dict[str, Prompt] = {}
        new: list[Prompt] = []
        changed: list[Prompt] = []
        reworded: list[Prompt] = []
        for key, question in self.found.questions.items():
            wanted = self._prompt(question, prompt_set)
            stored, problem = standing.match(wanted)
            if problem:
                problems.append(f"{question.place}: {problem}")
            elif stored is None:
                wanted.language = wanted.language or "en"
                new.append(wanted)
            elif names := standing.take_over(wanted, stored):
                changed.append(stored)
                reworded += [stored] if "turns" in names else []
            prompts[key] = stored or wanted
        _refuse(problems)
        Prompt.objects.bulk_create(new, batch_size=BATCH)
        Prompt.objects.bulk_update(changed, TAKEN_OVER, batch_size=BATCH)
        forget_likeness(prompts=reworded)
        of = len(prompts)
        self.counts.add("prompts", added=len(new), of=of, changed=len(changed))
        return prompts

    def _prompt(self, question: Question, prompt_set: PromptSet) -> Prompt:
        prompt = Prompt(
            prompt_set=prompt_set,
            turns=list(question.turns),
            categories=list(question.categories),
            references=list(question.references),
            language=question.language or self.fields.language,
            external_id=question.external_id or None,
            state=Prompt.State.APPROVED,
        )
        prompt.fill_digests()
        return prompt

    # --- who answered, and what

    def _add_contestants(self, prompt_set: PromptSet) -> dict[str, Contestant]:
        models = self.found.models
        note = f"imported with {prompt_set.slug}"
        standing = Contestant.objects.in_bulk(
            [model.address for model in models.values()], field_name="slug"
        )
        wanted = {key: _contestant(row, prompt_set) for key, row in models.items()}
        new = [row for row in wanted.values() if row.slug not in standing]
        check_taken(standing.values(), new, note)
        Contestant.objects.bulk_create(new)
        ContestantChange.objects.bulk_create(
            ContestantChange(contestant=row, to_state=row.state, note=note)
            for row in new
        )
        self.counts.add("contestants", added=len(new), of=len(wanted))
        return {key: standing.get(row.slug, row) for key, row in wanted.items()}

    def _add_answers(
        self, contestants: dict[str, Contestant], prompts: dict[str, Prompt]
    ) -> dict[tuple[str, str], list[Answer]]:
        standing = {
            (answer.contestant_id, answer.messages_digest): answer
            for answer in Answer.objects.filter(
                contestant__in=contestants.values(), replicate=0
            ).only("contestant_id", "messages_digest", "text")
        }
        new: list[Answer] = []
        problems: list[str] = []
        answers: dict[tuple[str, str], list[Answer]] = {}
        for (model, question), reply in self.found.replies.items():
            contestant, turns = contestants[model], prompts[question].turns
            for messages, text in _exchanges(turns, reply.turns):
                wanted = self._answer(contestant, messages, text)
                key = (contestant.pk, wanted.messages_digest)
                stored = standing.get(key)
                if stored is None:
                    standing[key] = stored = wanted
                    new.append(wanted)
                elif stored.text != text:
                    problems.append(
                        f"{reply.place}: another answer of {model} is stored already."
                    )
                answers.setdefault((model, question), []).append(stored)
        _refuse(problems)
        Answer.objects.bulk_create(new, batch_size=BATCH)
        of = sum(len(turns) for turns in answers.values())
        self.counts.add("answers", added=len(new), of=of)
        return answers

    def _answer(self, contestant: Contestant, messages: Messages, text: str) -> Answer:
        digest = digest_of(messages)
        derived = self.derived.get((contestant.slug, digest), NOT_DERIVED)
        return Answer(
            contestant=contestant,
            messages=messages,
            messages_digest=digest,
            origin=Answer.Origin.IMPORT,
            text=text,
            html=derived.rendered.html,
            renderer_version=derived.rendered.version,
            state=Answer.State.READY,
            finished_at=timezone.now(),
            style=asdict(style_features(text)),
            leak=derived.leak,
        )

    # --- pairs of answers

    def _add_battles(
        self,
        contestants: dict[str, Contestant],
        prompts: dict[str, Prompt],
        answers: dict[tuple[str, str], list[Answer]],
    ) -> dict[Pairing, Battle]:
        standing = self._standing(contestants, prompts)
        wanted = self.found.pairings(standing)
        new = {
            pairing: self._battle(pairing, contestants, prompts)
            for pairing in wanted
            if pairing not in standing
        }
        Battle.objects.bulk_create(new.values(), batch_size=BATCH)
        BattleTurn.objects.bulk_create(
            (
                BattleTurn(battle=battle, number=number, answer_x=x, answer_y=y)
                for (question, left, right), battle in new.items()
                for number, (x, y) in enumerate(
                    zip(answers[left, question], answers[right, question], strict=True),
                    start=1,
                )
            ),
            batch_size=BATCH,
        )
        self.counts.add("battles", added=len(new), of=len(wanted))
        return {**standing, **new}

    def _standing(
        self, contestants: dict[str, Contestant], prompts: dict[str, Prompt]
    ) -> dict[Pairing, Battle]:
        """The pairs of these answers that are stored, as they stand."""
        models = {row.pk: key for key, row in contestants.items()}
        questions = {row.pk: key for key, row in prompts.items()}
        rows = Battle.objects.filter(
            origin=Battle.Origin.IMPORT,
            prompt__in=questions,
            contestant_x__in=models,
            contestant_y__in=models,
        )
        return {
            (
                questions[row.prompt_id],
                models[row.contestant_x_id],
                models[row.contestant_y_id],
            ): row
            for row in rows.order_by("pk")
        }

    def _battle(
        self,
        pairing: Pairing,
        contestants: dict[str, Contestant],
        prompts: dict[str, Prompt],
    ) -> Battle:
        question, x, y = pairing
        replies = (self.found.replies[x, question], self.found.replies[y, question])
        blank = any(reply.blank for reply in replies)
        named = f"{prompts[question].pk}:{contestants[x].slug}:{contestants[y].slug}"
        return Battle(
            origin=Battle.Origin.IMPORT,
            external_id=short_id(f"{self.fields.slug}:{named}", EXTERNAL_ID_CHARS),
            prompt=prompts[question],
            contestant_x=contestants[x],
            contestant_y=contestants[y],
            draw_rule="import",
            state=Battle.State.READY,
            # Nobody is asked to judge an empty page.
            judgements_wanted=0 if blank else WITHOUT_END,
        )

    def _let_planner_know(self) -> None:
        """Without counts of the new rows it may choose to join them one by one."""
        with connection.cursor() as cursor:
            for model in (Prompt, Answer, Battle, BattleTurn, JudgeVerdict):
                cursor.execute(f"ANALYZE {model._meta.db_table}")


TAKEN_OVER = (
    *("turns", "categories", "references", "language", "external_id"),
    *("digest", "first_digest", "wording"),
)
# What the votes on a prompt were counted by.
COUNTED_BY = ("turns", "categories", "language")
FROZEN = ("turns", "references")
# What a file does not say takes nothing away.
KEPT_UNLESS_SAID = ("categories", "references", "language", "external_id")


class _Standing:
    """The prompts that a set has, by number and by words."""

    def __init__(self, prompt_set: PromptSet) -> None:
        rows = list(prompt_set.prompts.all())
        self.frozen = prompt_set.frozen_at is not None
        self.where = f"the set is frozen at version {prompt_set.version} and"
        self.by_id = {row.external_id: row for row in rows if row.external_id}
        self.by_digest = {row.digest: row for row in rows}
        battles = Battle.objects.filter(prompt__prompt_set=prompt_set)
        self.asked = set(battles.values_list("prompt_id", flat=True).distinct())
        self._met: set[int] = set()

    def match(self, wanted: Prompt) -> tuple[Prompt | None, str]:
        """The stored prompt that this one is, and why it cannot be taken if so."""
        same_words = self.by_digest.get(wanted.digest)
        stored = self.by_id.get(wanted.external_id or "") or same_words
        if same_words and same_words is not stored:
            return None, f"the words of question {same_words.external_id} of the set."
        if stored is None:
            lacks = f"{self.where} does not have this question."
            return None, lacks if self.frozen else ""
        if stored.pk in self._met:
            return None, "an earlier line is the same question of the set."
        self._met.add(stored.pk)
        for name in KEPT_UNLESS_SAID:
            setattr(wanted, name, getattr(wanted, name) or getattr(stored, name))
        return stored, self._fault(wanted, stored)

    def _fault(self, wanted: Prompt, stored: Prompt) -> str:
        if self.frozen:
            otherwise = _differ(wanted, stored, FROZEN)
            return f"{self.where} has this question otherwise." if otherwise else ""
        if stored.pk in self.asked and _differ(wanted, stored, COUNTED_BY):
            return "the question was asked in battles, and differs here."
        return ""

    def take_over(self, wanted: Prompt, stored: Prompt) -> list[str]:
        """Put what the file says into the stored row; say in which fields it differed.

        A frozen set stays as it is.
        """
        names = [] if self.frozen else _differ(wanted, stored, TAKEN_OVER)
        for name in names:
            setattr(stored, name, getattr(wanted, name))
        return names


def _differ(one: Prompt, other: Prompt, names: Iterable[str]) -> list[str]:
    return [name for name in names if getattr(one, name) != getattr(other, name)]


def _refuse(problems: list[str]) -> None:
    """Raise BadInput, if there is any, with the first twenty."""
    if len(problems) > MOST_PROBLEMS:
        left = len(problems) - MOST_PROBLEMS
        raise BadInput([*problems[:MOST_PROBLEMS], f"{left} more of this kind."])
    if problems:
        raise BadInput(problems)


def _contestant(model: Model, prompt_set: PromptSet) -> Contestant:
    return Contestant(
        slug=model.address,
        name=model.name,
        maker=model.maker,
        parameters_b=model.parameters_b,
        aliases=[model.alias],
        description=(
            f"Imported with answers that came with {prompt_set.title}; "
            "this arena has no connection to the model."
        ),
        provider=Contestant.Provider.OPENAI,
        api_model=model.alias,
        state=Contestant.State.RETIRED,
    )


def check_taken(
    standing: Iterable[Contestant],
    new: Iterable[Contestant],
    note: str,
    place: str = "",
) -> None:
    """Refuse to hang answers on a contestant that somebody else registered."""
    imported = set(
        ContestantChange.objects.filter(
            contestant__in=standing, from_state="", note=note
        ).values_list("contestant_id", flat=True)
    )
    others = [row.name for row in standing if row.pk not in imported]
    names = Contestant.objects.filter(name__in=[row.name for row in new])
    _refuse(
        [
            f"{place}another contestant is registered as {name}; rename it first."
            for name in [*others, *names.values_list("name", flat=True)]
        ]
    )


def add_judges(wanted: Iterable[JudgeModel], counts: Counts) -> dict[str, Judge]:
    """The judges of verdicts made elsewhere, by their slugs."""
    rows = {model.slug: Judge(**asdict(model)) for model in wanted}
    standing = Judge.objects.in_bulk(rows, field_name="slug")
    taken = [row for row in standing.values() if row.contestant_id is not None]
    new = [row for slug, row in rows.items() if slug not in standing]
    names = Judge.objects.filter(name__in=[row.name for row in new])
    _refuse(
        [
            f"another judge is registered as {judge.name}; rename it first."
            for judge in [*taken, *names]
        ]
    )
    Judge.objects.bulk_create(new)
    counts.add("judges", added=len(new), of=len(rows))
    return {slug: standing.get(slug, row) for slug, row in rows.items()}


def add_verdicts(
    judgements: Iterable[Judgement],
    judges: Mapping[str, Judge],
    battles: Mapping[Any, Battle],
    counts: Counts,
    *,
    named: str,
) -> None:
    """Add what the judges said; battles are by question and sides of a judgement."""
    wanted = [
        (row, _verdict(row, judges[row.judge], battles[row.pairing], named))
        for row in judgements
    ]
    standing: dict[Any, JudgeVerdict] = {}
    for row in JudgeVerdict.objects.filter(
        judge__in=judges.values(), template__isnull=True
    ):
        standing[row.external_id] = standing[_order(row)] = row
    new: list[JudgeVerdict] = []
    problems: list[str] = []
    for judgement, row in wanted:
        stored = standing.get(row.external_id) or standing.get(_order(row))
        if stored is None:
            new.append(row)
        elif _said(stored) != _said(row):
            problems.append(
                f"{judgement.place}: another verdict on this pair is stored already."
            )
    _refuse(problems)
    JudgeVerdict.objects.bulk_create(new, batch_size=BATCH)
    counts.add("verdicts", added=len(new), of=len(wanted))


def _verdict(
    judgement: Judgement, judge: Judge, battle: Battle, named: str
) -> JudgeVerdict:
    first, second = judgement.scores or (None, None)
    readable = bool(judgement.verdict)
    return JudgeVerdict(
        judge=judge,
        battle=battle,
        left=judgement.left,
        order_known=judgement.order_known,
        state=Reading.READ if readable else Reading.UNREADABLE,
        verdict=judgement.verdict,
        score_a=first,
        score_b=second,
        reason=judgement.reason,
        external_id=short_id(f"{named}:{judgement.external_id}", VERDICT_ID_CHARS),
        # No source says when.
        given_at=None,
    )


def _order(row: JudgeVerdict) -> tuple[int, int, str]:
    """In which a judge is asked once."""
    return row.judge_id, row.battle_id, row.left


def _said(row: JudgeVerdict) -> tuple[Any, ...]:
    scores = (row.score_a, row.score_b)
    return _order(row), row.state, row.verdict, scores


def short_id(wanted: str, most: int) -> str:
    """As it is where there is room, else its digest behind its first words."""
    if len(wanted) <= most:
        return wanted
    digest = hashlib.sha256(wanted.encode()).hexdigest()[:32]
    return f"{wanted[: most - 33]}:{digest}"
