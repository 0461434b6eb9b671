"""The figures on the admin's first page, each a link to the rows behind it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from evaluations import auditing, battles, moderation
from evaluations.events import heartbeat_age
from evaluations.live.slowness import slower_than_pace
from evaluations.models import Answer, Contestant, Dump, Report, Vote
from evaluations.simulated import simulation_if_known

LATE_SECONDS = 30
NAMED = 3


@dataclass(frozen=True)
class Card:
    title: str
    figure: str
    note: str
    link: str


def environment(request: HttpRequest) -> list[str] | None:
    """Unfold's hook: a word in colour on every page of the panel."""
    return ["Simulated votes", "danger"] if simulation_if_known() else None


def figures(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's hook: what templates/admin/index.html shows above the list of rows."""
    context["cards"] = [
        _judgements(),
        _queue(),
        _contestants(),
        _pace(),
        _failures(),
        _reports(),
        _prompts(),
        _worker(),
        _dump(),
        _leader(),
    ]
    context["failing"] = _failing()
    return context


def _list(name: str, query: str = "") -> str:
    where = reverse(f"admin:evaluations_{name}_changelist")
    return f"{where}?{query}" if query else where


def _judgements() -> Card:
    now = timezone.now()
    day, week = now - timedelta(days=1), now - timedelta(days=7)
    counts = Vote.objects.filter(cast_at__gte=week).aggregate(
        week=Count("pk"), day=Count("pk", filter=Q(cast_at__gte=day))
    )
    note = f"{counts['week']} in seven days"
    return Card("Judgements in 24 hours", str(counts["day"]), note, _list("vote"))


def _queue() -> Card:
    depth = battles.queue_depth()
    note = f"{depth.waiting} waiting for answers, {depth.imported} imported"
    return Card("Pairs ready", str(depth.ready), note, _list("battle"))


def _contestants() -> Card:
    states = dict(Contestant.objects.values_list("state").annotate(Count("pk")))
    drafts, paused = states.get("draft", 0), states.get("paused", 0)
    note = f"{drafts} drafts, {paused} paused"
    active = str(states.get("active", 0))
    return Card("Active contestants", active, note, _list("contestant"))


def _pace() -> Card:
    """Whoever is slower than the pace can be told by the pauses of live answers."""
    slow = slower_than_pace()
    names = ", ".join(f"{name} ({rate:.0f}/s)" for name, rate in slow[:NAMED])
    pace = f"pace: {settings.ARENA_LIVE_TOKENS_PER_SECOND} tokens/s"
    note = f"{names}; {pace}" if slow else pace
    return Card("Slower than live pace", str(len(slow)), note, _list("contestant"))


def _failures() -> Card:
    failed = Answer.objects.filter(state=Answer.State.FAILED).count()
    fetching = Answer.objects.filter(state=Answer.State.FETCHING).count()
    link = _list("answer", "state__exact=failed")
    return Card("Failed answers", str(failed), f"{fetching} being fetched", link)


def _reports() -> Card:
    open_reports = Report.objects.filter(state=Report.State.OPEN).count()
    link = _list("report", "state__exact=open")
    return Card("Open reports", str(open_reports), "from visitors", link)


def _prompts() -> Card:
    shares = moderation.pool_shares()
    note = f"pool: {shares.new_share:.0%} new, {shares.suggested_share:.0%} suggested"
    note += f", {shares.duplicate_share:.0%} duplicates"
    link = reverse("admin:evaluations_prompt_moderate")
    return Card("Prompts that wait", str(shares.waiting), note, link)


def _worker() -> Card:
    age = heartbeat_age()
    alive = age is not None and age < LATE_SECONDS
    note = "never heard of" if age is None else f"last heard {age:.0f} s ago"
    return Card("Worker", "alive" if alive else "silent", note, reverse("readyz"))


def _dump() -> Card:
    newest = Dump.objects.order_by("-id").first()
    if newest is None:
        return Card("Newest dump", "none", "build one", _list("dump"))
    return Card("Newest dump", newest.version, newest.state, _list("dump"))


def _leader() -> Card:
    """How little would change the leader; the alarm names what to look at."""
    alarm = auditing.alarm()
    if alarm is None:
        return Card("Votes to change the leader", "–", "no audit yet", _list("audit"))
    votes = "none do" if alarm.votes is None else str(alarm.votes)
    figure = f"⚠ {votes}" if alarm.raised else votes
    if alarm.by_one:
        query = f"volunteer__id__exact={alarm.turning_volunteer or 0}"
        note = "without one volunteer another would lead"
        return Card("Votes to change the leader", figure, note, _list("vote", query))
    note = f"alarm below {settings.ARENA_FRAGILE_VOTES}"
    return Card("Votes to change the leader", figure, note, _list("audit"))


def _failing() -> list[dict[str, Any]]:
    """Contestants with failed answers, the worst first."""
    failed = Count("answers", filter=Q(answers__state=Answer.State.FAILED))
    contestants = Contestant.objects.annotate(failed=failed).filter(failed__gt=0)
    columns = ("pk", "name", "state", "failed", "failures_in_row")
    query = "contestant__id__exact={}&state__exact=failed"
    return [
        {**line, "link": _list("answer", query.format(line["pk"]))}
        for line in contestants.order_by("-failed", "name").values(*columns)[:20]
    ]
