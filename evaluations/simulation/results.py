"""What a simulation leaves on the disk: figures as JSON and CSV, a plot as SVG."""

import csv
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from evaluations.charts import Curve, Face, Scale, curve_plot, standalone
from evaluations.simulation.measures import votes_until
from evaluations.simulation.running import Outcome

RESULTS, TABLE, PLOT = "results.json", "checkpoints.csv", "tau.svg"
WANTED_TAU = 0.95


def folder_of(label: str) -> Path:
    return Path(settings.ARENA_VAR) / "simulations" / label


def remove(label: str) -> None:
    shutil.rmtree(folder_of(label), ignore_errors=True)


def figures(outcome: Outcome) -> dict[str, Any]:
    """All that is known of one simulation, ready for JSON."""
    return {
        "simulated": True,
        "database": outcome.database,
        "plan": asdict(outcome.plan),
        "votes": outcome.cast,
        "complete": outcome.cast == outcome.plan.votes,
        "seconds": round(outcome.seconds, 1),
        "votes_per_second": round(outcome.votes_per_second, 1),
        "votes_until_tau_95": votes_until(outcome.checkpoints, tau=WANTED_TAU),
        "checkpoints": [checkpoint.as_row() for checkpoint in outcome.checkpoints],
    }


def write(outcomes: Sequence[Outcome], *, label: str) -> Path:
    """Write what there is so far and return the folder."""
    folder = folder_of(label)
    folder.mkdir(parents=True, exist_ok=True)
    told = {"label": label, "runs": [figures(outcome) for outcome in outcomes]}
    text = json.dumps(told, indent=2) + "\n"
    (folder / RESULTS).write_text(text, encoding="utf-8")
    rows = [
        {"rule": outcome.plan.rule, **checkpoint.as_row()}
        for outcome in outcomes
        for checkpoint in outcome.checkpoints
    ]
    if rows:
        _write_table(folder / TABLE, rows)
        (folder / PLOT).write_text(_plot(outcomes), encoding="utf-8")
    return folder


def _write_table(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


def _plot(outcomes: Sequence[Outcome]) -> str:
    curves = [
        Curve(outcome.plan.rule, [(c.votes, c.tau) for c in outcome.checkpoints])
        for outcome in outcomes
        if outcome.checkpoints
    ]
    values = [y for curve in curves for _, y in curve.points]
    face = Face(
        name="tau",
        title="How near the table is to the truth",
        description="Kendall's tau of ratings against true strengths, by simulated "
        f"votes. The dotted line is {WANTED_TAU}.",
        width=820,
    )
    up = Scale(min(0.0, *values), 1.0)
    return standalone(
        curve_plot(curves, face=face, up=up, reference=WANTED_TAU, unit=" votes")
    )
