"""Figures that take time: worked out in the background, kept, shown by the pages."""

import hashlib
from typing import Final, Self

from django.db import models
from django.db.models.functions import Now

# Which results pages read, by the first word of a study's name. One goes up when pages
# come to read what former studies have not: these then count as not made yet.
SHAPES: Final = {"agreement": 1, "beyond": 1, "judge": 2, "volunteers": 1}


def shape_of(name: str) -> str:
    """What the digest of a study begins with, of judge:gpt-4 as of all judges."""
    return f"{SHAPES.get(name.partition(':')[0], 0)}:"


def marked(name: str, digest: str) -> str:
    """The digest of all that goes into a study, with the shape of its results."""
    return f"{shape_of(name)}{hashlib.sha256(digest.encode()).hexdigest()[:48]}"


class StudyQuerySet(models.QuerySet["Study"]):
    def of(self, name: str) -> Self:
        """Those of one name that pages can read, the last one first."""
        mine = self.filter(name=name, digest__startswith=shape_of(name))
        return mine.order_by("-id")

    def newest_of(self, name: str) -> "Study | None":
        return self.of(name).first()

    def newest_of_all(self, prefix: str) -> Self:
        """The same of each name that begins so, as judge: does."""
        alike = self.filter(name__startswith=prefix)
        mine = alike.filter(digest__startswith=shape_of(prefix))
        return mine.order_by("name", "-id").distinct("name")


class Study(models.Model):
    """One result of one question, as judge:gpt-4 or agreement; never edited."""

    name = models.CharField(max_length=120)
    # Of all that went in: a study is made anew only where this has changed.
    digest = models.CharField(max_length=64)
    code_version = models.CharField(max_length=60)
    results = models.JSONField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(db_default=Now())

    objects = StudyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "studies"
        indexes = (models.Index(fields=["name", "-id"], name="study_newest"),)

    def __str__(self) -> str:
        return f"{self.name} of {self.finished_at:%Y-%m-%d %H:%M}"
