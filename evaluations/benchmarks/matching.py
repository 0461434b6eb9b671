"""Whose score it is: suggested by the name, said by an admin, taken back by one."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from evaluations.benchmarks.naming import Names, normalised
from evaluations.models import BenchmarkScore, Contestant


class MatchRefused(Exception):
    """The name cannot be given to that contestant; the message is a sentence."""


def settle_matches(scores: Iterable[BenchmarkScore]) -> None:
    """Fill in, unsaved, what is known of each name: the confirmed one, or a hint."""
    names, confirmed = Names.known(), _confirmed()
    for score in scores:
        before = confirmed.get(normalised(score.reported_as))
        if before is None:
            score.suggested_id = names.meant_by(score.reported_as)
            continue
        for field in ("contestant", "suggested", "confirmed_by"):
            setattr(score, f"{field}_id", getattr(before, f"{field}_id"))
        score.confirmed_at = before.confirmed_at


def suggest_again() -> None:
    """Look once more for those that nobody has confirmed: names may be new."""
    names = Names.known()
    open_scores = list(BenchmarkScore.objects.reported().filter(contestant=None))
    for score in open_scores:
        score.suggested_id = names.meant_by(score.reported_as)
    BenchmarkScore.objects.bulk_update(open_scores, ["suggested"], batch_size=1_000)


def confirm(*, reported_as: str, contestant: Contestant, by: User) -> int:
    """Give all scores of that name to a contestant; return how many there are.

    A name that would not have led to it becomes one of its aliases, so that later
    imports find it.
    """
    if contestant.judge_only:
        raise MatchRefused(f"{contestant.name} is a judge's connection, no contestant.")
    with transaction.atomic():
        same = _of_name(reported_as)
        _take_alias_off(same)
        suggested = Names.known().meant_by(reported_as)
        if suggested != contestant.pk:
            _add_alias(contestant, reported_as)
        return BenchmarkScore.objects.filter(pk__in=[row.pk for row in same]).update(
            contestant=contestant,
            suggested=suggested,
            confirmed_at=Now(),
            confirmed_by=by,
        )


def confirm_suggestion(*, reported_as: str, by: User) -> int:
    """Confirm what the name itself suggests; raise MatchRefused where it is nothing."""
    suggested = Names.known().meant_by(reported_as)
    if suggested is None:
        raise MatchRefused(f"Nothing is suggested for {reported_as}: choose a model.")
    contestant = Contestant.objects.get(pk=suggested)
    return confirm(reported_as=reported_as, contestant=contestant, by=by)


def undo(*, reported_as: str) -> int:
    """Take the name from its contestant, and the alias that was added for it."""
    with transaction.atomic():
        same = _of_name(reported_as)
        _take_alias_off(same)
        suggested = Names.known().meant_by(reported_as)
        return BenchmarkScore.objects.filter(pk__in=[row.pk for row in same]).update(
            contestant=None, confirmed_at=None, confirmed_by=None, suggested=suggested
        )


def _of_name(reported_as: str) -> list[BenchmarkScore]:
    """All scores of that name however it is spelt, locked against another admin."""
    sought = normalised(reported_as)
    reported = BenchmarkScore.objects.reported().select_for_update().order_by("pk")
    return [row for row in reported if normalised(row.reported_as) == sought]


def _confirmed() -> dict[str, BenchmarkScore]:
    confirmed = BenchmarkScore.objects.reported().exclude(contestant=None)
    return {normalised(row.reported_as): row for row in confirmed.order_by("-pk")}


def _add_alias(contestant: Contestant, name: str) -> None:
    locked = Contestant.objects.select_for_update(no_key=True).get(pk=contestant.pk)
    locked.aliases = [*locked.aliases, name]
    locked.save(update_fields=["aliases"])


def _take_alias_off(same: Iterable[BenchmarkScore]) -> None:
    """An alias came with a confirmation only where it was not the suggestion."""
    added = {
        (row.contestant_id, row.reported_as)
        for row in same
        if row.contestant_id and row.contestant_id != row.suggested_id
    }
    for contestant_id, name in added:
        locked = Contestant.objects.select_for_update(no_key=True).get(pk=contestant_id)
        locked.aliases = [alias for alias in locked.aliases if alias != name]
        locked.save(update_fields=["aliases"])
