"""What visitors send, as forms or as JSON."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from evaluations.models import Report, Skip, Vote
from evaluations.moderation import offered_categories
from evaluations.voting import COMMENT_LENGTH, BadVote


def refuse_surrogates(text: str) -> None:
    """Half characters, which JSON can carry and UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValidationError("The text is not valid Unicode.") from None


class Text(forms.CharField):
    default_validators = [refuse_surrogates]


class VoteForm(forms.Form):
    verdict = Text(max_length=20)
    left = Text(max_length=20)
    # The domain checks its length: the header is checked nowhere else.
    idempotency_key = Text(strip=False)
    reading_ms = forms.IntegerField(required=False)


class ConsentForm(forms.Form):
    agree = forms.BooleanField()


class CarriedVoteForm(VoteForm):
    """A vote that waited for the consent."""

    battle = forms.UUIDField()


class QuestionForm(forms.Form):
    """A question of the visitor's own; the domain says whether it is too long."""

    prompt = Text(required=False, strip=False)
    publish = forms.BooleanField(required=False)
    # Sent once more, after the page said what looks personal in it.
    personal_ok = forms.BooleanField(required=False)


class SuggestionForm(forms.Form):
    """A prompt for everybody; the domain says whether it is too long."""

    suggestion = Text(required=False, strip=False)
    # ISO 639-2's word for a language that is none of the others.
    language = forms.ChoiceField(choices=[*settings.LANGUAGES, ("und", "Another")])
    category = Text(max_length=40, required=False)
    publish = forms.BooleanField(
        error_messages={"required": "Please agree to the publication first."}
    )
    personal_ok = forms.BooleanField(required=False)

    def clean_category(self) -> str:
        category: str = self.cleaned_data["category"]
        # One that is gone from the pool meanwhile is as good as none.
        return category if category in offered_categories() else ""


class ReasonsForm(forms.Form):
    reasons = forms.MultipleChoiceField(choices=Vote.Reason.choices, required=False)
    comment = Text(max_length=COMMENT_LENGTH, required=False)


class SkipForm(forms.Form):
    reason = forms.ChoiceField(choices=Skip.Reason.choices, required=False)


class ReportForm(forms.Form):
    reason = forms.ChoiceField(choices=Report.Reason.choices)
    comment = Text(max_length=COMMENT_LENGTH, required=False)


def sent(request: HttpRequest) -> dict[str, Any]:
    """The body's fields, from a form or from JSON; BadVote where it is neither."""
    if request.content_type != "application/json":
        return request.POST
    try:
        body = json.loads(request.body)
        # Half characters, which JSON can carry and UTF-8 cannot, in whatever field.
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise BadVote("The text is not valid Unicode.") from None
    except (ValueError, RecursionError):
        raise BadVote("The body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise BadVote("The body must be a JSON object.")
    return body


def vote_sent(request: HttpRequest) -> dict[str, Any]:
    """The fields of a vote; its key may come as a header instead."""
    fields = sent(request)
    vote = {name: fields.get(name) for name in VoteForm.base_fields}
    vote["idempotency_key"] = fields.get("idempotency_key") or request.headers.get(
        "Idempotency-Key"
    )
    return vote | {"next": fields.get("next")}


def checked(form: forms.Form) -> dict[str, Any]:
    """The cleaned fields; BadVote with the first complaint where one is bad."""
    if form.is_valid():
        return form.cleaned_data
    name, complaints = next(iter(form.errors.items()))
    raise BadVote(f"{name}: {complaints[0]}")
