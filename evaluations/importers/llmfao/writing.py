"""Add what is not there yet, all in one transaction; what differs is refused."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from django.db import connection, transaction
from django.db.models import F

from evaluations.importers.judgements import add_judges, add_verdicts
from evaluations.importers.llmfao import rows
from evaluations.importers.llmfao.source import (
    MODELS,
    PAIRS,
    PROMPTS,
    RESULTS,
    VOTES,
    Source,
    read,
)
from evaluations.importers.reading import refuse
from evaluations.importers.report import Counts, ProgressReport, Report
from evaluations.importers.writing import check_taken, writing_alone
from evaluations.markdown import Rendered, render_safely
from evaluations.models import (
    Answer,
    Battle,
    BattleTurn,
    Contestant,
    ContestantChange,
    Prompt,
    PromptSet,
    Volunteer,
    Vote,
)
from evaluations.models.ledger import fill_styles, record_tally_changes
from evaluations.models.prompts import digest_of, first_messages
from evaluations.question_sets import freeze

NOTE = "imported from llmfao"
BATCH = 2_000

AnswerKey = tuple[int, int]
NOT_RENDERED = Rendered(html="")


def import_llmfao(*, path: Path, dry_run: bool, progress: ProgressReport) -> Report:
    """Bring in what is missing; raise BadInput and write nothing if any is bad."""
    progress("Reading", 0, 1)
    source = read(path)
    progress("Reading", 1, 1)
    # Takes seconds, so it comes before the transaction.
    rendered = {} if dry_run else _render_new(source, progress)
    with writing_alone():
        report = _write(source, rendered, progress)
        transaction.set_rollback(dry_run)
    return report


def _render_new(source: Source, progress: ProgressReport) -> dict[AnswerKey, Rendered]:
    stored = set(
        Answer.objects.filter(
            contestant__slug__in=[model.slug for model in source.models.values()]
        ).values_list("contestant__slug", "messages_digest")
    )
    digests = {
        number: digest_of(first_messages([question.text]))
        for number, question in source.questions.items()
    }
    new = [
        (key, result)
        for key, result in source.results.items()
        if (source.models[result.model].slug, digests[result.prompt]) not in stored
    ]
    rendered = {}
    for done, (key, result) in enumerate(new, start=1):
        rendered[key] = render_safely(result.result)
        progress("Rendering answers", done, len(new))
    return rendered


def _write(
    source: Source, rendered: dict[AnswerKey, Rendered], progress: ProgressReport
) -> Report:
    counts = Counts(progress, kinds=8 if source.verdicts else 6)
    contestants = _add_contestants(source, counts)
    prompts = _add_prompts(source, counts)
    answers = _add_answers(source, contestants, prompts, rendered, counts)
    battles = _add_battles(source, contestants, prompts, answers, counts)
    volunteers = _add_volunteers(source, counts)
    _add_votes(source, battles, volunteers, counts)
    if source.verdicts:
        _add_verdicts(source, battles, counts)
    return counts.report()


def _add_contestants(source: Source, counts: Counts) -> dict[int, Contestant]:
    standing = Contestant.objects.in_bulk(
        [model.slug for model in source.models.values()], field_name="slug"
    )
    wanted = {number: rows.contestant_of(m) for number, m in source.models.items()}
    new = [row for row in wanted.values() if row.slug not in standing]
    check_taken(standing.values(), new, NOTE, place=f"{MODELS}: ")
    Contestant.objects.bulk_create(new)
    ContestantChange.objects.bulk_create(
        ContestantChange(contestant=row, to_state=row.state, note=NOTE) for row in new
    )
    counts.add("contestants", added=len(new), of=len(wanted))
    return {number: standing.get(row.slug, row) for number, row in wanted.items()}


def _add_prompts(source: Source, counts: Counts) -> dict[int, Prompt]:
    sets = PromptSet.objects.select_for_update(no_key=True)
    prompt_set, _ = sets.get_or_create(
        slug=rows.FORMAT,
        defaults={
            "title": "llmonitor benchmark, judged by the llmfao crowd",
            "licence": rows.LICENCE,
            "source": f"{rows.SOURCE} (prompts by llmonitor)",
        },
    )
    standing = {prompt.digest: prompt for prompt in prompt_set.prompts.all()}
    wanted = {n: rows.prompt_of(q, prompt_set) for n, q in source.questions.items()}
    new = {n: row for n, row in wanted.items() if row.digest not in standing}
    if prompt_set.frozen_at:
        where = f"the set is frozen at version {prompt_set.version}"
        lines = [source.questions[number].line for number in new]
        lacks = f"{where} and does not have this prompt."
        refuse([f"{PROMPTS}:{line}: {lacks}" for line in lines])
    Prompt.objects.bulk_create(new.values())
    freeze(prompt_set=prompt_set)
    counts.add("prompts", added=len(new), of=len(wanted))
    return {number: standing.get(row.digest, row) for number, row in wanted.items()}


def _add_answers(
    source: Source,
    contestants: dict[int, Contestant],
    prompts: dict[int, Prompt],
    rendered: dict[AnswerKey, Rendered],
    counts: Counts,
) -> dict[AnswerKey, Answer]:
    standing = {
        (answer.contestant_id, answer.messages_digest): answer
        for answer in Answer.objects.filter(
            contestant__in=contestants.values(), replicate=0
        ).only("contestant_id", "messages_digest", "text")
    }
    new: dict[AnswerKey, Answer] = {}
    answers: dict[AnswerKey, Answer] = {}
    problems: list[str] = []
    for key, result in source.results.items():
        contestant = contestants[result.model]
        prompt = prompts[result.prompt]
        stored = standing.get((contestant.pk, prompt.first_digest))
        if stored is None:
            question = source.questions[result.prompt]
            html = rendered.get(key, NOT_RENDERED)
            new[key] = rows.answer_of(result, question, prompt, contestant, html)
        elif stored.text != result.result:
            which = f"another answer of {contestant} to prompt {result.prompt}"
            problems.append(f"{RESULTS}:{result.line}: {which} is stored already.")
        answers[key] = stored or new[key]
    refuse(problems)
    Answer.objects.bulk_create(new.values(), batch_size=BATCH)
    counts.add("answers", added=len(new), of=len(answers))
    return answers


def _add_battles(
    source: Source,
    contestants: dict[int, Contestant],
    prompts: dict[int, Prompt],
    answers: dict[AnswerKey, Answer],
    counts: Counts,
) -> dict[int, Battle]:
    wanted = {
        number: rows.battle_of(
            pair,
            prompts[pair.prompt],
            contestants[pair.model_x],
            contestants[pair.model_y],
        )
        for number, pair in source.pairs.items()
    }
    standing = Battle.objects.in_bulk(
        [str(row.external_id) for row in wanted.values()], field_name="external_id"
    )
    new: dict[int, Battle] = {}
    battles: dict[int, Battle] = {}
    problems: list[str] = []
    for number, row in wanted.items():
        stored = standing.get(str(row.external_id))
        if stored is None:
            new[number] = row
        elif _pairing(stored) != _pairing(row):
            line = source.pairs[number].line
            problems.append(f"{PAIRS}:{line}: another pair {number} is stored already.")
        battles[number] = stored or row
    refuse(problems)
    Battle.objects.bulk_create(new.values(), batch_size=BATCH)
    _add_turns(source, new, answers)
    counts.add("battles", added=len(new), of=len(battles))
    return battles


def _pairing(battle: Battle) -> tuple[int, int, int]:
    return battle.prompt_id, battle.contestant_x_id, battle.contestant_y_id


def _add_turns(
    source: Source, new: dict[int, Battle], answers: dict[AnswerKey, Answer]
) -> None:
    turns = []
    for number, battle in new.items():
        pair = source.pairs[number]
        x = answers[pair.model_x, pair.prompt]
        y = answers[pair.model_y, pair.prompt]
        turns.append(rows.turn_of(battle, x, y))
    BattleTurn.objects.bulk_create(turns, batch_size=BATCH)


def _add_volunteers(source: Source, counts: Counts) -> dict[str, Volunteer]:
    workers = {row.worker for row in source.judgements.values()}
    wanted = {worker: rows.volunteer_of(worker) for worker in sorted(workers)}
    standing = Volunteer.objects.in_bulk(
        [str(row.external_id) for row in wanted.values()], field_name="external_id"
    )
    new = [row for row in wanted.values() if row.external_id not in standing]
    Volunteer.objects.bulk_create(new)
    counts.add("volunteers", added=len(new), of=len(wanted))
    return {
        worker: standing.get(str(row.external_id), row)
        for worker, row in wanted.items()
    }


def _add_votes(
    source: Source,
    battles: dict[int, Battle],
    volunteers: dict[str, Volunteer],
    counts: Counts,
) -> None:
    standing = {
        (battle, volunteer): verdict
        for battle, volunteer, verdict in Vote.objects.filter(
            battle__in=battles.values(), volunteer__in=volunteers.values()
        ).values_list("battle_id", "volunteer_id", "verdict")
    }
    new: list[Vote] = []
    problems: list[str] = []
    for judgement in source.judgements.values():
        battle = battles[judgement.id]
        row = rows.vote_of(judgement, battle, volunteers[judgement.worker])
        verdict = standing.get((row.battle_id, row.volunteer_id))
        if verdict is None:
            new.append(row)
        elif verdict != row.verdict:
            which = f"worker {judgement.worker}'s vote on pair {judgement.id}"
            place = f"{VOTES}:{judgement.line}"
            problems.append(f"{place}: another {which} is stored already.")
    refuse(problems)
    Vote.objects.bulk_create(new, batch_size=BATCH)
    _let_planner_know()
    fill_styles(vote.pk for vote in new)
    record_tally_changes([vote.pk for vote in new], delta=+1)
    _count_on_battles(new)
    counts.add("votes", added=len(new), of=len(source.judgements))


def _add_verdicts(source: Source, battles: dict[int, Battle], counts: Counts) -> None:
    """What two models said of the pairs; kept apart from the votes."""
    judgements = [
        rows.judgement_of(judge, place, verdict)
        for (judge, _), (place, verdict) in source.verdicts.items()
    ]
    said = {judge for judge, _ in source.verdicts}
    judges = add_judges([rows.JUDGES[judge] for judge in sorted(said)], counts)
    by_pairing = {row.pairing: battles[int(row.question)] for row in judgements}
    add_verdicts(judgements, judges, by_pairing, counts, named=rows.FORMAT)


def _let_planner_know() -> None:
    """Without counts of the rows just written it may choose to join them one by one."""
    with connection.cursor() as cursor:
        for model in (Prompt, Answer, Battle, BattleTurn, Vote):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def _count_on_battles(votes: Iterable[Vote]) -> None:
    """Raise each battle's judgements: one statement for all that got as many."""
    battles_with = defaultdict(list)
    for battle, number in Counter(vote.battle_id for vote in votes).items():
        battles_with[number].append(battle)
    for number, battles in battles_with.items():
        Battle.objects.filter(pk__in=battles).update(
            judgements=F("judgements") + number
        )
