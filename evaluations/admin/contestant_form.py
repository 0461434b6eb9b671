"""The form by which an admin enters a contestant; the key goes in, never out."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from unfold.widgets import (
    UnfoldAdminPasswordWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from evaluations.contestants import KEY_VARIABLE
from evaluations.models import Contestant
from evaluations.providers.address import AddressRefused, check_base_url
from evaluations.providers.house import PROGRAMS

# The arena itself says these; a parameter of that name would only be overwritten.
RESERVED = {"messages", "model", "stream"}
PORTS = {"http": 80, "https": 443}


class ContestantForm(forms.ModelForm):  # type: ignore[type-arg]
    aliases = SimpleArrayField(
        forms.CharField(max_length=120),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Other names it goes by, separated by commas.",
    )
    key = forms.CharField(
        required=False,
        strip=True,
        max_length=500,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text="Stored encrypted and never shown again. Empty leaves it as it is.",
    )
    remove_key = forms.BooleanField(
        required=False,
        widget=UnfoldBooleanWidget,
        help_text="Forget the stored key.",
    )

    class Meta:
        model = Contestant
        exclude = ("state",)  # noqa: DJ006  every other field is the admin's to set
        help_texts = {
            "key_variable": "Name of an environment variable that holds the key "
            "instead; it begins with ARENA_PROVIDER_KEY_."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "key" in self.fields and self.instance.key_token:
            self.fields["key"].widget.attrs["placeholder"] = "A key is stored."

    def clean_parameters(self) -> dict[str, Any]:
        parameters = self.cleaned_data["parameters"] or {}
        if not isinstance(parameters, dict):
            raise ValidationError('Write an object, for example {"temperature": 0.7}.')
        if reserved := sorted(RESERVED & parameters.keys()):
            raise ValidationError(
                f"The arena itself sets {', '.join(reserved)}; leave it out."
            )
        return parameters

    def clean_base_url(self) -> str:
        url: str = self.cleaned_data["base_url"]
        if not url:
            return url
        try:
            check_base_url(url, allow_local=settings.ARENA_ALLOW_LOCAL_PROVIDERS)
        except AddressRefused as refused:
            raise ValidationError(str(refused)) from None
        return url

    def clean_key_variable(self) -> str:
        name: str = self.cleaned_data["key_variable"]
        if name and not KEY_VARIABLE.fullmatch(name):
            raise ValidationError(
                "Write ARENA_PROVIDER_KEY_ and then capitals, digits or underscores."
            )
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self._takes_key_elsewhere(cleaned):
            self.add_error("key", "Enter the key again: the server has changed.")
        if cleaned.get("provider") == Contestant.Provider.HOUSE:
            self._clean_house(cleaned)
        if cleaned.get("key") and cleaned.get("key_variable"):
            self.add_error(
                "key_variable", "Give the key or the name of a variable, not both."
            )
        return cleaned

    def _takes_key_elsewhere(self, cleaned: dict[str, Any]) -> bool:
        """Say whether the stored key would go to a server it was not entered for."""
        if not self.instance.key_token or cleaned.get("key"):
            return False
        if cleaned.get("remove_key") or not {"provider", "base_url"} <= cleaned.keys():
            return False
        before = (self.initial["provider"], _server(self.initial["base_url"]))
        return before != (cleaned["provider"], _server(cleaned["base_url"]))

    def _clean_house(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("api_model") not in PROGRAMS:
            self.add_error(
                "api_model",
                f"There is no such house program; there are {', '.join(PROGRAMS)}.",
            )

    def columns(self) -> list[str]:
        """What the form itself sets; the worker writes the others meanwhile."""
        own = [f.name for f in Contestant._meta.fields if f.name in self.fields]
        if self.cleaned_data.get("key") or self.cleaned_data.get("remove_key"):
            own.append("key_token")
        return own

    def save(self, commit: bool = True) -> Contestant:
        if self.cleaned_data.get("remove_key"):
            self.instance.key_token = ""
        if key := self.cleaned_data.get("key"):
            self.instance.store_key(key)
        contestant: Contestant = super().save(commit)
        return contestant


def _server(url: str) -> tuple[str, str | None, int | None]:
    """What decides who gets the key; the path may change.

    >>> _server("https://API.example/v1") == _server("https://api.example:443/v2")
    True
    """
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)
