"""What there is to tell of sets of prompts: whose they are, how far asked and judged.

Every figure of a set or a prompt comes from a query over all of them at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Sum, TextField, Value
from django.db.models.functions import Now

from evaluations.models import (
    Answer,
    Contestant,
    Prompt,
    PromptSet,
    Report,
    Study,
    Tally,
)
from evaluations.models.prompts import PromptQuerySet
from evaluations.models.tallies import SET

Row = tuple[int, int, int, Any, int]
AT_ONCE: Final = 50

# Of each set: how many of its prompts' first turns have a ready answer of those asked.
_ANSWERED = """
    SELECT prompt.prompt_set_id, count(*)
    FROM evaluations_answer answer
    JOIN evaluations_prompt prompt ON prompt.first_digest = answer.messages_digest
    WHERE answer.state = 'ready' AND answer.replicate = 0
      AND answer.contestant_id = ANY(%(contestants)s) AND prompt.id IN ({prompts})
    GROUP BY prompt.prompt_set_id
"""
# Of each battle the share of its pairs of votes that chose the same, as the noise floor
# has it; then of each prompt the mean of what is left to one.
_SAID = """
    SELECT prompt_id, sum(votes) AS votes, count(*) FILTER (WHERE votes > 1) AS shared,
        1 - avg(alike / nullif(votes * (votes - 1), 0)) AS disagreement
    FROM (
        SELECT prompt_id, battle_id, sum(votes) AS votes,
            sum(votes * (votes - 1)) AS alike
        FROM (
            SELECT battle.prompt_id, vote.battle_id, count(*) AS votes
            FROM evaluations_vote vote
            JOIN evaluations_battle battle ON battle.id = vote.battle_id
            JOIN evaluations_prompt prompt ON prompt.id = battle.prompt_id
            WHERE vote.state = 'counted' AND battle.mode <> 'control'
              AND battle.withdrawn_at IS NULL
              AND prompt.prompt_set_id = %(prompt_set)s
            GROUP BY battle.prompt_id, vote.battle_id, CASE vote.verdict
                WHEN 'a' THEN vote."left"
                WHEN 'b' THEN translate(vote."left", 'xy', 'yx')
                ELSE vote.verdict END
        ) AS choices GROUP BY prompt_id, battle_id
    ) AS battles GROUP BY prompt_id
"""
# Numbers order as they stand in the set they are from.
_LISTED = f"""
    WITH said AS ({_SAID})
    SELECT prompt.id, coalesce(said.votes, 0), coalesce(said.shared, 0),
        said.disagreement, count(*) OVER ()
    FROM evaluations_prompt prompt LEFT JOIN said ON said.prompt_id = prompt.id
    WHERE prompt.id IN ({{prompts}}) AND {{judged}}
    ORDER BY {{order}} LIMIT %(limit)s OFFSET %(offset)s
"""  # noqa: S608  built of the constants above  # nosec B608
JUDGED: Final[Mapping[str, str]] = {
    "": "true",
    "not": "said.votes IS NULL",
    "once": "said.votes > 0",
    "several": "said.shared > 0",
}
ORDERS: Final[Mapping[str, str]] = {
    "": "prompt.id",
    "votes": "coalesce(said.votes, 0) DESC, prompt.id",
    "disagreement": "said.disagreement DESC NULLS LAST, "
    "coalesce(said.votes, 0) DESC, prompt.id",
}


@dataclass(frozen=True)
class SetLine:
    """A set with how many prompts it shows and how far they are asked and judged.

    answered: ready answers of the contestants that play to first turns, of `wanted`;
    agreement: the figures of the last study of volunteers, empty before there are any
    """

    prompt_set: PromptSet
    prompts: int
    several_turns: int
    languages: list[str]
    answered: int
    wanted: int
    votes: int
    agreement: Mapping[str, Any]

    @property
    def coverage(self) -> float:
        return self.answered / self.wanted if self.wanted else 0.0


@dataclass(frozen=True)
class PromptLine:
    """A prompt with its votes, and the pairs that several volunteers judged.

    disagreement: the mean share of two votes on a pair that chose differently
    """

    prompt: Prompt
    votes: int
    shared: int
    disagreement: float | None


@dataclass(frozen=True)
class Wanted:
    """Which prompts of a set, and in which order; unknown words stand for all."""

    category: str = ""
    language: str = ""
    words: str = ""
    judged: str = ""
    order: str = ""


@dataclass(frozen=True)
class Page:
    lines: list[PromptLine]
    found: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.found // AT_ONCE))


def shown() -> PromptQuerySet:
    """Prompts that anybody may read.

    A question of a live battle is the asker's until it is approved; then it waits for
    the hold of the dumps, and for complaints to be dismissed.
    """
    complaints = Report.objects.filter(battle__prompt=OuterRef("pk")).exclude(
        state=Report.State.DISMISSED
    )
    hold = timedelta(days=settings.ARENA_DUMP_HOLD_DAYS)
    released = Q(created_at__lte=Now() - hold) & ~Exists(complaints)
    return Prompt.objects.approved().filter(~Q(origin=Prompt.Origin.LIVE) | Q(released))


def set_lines() -> list[SetLine]:
    """Sets with a prompt to read, those with most votes first."""
    lines = [line for line in _lines(PromptSet.objects.all()) if line.prompts]
    return sorted(lines, key=lambda line: -line.votes)


def set_line(prompt_set: PromptSet) -> SetLine:
    return _lines([prompt_set])[0]


def _lines(prompt_sets: Iterable[PromptSet]) -> list[SetLine]:
    sets = {each.pk: each for each in prompt_sets}
    if not sets:
        return []
    prompts = shown().filter(prompt_set__in=sets)
    counted = {
        row["prompt_set"]: row
        for row in prompts.order_by()
        .values("prompt_set")
        .annotate(
            number=Count("pk"),
            several=Count("pk", filter=Q(turns__len__gt=1)),
            languages=ArrayAgg("language", distinct=True),
        )
    }
    contestants = list(Contestant.objects.playing().values_list("pk", flat=True))
    answered = _answered(prompts, contestants)
    votes = _votes(sets.values())
    agreement = volunteers()["sets"]
    return [
        SetLine(
            prompt_set=each,
            prompts=number,
            several_turns=counted[pk]["several"] if number else 0,
            languages=sorted(counted[pk]["languages"]) if number else [],
            answered=answered.get(pk, 0),
            wanted=number * len(contestants),
            votes=votes.get(f"{SET}{each.slug}", 0),
            agreement=agreement.get(each.slug, {}),
        )
        for pk, each in sets.items()
        for number in [counted[pk]["number"] if pk in counted else 0]
    ]


def volunteers() -> Mapping[str, Any]:
    """The figures of the last study of how far volunteers agree."""
    study = Study.objects.newest_of("volunteers")
    return study.results if study else {"all": None, "sets": {}}


def _answered(prompts: PromptQuerySet, contestants: list[int]) -> dict[int, int]:
    statement, parameters = _chosen(prompts)
    with connection.cursor() as cursor:
        cursor.execute(
            _ANSWERED.format(prompts=statement),
            {"contestants": contestants, **parameters},
        )
        return dict(cursor.fetchall())


def _votes(prompt_sets: Iterable[PromptSet]) -> dict[str, int]:
    """As the tables count them, by slice."""
    slices = [f"{SET}{each.slug}" for each in prompt_sets]
    tallied = Tally.objects.filter(slice__in=slices).order_by()
    return dict(tallied.values_list("slice").annotate(Sum("count")))


def _chosen(prompts: PromptQuerySet) -> tuple[str, dict[str, Any]]:
    """The statement that selects their keys, and its parameters by name."""
    statement, given = prompts.order_by().values("pk").query.sql_with_params()
    names = [f"chosen_{number}" for number in range(len(given))]
    return statement % tuple(f"%({name})s" for name in names), dict(
        zip(names, given, strict=True)
    )


def kinds(prompt_set: PromptSet) -> tuple[list[str], list[str]]:
    """Categories and languages of the prompts that a set shows."""
    rows = (
        shown()
        .filter(prompt_set=prompt_set)
        .order_by()
        .values_list("categories", "language")
        .distinct()
    )
    categories = {category for row in rows for category in row[0]}
    return sorted(categories), sorted({row[1] for row in rows})


def listed(prompt_set: PromptSet, wanted: Wanted, *, number: int = 1) -> Page:
    """A page of the prompts of a set; the first one where there are fewer pages."""
    prompts = _filtered(prompt_set, wanted)
    rows = _rows(prompt_set, prompts, wanted, max(1, number))
    if not rows and number > 1:
        return listed(prompt_set, wanted)
    texts = Prompt.objects.in_bulk([row[0] for row in rows])
    lines = [_line(texts[row[0]], row) for row in rows]
    return Page(lines, rows[0][4] if rows else 0, max(1, number))


def line_of(prompt: Prompt) -> PromptLine:
    """One prompt with its figures."""
    only = Prompt.objects.filter(pk=prompt.pk)
    return _line(prompt, _rows(prompt.prompt_set, only, Wanted(), 1)[0])


def _line(prompt: Prompt, row: Row) -> PromptLine:
    _, votes, shared, apart, _ = row
    return PromptLine(
        prompt, int(votes), shared, None if apart is None else float(apart)
    )


def answered_by(prompt: Prompt) -> tuple[int, int]:
    """How many of the contestants that play have a ready answer, and how many play."""
    playing = Contestant.objects.playing()
    ready = Answer.objects.ready().filter(
        contestant__in=playing, messages_digest=prompt.first_digest, replicate=0
    )
    return ready.count(), playing.count()


def _filtered(prompt_set: PromptSet, wanted: Wanted) -> PromptQuerySet:
    text = Func(
        *(F("turns"), Value("\n")),
        function="array_to_string",
        output_field=TextField(),
    )
    prompts = shown().filter(prompt_set=prompt_set).alias(text=text)
    if wanted.category:
        prompts = prompts.filter(categories__contains=[wanted.category])
    if wanted.language:
        prompts = prompts.filter(language=wanted.language)
    for word in wanted.words.split():
        prompts = prompts.filter(text__icontains=word)
    return prompts


def _rows(
    prompt_set: PromptSet, prompts: PromptQuerySet, wanted: Wanted, number: int
) -> list[Row]:
    """Key, votes, shared pairs and disagreement; with them how many there are."""
    statement, parameters = _chosen(prompts)
    listed = _LISTED.format(
        prompts=statement,
        judged=JUDGED.get(wanted.judged, JUDGED[""]),
        order=ORDERS.get(wanted.order, ORDERS[""]),
    )
    values = {
        "prompt_set": prompt_set.pk,
        "limit": AT_ONCE,
        "offset": (number - 1) * AT_ONCE,
        **parameters,
    }
    with connection.cursor() as cursor:
        cursor.execute(listed, values)
        rows: list[Row] = cursor.fetchall()
        return rows
