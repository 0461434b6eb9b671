"""Imports: upload a file, look at its dry run, have it written or thrown away."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from evaluations.admin.base import ModelAdmin, raw_text, user_of
from evaluations.importers import (
    IMPORTERS,
    BadInput,
    SetFields,
    asks_for_fields,
    takes_fields,
    uploads,
)
from evaluations.models import ImportJob

State = ImportJob.State
COLOURS = {
    State.DONE.label: "success",
    State.TRIED.label: "warning",
    State.REFUSED.label: "danger",
    State.FAILED.label: "danger",
}
SAID = ("slug", "title", "licence", "source", "language", "freeze_at")
UNDER_WAY = (State.QUEUED, State.TRYING, State.ACCEPTED, State.WRITING)
LABELS = {
    "alpaca_eval": "AlpacaEval: model_outputs.json, annotations.json",
    "benchmark_items": "A benchmark to run here: JSONL, an item a line",
    "benchmarks": "Benchmark scores: CSV of models by benchmarks",
    "arena_hard": "Arena-Hard: question.jsonl, model_answer, model_judgment",
    "csv": "A set of your own as CSV: prompt or turns, id, categories, language",
    "fastchat": "FastChat, MT-bench: question.jsonl, model_answer, model_judgment",
    "jsonl": "A set of your own as JSONL: the same fields",
    "koala": "Koala: koala_test_set.jsonl",
    "llmfao": "llmfao: the whole folder",
    "vicuna": "Vicuna: the folder with questions, answers and reviews",
}
NEEDED = {
    "description": "Vicuna, Koala, llmfao and a benchmark to run say it themselves: "
    "leave all of it empty. Benchmark scores take a licence and a source."
}
ROW = "<tr><th scope='row'>{}</th><td>{}</td><td>{}</td><td>{}</td></tr>"
TABLE = (
    "<table class='outcome'><thead><tr><th scope='col'>Rows</th>"
    "<th scope='col'>added</th><th scope='col'>changed</th>"
    "<th scope='col'>already there</th></tr></thead><tbody>{}</tbody></table>"
)


def _text(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )


class UploadForm(forms.ModelForm):  # type: ignore[type-arg]
    format = forms.ChoiceField(
        choices=[(name, LABELS.get(name, name)) for name in sorted(IMPORTERS)],
        help_text="Saving tries the file; nothing is written before you confirm it.",
        widget=UnfoldAdminSelectWidget,
    )
    upload = forms.FileField(
        label="File",
        help_text="A single file, or a .zip of the format's folder.",
        widget=UnfoldAdminFileFieldWidget,
    )
    slug = _text(
        "Address of the set", "As house-rules; of a set that is here, just this."
    )
    title = _text("Title", "")
    licence = _text("Licence", "What the questions may be used under.")
    source = _text("Source", "Who made it, or where it is from.")
    language = _text("Language", "Of questions that name none; en where empty.")
    freeze_at = _text("Freeze at version", "Fixes the questions after the import.")

    class Meta:
        model = ImportJob
        fields = ("format",)

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload.size > settings.ARENA_IMPORT_MEGABYTES * 1024**2:
            most = settings.ARENA_IMPORT_MEGABYTES
            raise forms.ValidationError(f"At most {most} MB are taken.")
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.said = SetFields(**{name: cleaned.get(name) or "" for name in SAID})
        if "format" not in cleaned:
            return cleaned
        if asks_for_fields(cleaned["format"]):
            self._check_said()
        elif self.said != SetFields() and not takes_fields(cleaned["format"]):
            self.add_error("slug", "This format says itself what it brings.")
        return cleaned

    def _check_said(self) -> None:
        try:
            self.said.completed()
        except BadInput as bad:
            for problem in bad.problems:
                name, _, sentence = problem.partition(": ")
                self.add_error(name, sentence.capitalize())


@admin.register(ImportJob)
class ImportJobAdmin(ModelAdmin):
    list_display = (
        *("file_name", "format", "shown_state", "requested_by", "requested_at"),
    )
    list_filter = ("format",)
    list_select_related = ("requested_by",)
    actions_submit_line = ("import_now", "throw_away")
    readonly_fields = (
        *("format", "file_name", "shown_state", "progress", "outcome", "problem_list"),
        *("requested_by", "requested_at", "finished_at"),
    )
    shown = (
        ("format", "file_name"),
        ("shown_state", "progress"),
        "outcome",
        "problem_list",
        "requested_by",
        ("requested_at", "finished_at"),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(
        self, request: HttpRequest, obj: ImportJob | None = None
    ) -> tuple[str, ...]:
        return self.readonly_fields if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: ImportJob | None = None) -> Any:
        if obj:
            return ((None, {"fields": self.shown}),)
        said = (("slug", "title"), ("licence", "source"), ("language", "freeze_at"))
        return (
            (None, {"fields": ("format", "upload")}),
            ("What the file does not say of the set", {"fields": said, **NEEDED}),
        )

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = {} if obj else {"form": UploadForm}
        return super().get_form(request, obj, change=change, **form, **kwargs)

    def get_actions_submit_line(self, request: HttpRequest, object_id: Any) -> Any:
        """Buttons only while there is something to decide."""
        tried = ImportJob.objects.filter(pk=object_id, state=State.TRIED)
        lines = super().get_actions_submit_line(request, object_id)
        return lines if tried.exists() else []

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        hidden = {"show_save_and_add_another": False, "show_save_and_continue": False}
        if object_id:
            hidden |= {"show_save": False}
        response: HttpResponse = super().changeform_view(
            request, object_id, form_url, {**hidden, **(extra_context or {})}
        )
        under_way = ImportJob.objects.filter(state__in=UNDER_WAY)
        if object_id and under_way.filter(pk=object_id).exists():
            # Looks again by itself until the worker is done, without any script.
            response["Refresh"] = "2"
        return response

    def save_model(
        self, request: HttpRequest, obj: ImportJob, form: Any, change: bool
    ) -> None:
        """Uploads are kept as jobs; of a job nothing is saved, its buttons act."""
        if not change:
            upload = form.cleaned_data["upload"]
            by = user_of(request)
            job = uploads.receive(
                upload=upload, format=obj.format, fields=form.said, by=by
            )
            obj.pk, obj.file_name = job.pk, job.file_name
            return
        for button in self.get_actions_submit_line(request, obj.pk):
            if button.action_name in request.POST:
                button.method(request, obj)

    @action(description="Import now", permissions=["change"])
    def import_now(self, request: HttpRequest, job: ImportJob) -> None:
        if uploads.confirm(job=job):
            messages.success(request, f"{job.file_name} is on its way in.")

    @action(description="Throw away", permissions=["change"])
    def throw_away(self, request: HttpRequest, job: ImportJob) -> None:
        if uploads.discard(job=job):
            messages.warning(request, f"{job.file_name} was thrown away.")

    def response_add(
        self, request: HttpRequest, obj: ImportJob, post_url_continue: Any = None
    ) -> HttpResponse:
        where = reverse("admin:evaluations_importjob_change", args=[obj.pk])
        return HttpResponseRedirect(where)

    def response_change(self, request: HttpRequest, obj: ImportJob) -> HttpResponse:
        return HttpResponseRedirect(request.path)

    @display(description="State", ordering="state", label=COLOURS)
    def shown_state(self, job: ImportJob) -> str:
        return job.get_state_display()

    @display(description="Progress")
    def progress(self, job: ImportJob) -> str:
        if job.state not in UNDER_WAY or not job.total:
            return "–"
        return f"{job.step}: {job.done:,} of {job.total:,}"

    @display(description="Rows, after a dry run: as they would be")
    def outcome(self, job: ImportJob) -> SafeString:
        """What was added, or after the dry run: what would be."""
        rows = format_html_join(
            "",
            ROW,
            (
                (
                    count["kind"],
                    count["added"],
                    count["changed"],
                    count["already_there"],
                )
                for count in job.counts
            ),
        )
        if not job.counts:
            return raw_text("–")
        notes = raw_text("\n".join(job.notes)) if job.notes else ""
        return format_html(TABLE + "{}", rows, notes)

    @display(description="Refused because")
    def problem_list(self, job: ImportJob) -> SafeString:
        return raw_text("\n".join(job.problems) or "–")
