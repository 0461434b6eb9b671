"""The texts beside the tables: data card, schema, licence and citation."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from evaluations.dumps.columns import TABLES
from evaluations.dumps.formats import CSV, JSON_LINES, PARQUET
from evaluations.models import PromptSet

CC_BY = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of one dump."""

    version: str
    built: date
    code_version: str
    hold_days: int
    rows: dict[str, int]
    volunteers: int
    votes_of_set: list[tuple[PromptSet, int]]
    simulated: bool = False

    @property
    def kind(self) -> str:
        """What the votes are called in titles."""
        return "simulated votes" if self.simulated else "votes"


def readme(facts: Facts) -> str:
    """The card; its header tells `datasets` which files make which config."""
    return _README.format(
        version=facts.version,
        kind=facts.kind,
        warning=_SIMULATED if facts.simulated else "",
        built=facts.built.isoformat(),
        code_version=facts.code_version,
        hold=_hold(facts.hold_days),
        votes=f"{facts.rows['votes']:,}",
        controls=f"{facts.rows['controls']:,}",
        conversations=f"{facts.rows['conversations']:,}",
        volunteers=f"{facts.volunteers:,}",
        columns="\n".join(_columns(name) for name in TABLES),
        sets="\n".join(_set_lines(facts.votes_of_set)),
        licence_url=CC_BY,
        votes_parquet=PARQUET.format("votes"),
        controls_parquet=PARQUET.format("controls"),
        conversations_parquet=PARQUET.format("conversations"),
        json_lines=JSON_LINES.format("*"),
        csv=CSV.format("*"),
    )


def schema(facts: Facts) -> dict[str, object]:
    return {
        "version": facts.version,
        "built": facts.built.isoformat(),
        "code_version": facts.code_version,
        "simulated": facts.simulated,
        "tables": {
            name: {
                "rows": facts.rows[name],
                "columns": [asdict(column) for column in columns],
            }
            for name, columns in TABLES.items()
        },
    }


def licence(facts: Facts) -> str:
    sets = "\n".join(_set_lines(facts.votes_of_set))
    return (f"{_SIMULATED}\n" if facts.simulated else "") + (
        "The votes, the answers and this arena's own prompts are published under the "
        f"Creative Commons Attribution 4.0 International licence:\n{CC_BY}\n\n"
        f"Prompt sets and what was imported with them keep their licence:\n\n{sets}\n"
    )


def citation(facts: Facts) -> str:
    return (
        "cff-version: 1.2.0\n"
        "message: If you use these data, please cite them as below.\n"
        "type: dataset\n"
        f'title: "Open Arena: {facts.kind} and conversations"\n'
        f'version: "{facts.version}"\n'
        f"date-released: {facts.built.isoformat()}\n"
        "license: CC-BY-4.0\n"
        "authors:\n"
        f"  - name: {_authors(facts)} of Open Arena\n"
    )


def _authors(facts: Facts) -> str:
    return "A simulated crowd" if facts.simulated else "The volunteers"


def _hold(days: int) -> str:
    if not days:
        return "Votes are published without a waiting time."
    return f"A vote is held back for {days} days, so that it can be taken back."


def _columns(table: str) -> str:
    lines = [f"### {table}", "", "| column | type | meaning |", "|---|---|---|"]
    lines += [f"| `{c.name}` | {c.kind} | {c.meaning} |" for c in TABLES[table]]
    return "\n".join([*lines, ""])


def _set_lines(votes_of_set: Iterable[tuple[PromptSet, int]]) -> Iterable[str]:
    for prompt_set, votes in votes_of_set:
        title, licence, source = (
            _plain(text)
            for text in (prompt_set.title, prompt_set.licence, prompt_set.source)
        )
        yield f"- {title} (`{prompt_set.slug}`): {licence}, {source}; {votes:,} votes"


def _plain(text: str) -> str:
    """One line, whatever an administrator wrote."""
    return " ".join(text.split())


_SIMULATED = """\
**Simulated votes.** A made-up crowd judged made-up models, to try the arena out. Nobody
cast these votes; they say nothing about any real model.
"""

_README = """\
---
license: cc-by-4.0
pretty_name: Open Arena {kind} and conversations, {version}
configs:
- config_name: votes
  default: true
  data_files: {votes_parquet}
- config_name: controls
  data_files: {controls_parquet}
- config_name: conversations
  data_files: {conversations_parquet}
---

# Open Arena: {kind} and conversations, version {version}

{warning}
Volunteers read two answers to one prompt without knowing which models wrote them, and
say which they would rather have received. This folder holds {votes} of their votes, by
{volunteers} volunteers, and the {conversations} conversations they judged. Beside them
stand {controls} votes on pairs that check the judgements. It was built on {built} (UTC)
by version {code_version} of the arena.

## Reading it

```python
from datasets import load_dataset

votes = load_dataset("path/to/this/folder")["train"]
controls = load_dataset("path/to/this/folder", "controls")["train"]
conversations = load_dataset("path/to/this/folder", "conversations")["train"]
```

The same rows, in the same order, stand in `{json_lines}` and `{csv}`. In CSV a list is
written as JSON, and a text that a spreadsheet would take for a formula has an
apostrophe before it; Parquet and JSON lines hold every text as it is. `checksums.txt`
has the SHA-256 sum of each file (`sha256sum -c checksums.txt`), `schema.json` the
columns and the number of rows.

## Columns

{columns}
## Which votes are here

- Votes of volunteers that count in the rating table. Votes taken back, votes left out
  by a rule and votes on withdrawn pairs are absent. {hold}
- `tie` and `both_bad` both count as half a win for each side in the rating table.
- `controls` holds votes on pairs that look like any other and check the judgements: one
  model with two answers, or a pair that the volunteer had judged before, with the sides
  exchanged. They count in no rating, so leave them out when you compute one. What was
  undone and judged anew is absent there, as its volunteer knew what it was.
- The order of the rows is random, the votes on one pair stand together.

## Privacy

- `judge` is a random id that is drawn anew for each dump, and so are the ids of votes,
  pairs and conversations: they say nothing about another dump. The texts are the same
  in each, however, so somebody who lays two dumps side by side can match rows.
- Of the time only the month is given. Comments, cookies, network addresses and accounts
  are not in this folder.
- In a live battle a volunteer asks two models a question of their own. The vote counts
  in the rating table and stands here, but question and answers are left out (empty
  conversations) unless the volunteer agreed to publish them and an administrator has
  looked at them.
- Prompts and answers are published as they were written. If you find something in them
  that should not be public, tell the arena: the version can be withdrawn.

## Known limits

- Volunteers choose themselves; they do not stand for everybody.
- Models recognised by their manner of writing are not blind, whatever the page hides.
- Imported votes were collected by others under their own rules; their time is unknown.

## Licence and sources

[CC BY 4.0]({licence_url}). Prompt sets and what was imported with them keep the licence
of their source:

{sets}

How to cite: see `CITATION.cff`.
"""
