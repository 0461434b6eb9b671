"""Write a collection into the database: all of it or nothing, and twice is as once."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from django.db import connection, transaction
from django.utils import timezone

from evaluations.importers.judgements import (
    add_judges,
    add_scores,
    add_verdicts,
    short_id,
)
from evaluations.importers.reading import refuse
from evaluations.importers.records import (
    Collection,
    Model,
    Pairing,
    Question,
    SetFields,
)
from evaluations.importers.report import Counts, ProgressReport, Report
from evaluations.importers.standing import TAKEN_OVER, Standing
from evaluations.leaks import Registry
from evaluations.markdown import Rendered, render_safely, style_features
from evaluations.models import (
    Answer,
    Battle,
    BattleTurn,
    Contestant,
    ContestantChange,
    JudgeVerdict,
    Prompt,
    PromptSet,
)
from evaluations.models.battles import WITHOUT_END
from evaluations.models.prompts import digest_of, first_messages
from evaluations.question_sets import forget_likeness, freeze

BATCH = 2_000
EXTERNAL_ID_CHARS = 80

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
        said = (found.judges, found.judgements, found.scores)
        self.counts = Counts(progress, kinds=5 + sum(map(bool, said)))

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
                self._add_judged(battles, answers)
        self._let_planner_know()
        return self.counts.report()

    # --- the set and its questions

    def _write_set(self) -> PromptSet:
        wanted = {
            name: value
            for name in ("title", "licence", "source", "description")
            if (value := getattr(self.fields, name))
        }
        # Held, so that nobody freezes it before its questions are in.
        sets = PromptSet.objects.select_for_update(no_key=True)
        prompt_set, added = sets.get_or_create(slug=self.fields.slug, defaults=wanted)
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
        standing = Standing(prompt_set)
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
        refuse(problems)
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
        refuse(problems)
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

    def _add_judged(
        self,
        battles: dict[Pairing, Battle],
        answers: dict[tuple[str, str], list[Answer]],
    ) -> None:
        found, counts, named = self.found, self.counts, self.fields.slug
        judges = add_judges(found.judges.values(), counts)
        if found.judgements:
            rows = [row.as_in(battles) for row in found.judgements.values()]
            add_verdicts(rows, judges, battles, counts, named=named)
        if found.scores:
            scores = found.scores.values()
            add_scores(scores, judges, answers, counts, named=named)

    def _let_planner_know(self) -> None:
        """Without counts of the new rows it may choose to join them one by one."""
        with connection.cursor() as cursor:
            for model in (Prompt, Answer, Battle, BattleTurn, JudgeVerdict):
                cursor.execute(f"ANALYZE {model._meta.db_table}")


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
    refuse(
        [
            f"{place}another contestant is registered as {name}; rename it first."
            for name in [*others, *names.values_list("name", flat=True)]
        ]
    )
