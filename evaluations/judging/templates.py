"""Templates: what one may hold, and a new version of one that was used."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from evaluations.judging.filling import REFERENCE, Wording, placeholders
from evaluations.models import JudgeScore, JudgeTemplate, JudgeVerdict, Run

Kind = JudgeTemplate.Kind
NEEDED = {
    Kind.PAIR: {"question", "answer_a", "answer_b"},
    Kind.SCORE: {"question", "answer"},
}
# The arena itself says these; a parameter of that name would only be overwritten.
RESERVED = {"messages", "model", "stream"}


def check_template(template: JudgeTemplate) -> None:
    """Raise ValidationError, by field, where a judge could not be asked with it."""
    errors = {
        "text": _in_text(template),
        "system": _unknown(template.system, allowed=set()),
        "reference_text": _in_reference_text(template),
        "parameters": _in_parameters(template.parameters),
    }
    if found := {field: sentences for field, sentences in errors.items() if sentences}:
        raise ValidationError(found)


def _in_text(template: JudgeTemplate) -> list[str]:
    needed = NEEDED[Kind(template.kind)]
    missing = sorted(needed - placeholders(template.text))
    sentences = [f"There is no {{{name}}} in it." for name in missing]
    twice = [name for name in needed if template.text.count(f"{{{name}}}") > 1]
    sentences += [f"{{{name}}} stands in it twice." for name in sorted(twice)]
    if template.text.count(REFERENCE) > 1:
        sentences.append(f"{REFERENCE} stands in it twice.")
    return sentences + _unknown(template.text, allowed=needed | {"reference"})


def _in_reference_text(template: JudgeTemplate) -> list[str]:
    sentences = _unknown(template.reference_text, allowed={"reference"})
    wanted = REFERENCE in template.text
    if wanted and REFERENCE not in template.reference_text:
        sentences.append(
            f"Write what is put in for {REFERENCE} where a prompt has a reference "
            f"answer, with {REFERENCE} where that answer shall stand."
        )
    if template.reference_text and not wanted:
        sentences.append(f"It is never put in: there is no {REFERENCE} in the text.")
    return sentences


def _unknown(text: str, *, allowed: set[str]) -> list[str]:
    unknown = sorted(placeholders(text) - allowed)
    return [f"Nothing is put in for {{{name}}} here." for name in unknown]


def _in_parameters(parameters: object) -> list[str]:
    if not isinstance(parameters, dict):
        return ['Write an object, for example {"temperature": 0}.']
    if reserved := sorted(RESERVED & parameters.keys()):
        return [f"The arena itself sets {', '.join(reserved)}; leave it out."]
    return []


def wording_of(template: JudgeTemplate) -> Wording:
    return Wording(
        label=str(template),
        text=template.text,
        system=template.system,
        reference_text=template.reference_text,
    )


def was_used(template: JudgeTemplate) -> bool:
    """Whether a run, a verdict or a score rests on it, so that it must stay."""
    users = (Run, JudgeVerdict, JudgeScore)
    return any(
        user._default_manager.filter(template=template).exists() for user in users
    )


def next_version(*, template: JudgeTemplate) -> JudgeTemplate:
    """Copy a template as the newest version of its slug, to be edited."""
    while True:
        same = JudgeTemplate.objects.filter(slug=template.slug)
        newest = same.aggregate(newest=Max("version"))["newest"] or 0
        try:
            with transaction.atomic():
                return JudgeTemplate.objects.create(
                    slug=template.slug,
                    version=newest + 1,
                    kind=template.kind,
                    system=template.system,
                    text=template.text,
                    reference_text=template.reference_text,
                    parameters=template.parameters,
                )
        except IntegrityError:
            # Somebody else made that version at this moment.
            continue
