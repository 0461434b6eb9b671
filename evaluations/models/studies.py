"""Figures that take time: worked out in the background, kept, shown by the pages."""

from typing import Self

from django.db import models
from django.db.models.functions import Now


class StudyQuerySet(models.QuerySet["Study"]):
    def newest_of(self, name: str) -> "Study | None":
        return self.filter(name=name).order_by("-id").first()

    def newest(self) -> Self:
        """The last one of each name."""
        return self.order_by("name", "-id").distinct("name")


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
