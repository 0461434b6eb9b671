"""A volunteer suggests a prompt for everybody, and may take it back while it waits."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import CharField, F, Func, QuerySet
from django.db.models.functions import Now

from evaluations.live import ComeBackLater
from evaluations.models import Prompt, PromptSet, Suggestion
from evaluations.volunteers import Visitor
from evaluations.voting import BadVote, Refusal, consenting

LICENCE = "CC BY 4.0"
LONGEST = 4000
DAY = timedelta(days=1)
DAY_SECONDS = 24 * 3600
SET = "suggested"
SUGGESTED_SET = {
    "title": "Suggested prompts",
    "licence": LICENCE,
    "source": "Volunteers of this arena, who agreed to the publication",
}


class TooLong(Refusal):
    status = 400


class TooManySuggestions(ComeBackLater):
    status = 429


class AlreadySuggested(Refusal):
    status = 409
    sentence = "Somebody has suggested just these words already."


class SuggestionUnknown(Refusal):
    status = 404
    sentence = "There is no such suggestion of yours that still waits."


def suggest(*, visitor: Visitor, text: str, language: str, category: str) -> Prompt:
    """Put a prompt into the queue of those that wait for approval."""
    volunteer = consenting(visitor)
    text = _checked(text)
    _refuse_many(Suggestion.objects.filter(volunteer=volunteer))
    prompt_set, _ = PromptSet.objects.get_or_create(slug=SET, defaults=SUGGESTED_SET)
    prompt = Prompt(
        prompt_set=prompt_set,
        turns=[text],
        language=language,
        categories=[category] if category else [],
        origin=Prompt.Origin.VOLUNTEER,
    )
    prompt.fill_digests()
    try:
        with transaction.atomic():
            prompt.save()
            Suggestion.objects.create(prompt=prompt, volunteer=volunteer)
    except IntegrityError:
        raise AlreadySuggested from None
    return prompt


def offered_categories() -> list[str]:
    """Those that prompts of the pool have."""
    each = Func(F("categories"), function="unnest", output_field=CharField())
    rows = Prompt.objects.approved().order_by().annotate(kind=each)
    return sorted(set(rows.values_list("kind", flat=True).distinct()))


def suggestions_of(*, visitor: Visitor) -> QuerySet[Suggestion]:
    """A visitor's own, the newest first."""
    if visitor.volunteer is None:
        return Suggestion.objects.none()
    own = Suggestion.objects.filter(volunteer=visitor.volunteer)
    return own.select_related("prompt").order_by("-pk")


def take_back(*, visitor: Visitor, prompt_id: UUID) -> None:
    """Delete a suggestion of one's own that nobody has decided on."""
    own = suggestions_of(visitor=visitor).values("prompt")
    waiting = Prompt.objects.filter(public_id=prompt_id, state=Prompt.State.PENDING)
    with transaction.atomic():
        # Whoever approves it at this moment comes first or finds it gone.
        held = waiting.filter(pk__in=own).select_for_update(of=("self",)).first()
        if held is None or held.battles.exists():
            raise SuggestionUnknown
        held.delete()


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not text:
        raise BadVote("Please write a prompt first.")
    if len(text) > LONGEST:
        raise TooLong(f"Your prompt has {len(text):,} characters; {LONGEST:,} fit.")
    return text


def _refuse_many(own: QuerySet[Suggestion]) -> None:
    most = settings.ARENA_SUGGESTIONS_PER_DAY
    if own.filter(suggested_at__gte=Now() - DAY).count() >= most:
        raise TooManySuggestions(
            f"Thank you: that is {most} suggestions within a day, as many as one "
            "volunteer can make. You can go on tomorrow.",
            retry_after=DAY_SECONDS,
        )
