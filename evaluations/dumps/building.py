"""Build a dump: select, stream into files, sum up, put in place, publish."""

import json
import logging
from contextlib import closing, suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from evaluations.dumps import card, folders
from evaluations.dumps.claim import Claim, ClaimLost, ProgressReport
from evaluations.dumps.columns import TABLES
from evaluations.dumps.formats import FORMATS, TableWriter
from evaluations.dumps.rows import (
    Pseudonyms,
    RowMaker,
    control_rows,
    conversation_rows,
    vote_rows,
)
from evaluations.dumps.selection import Selection, selection
from evaluations.models import Dump, PromptSet
from evaluations.simulated import simulation

logger = logging.getLogger(__name__)


def build_dump(*, dump_id: int, progress: ProgressReport | None = None) -> None:
    """Build and publish a waiting dump; a dump that another one builds is left."""
    claim = Claim.take(dump_id, progress)
    if claim is None:
        return
    try:
        with folders.part_folder(claim.dump.version) as part:
            _build(claim, part)
    except ClaimLost as lost:
        logger.warning("%s", lost)
    except BaseException as error:
        # The reason must be on the page, not in the log alone.
        with suppress(DatabaseError):
            claim.own().update(state=Dump.State.FAILED, note=_in_words(error))
        raise


def _build(claim: Claim, part: Path) -> None:
    with selection() as chosen:
        claim.total = chosen.votes + chosen.controls + chosen.answers
        claim.beat()
        rows = _write_tables(claim, part, chosen)
        facts = card.Facts(
            version=claim.dump.version,
            built=timezone.now().date(),
            code_version=settings.ARENA_CODE_VERSION,
            hold_days=settings.ARENA_DUMP_HOLD_DAYS,
            rows=rows,
            volunteers=chosen.volunteers,
            votes_of_set=_named(chosen.votes_of_set),
            simulated=simulation() is not None,
        )
    _write_texts(part, facts)
    files = _listed(part, folders.write_checksums(part, claim.pulse), rows)
    folders.make_durable(part, claim.pulse)
    with transaction.atomic():
        # Nobody takes the dump over between the renaming and the word of it.
        claim.hold()
        folders.put_in_place(part, claim.dump.version)
        _publish(claim, files, rows)


def _write_tables(claim: Claim, part: Path, chosen: Selection) -> dict[str, int]:
    pseudonyms = Pseudonyms()
    made: dict[str, RowMaker] = {
        "votes": vote_rows(chosen, pseudonyms),
        "controls": control_rows(chosen, pseudonyms),
        "conversations": conversation_rows(chosen, pseudonyms),
    }
    rows = {}
    for name, columns in TABLES.items():
        # Closed at once, also after a fault: a row maker holds a cursor open.
        with TableWriter(part, name, columns) as table, closing(made[name]) as maker:
            for row in maker:
                table.write(row)
                claim.step()
        rows[name] = table.rows
    return rows


def _named(votes_of_set: dict[int, int]) -> list[tuple[PromptSet, int]]:
    sets = PromptSet.objects.filter(pk__in=votes_of_set).order_by("slug")
    return [(prompt_set, votes_of_set[prompt_set.pk]) for prompt_set in sets]


def _write_texts(part: Path, facts: card.Facts) -> None:
    schema = json.dumps(card.schema(facts), indent=2)
    texts = {
        "README.md": card.readme(facts),
        "schema.json": schema + "\n",
        "LICENSE": card.licence(facts),
        "CITATION.cff": card.citation(facts),
    }
    for name, text in texts.items():
        (part / name).write_text(text, encoding="utf-8")


def _listed(
    part: Path, sums: dict[str, str], rows: dict[str, int]
) -> list[dict[str, object]]:
    rows_of_file = {
        form.format(name): number for name, number in rows.items() for form in FORMATS
    }
    return [
        {
            "name": name,
            "bytes": (part / name).stat().st_size,
            "sha256": digest,
            "rows": rows_of_file.get(name),
        }
        for name, digest in sums.items()
    ]


def _publish(
    claim: Claim, files: list[dict[str, object]], rows: dict[str, int]
) -> None:
    claim.own().update(
        state=Dump.State.PUBLISHED,
        published_at=Now(),
        files=files,
        votes=rows["votes"],
        conversations=rows["conversations"],
        done=claim.total,
        total=claim.total,
        note="",
    )


def _in_words(error: BaseException) -> str:
    if isinstance(error, OSError):
        return f"The files could not be written: {error.strerror or error}."
    if isinstance(error, DatabaseError):
        return "The database was lost during the build."
    if isinstance(error, KeyboardInterrupt | SystemExit):
        return "The build was interrupted."
    kind = type(error).__name__
    return f"An unexpected fault ended the build ({kind}); the worker's log says more."
