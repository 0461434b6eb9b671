"""Make a run of a judge: refused in words where it could ask nothing."""

from decimal import Decimal

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from evaluations.judging.choosing import answers_for, battles_for
from evaluations.judging.templates import check_template
from evaluations.models import Contestant, Judge, JudgeTemplate, PromptSet, Run

KINDS = {
    JudgeTemplate.Kind.PAIR: Run.Kind.JUDGING,
    JudgeTemplate.Kind.SCORE: Run.Kind.SCORING,
}
MOST_BATTLES = 1_000_000


class JudgingRefused(Exception):
    """The judge cannot be asked this; the sentence says why."""


def make_run(
    *,
    judge: Judge,
    template: JudgeTemplate,
    prompt_set: PromptSet | None = None,
    voted_only: bool = False,
    battle_limit: int | None = None,
    spend_limit: Decimal | None = None,
    by: User | None = None,
) -> Run:
    """Write down what a judge is to be asked; nothing is asked yet."""
    _refuse_silent(judge)
    _refuse_unfit(template)
    run = Run(
        kind=KINDS[JudgeTemplate.Kind(template.kind)],
        judge=judge,
        template=template,
        prompt_set=prompt_set,
        voted_only=voted_only,
        battle_limit=battle_limit,
        spend_limit=spend_limit,
        by=by,
    )
    _refuse_empty(run)
    run.save()
    return run


def newest_template(name: str) -> JudgeTemplate:
    """Find a template by its slug, in its newest version, or by slug:version."""
    slug, _, version = name.partition(":")
    templates = JudgeTemplate.objects.filter(slug=slug)
    if version:
        templates = templates.filter(version=version if version.isdecimal() else 0)
    template = templates.order_by("-version").first()
    if template is None:
        known = JudgeTemplate.objects.values_list("slug", flat=True)
        raise JudgingRefused(
            f"There is no template {name}; there are {_listed(known)}."
        )
    return template


def judge_called(slug: str) -> Judge:
    judge = Judge.objects.select_related("contestant").filter(slug=slug).first()
    if judge is None:
        known = Judge.objects.exclude(contestant=None).values_list("slug", flat=True)
        raise JudgingRefused(f"There is no judge {slug}; there are {_listed(known)}.")
    return judge


def judge_from(*, contestant: Contestant) -> Judge:
    """Make a judge of a contestant, or find one that was made of it.

    Raise JudgingRefused where another judge has its name, as one brought in has.
    """
    if made := Judge.objects.filter(contestant=contestant).order_by("pk").first():
        return made
    try:
        with transaction.atomic():
            return Judge.objects.create(
                contestant=contestant,
                slug=contestant.slug,
                name=contestant.name,
                maker=contestant.maker,
                licence=contestant.licence,
            )
    except IntegrityError:
        raise JudgingRefused(
            f"There is a judge called {contestant.name} or {contestant.slug} already: "
            "give it this connection, or make one of another name."
        ) from None


def _listed(slugs: object) -> str:
    return ", ".join(sorted(set(slugs))) or "none"  # type: ignore[call-overload]


def _refuse_silent(judge: Judge) -> None:
    if judge.contestant is None:
        raise JudgingRefused(
            f"{judge.name} has no connection: its verdicts were made elsewhere."
        )
    if judge.contestant.state != Contestant.State.ACTIVE:
        raise JudgingRefused(
            f"The contestant {judge.contestant.name}, by whose connection {judge.name} "
            f"is asked, is {judge.contestant.state}: activate it first."
        )


def _refuse_unfit(template: JudgeTemplate) -> None:
    try:
        check_template(template)
    except ValidationError as found:
        sentences = " ".join(found.messages)
        raise JudgingRefused(f"The template {template} is unfit: {sentences}") from None


def _refuse_empty(run: Run) -> None:
    if run.battle_limit is not None and not 1 <= run.battle_limit <= MOST_BATTLES:
        raise JudgingRefused(f"Choose from 1 to {MOST_BATTLES:,} battles.")
    if run.kind == Run.Kind.JUDGING:
        if not battles_for(run):
            raise JudgingRefused("There is no battle to judge among those.")
        return
    if run.prompt_set is None:
        raise JudgingRefused("Answers are scored set by set: name one.")
    if run.voted_only or run.battle_limit is not None:
        raise JudgingRefused("Scores are of answers: no battles can be chosen.")
    if not answers_for(run):
        raise JudgingRefused("There is no answer to score in that set.")
