"""Published dumps: what there is, and the files themselves."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from evaluations.dumps.columns import TABLES
from evaluations.dumps.folders import folder_of
from evaluations.dumps.formats import PARQUET
from evaluations.models import Dump
from evaluations.views.files import stored_file

CONTENT_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".gz": "application/gzip",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True)
class Download:
    """One file of a published version."""

    name: str
    bytes: int
    sha256: str
    rows: int | None = None

    @property
    def is_first_choice(self) -> bool:
        """The votes in the format that every data library opens."""
        return self.name == PARQUET.format("votes")

    @property
    def is_for_datasets(self) -> bool:
        """What load_dataset needs: the card and the tables it names."""
        return self.name.endswith((".parquet", "README.md"))


@dataclass(frozen=True)
class Version:
    dump: Dump
    downloads: list[Download]

    @property
    def first_choice(self) -> Download | None:
        return next((d for d in self.downloads if d.is_first_choice), None)

    @property
    def bytes(self) -> int:
        return sum(download.bytes for download in self.downloads)


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    published = Dump.objects.published().order_by("-published_at")
    versions = [Version(dump, _downloads(dump)) for dump in published]
    withdrawn = Dump.objects.filter(state=Dump.State.WITHDRAWN)
    context = {
        "latest": versions[0] if versions else None,
        "versions": versions,
        "withdrawn": withdrawn,
        "hold_days": settings.ARENA_DUMP_HOLD_DAYS,
        "tables": TABLES.items(),
        "here": request.build_absolute_uri(reverse("data")),
    }
    return render(request, "data.html", context)


def _downloads(dump: Dump) -> list[Download]:
    return [
        Download(
            name=str(file["name"]),
            bytes=int(file["bytes"]),
            sha256=str(file["sha256"]),
            rows=file.get("rows"),
        )
        for file in dump.files
    ]


@require_safe
@cache_control(public=True, no_cache=True)
def download(request: HttpRequest, version: str, name: str) -> HttpResponseBase:
    """Stream a file that its published dump lists, and no other."""
    dump = get_object_or_404(Dump.objects.published(), version=version)
    listed = {file.name: file for file in _downloads(dump)}
    if name not in listed:
        raise Http404(f"{version} has no file of that name.")
    path = _stored(dump, name)
    return stored_file(
        request,
        path,
        sha256=listed[name].sha256,
        content_type=CONTENT_TYPES.get(path.suffix, "application/octet-stream"),
    )


def _stored(dump: Dump, name: str) -> Path:
    folder = folder_of(dump.version).resolve()
    path = (folder / name).resolve()
    # The list comes from the builder; a link or a dotted name must not lead outside.
    if not path.is_relative_to(folder) or not path.is_file():
        raise Http404(f"{dump.version} has lost a file.")
    return path
