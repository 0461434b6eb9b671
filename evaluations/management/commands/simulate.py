import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluations.management.progress import Progress
from evaluations.matchmaking import RULES
from evaluations.simulation import databases, results
from evaluations.simulation.crowd import Recipe
from evaluations.simulation.databases import SimulationRefused
from evaluations.simulation.running import Outcome, Plan, simulate

SHOWN_LINES = 12
NUMBERS: tuple[tuple[str, float, str], ...] = (
    ("contestants", 30, "How many are judged, newcomers among them"),
    ("votes", 5_000, "How many are cast"),
    ("volunteers", 500, "How many cast them: a few most of them"),
    ("seed", 1, "The same seed draws the same crowd"),
    ("newcomers", 0, "So many contestants join late"),
    ("join-at", 0, "They join after so many votes"),
    ("taste", 0.0, "Spread of each volunteer's own taste, in logits"),
    ("careless", 0.0, "Share of volunteers who click at random"),
    ("left-bias", 0.0, "Logits that the answer on the left gains"),
)


class Command(BaseCommand):
    help = (
        "Let a made-up crowd with known strengths judge, by the arena's own draw, vote "
        "and rating code, in a database of its own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, default, meaning in NUMBERS:
            parser.add_argument(
                f"--{name}", type=type(default), default=default, help=meaning
            )
        parser.add_argument(
            "--rule",
            action="append",
            choices=sorted(RULES),
            help="How pairs are drawn; each one given is run, and all are compared",
        )
        parser.add_argument(
            "--label", default="crowd", help="Names the databases and the results"
        )
        parser.add_argument("--json", action="store_true", help="Print all as JSON")
        doing = parser.add_mutually_exclusive_group()
        doing.add_argument(
            "--replace", action="store_true", help="Drop what has this label first"
        )
        doing.add_argument(
            "--drop", action="store_true", help="Only drop what has this label"
        )
        doing.add_argument(
            "--list", action="store_true", help="Only list the simulations"
        )

    def handle(self, *, label: str, **options: Any) -> None:
        try:
            if options["list"]:
                self._list()
            elif options["drop"]:
                if not self._drop(label):
                    self.stderr.write(f"There is no simulation with the label {label}.")
            else:
                self._run(label, options)
        except SimulationRefused as refused:
            raise CommandError(str(refused)) from None

    def _list(self) -> None:
        found = databases.all_of()
        if not found:
            self.stderr.write("There is no simulation.")
        for one in found:
            size = f"{one.size / 1e6:,.0f} MB"
            self.stdout.write(f"{one.label:<24}{one.rule:<20}{size:>10}  {one.name}")

    def _drop(self, label: str) -> int:
        """Drop what has this label, and say how many databases there were."""
        found = databases.all_of(label=label)
        for one in found:
            databases.drop(one)
            self.stderr.write(f"Dropped the database {one.name}.")
        results.remove(label)
        return len(found)

    def _run(self, label: str, options: dict[str, Any]) -> None:
        outcomes = self._outcomes(label, options)
        if options["replace"]:
            self._drop(label)
        try:
            with Progress(sys.stderr) as progress:
                for outcome in outcomes:
                    simulate(outcome, label=label, progress=progress)
        except KeyboardInterrupt:
            self._tell(label, outcomes, as_json=options["json"])
            self.stderr.write("Interrupted: what there was by then is kept.")
            sys.exit(130)
        self._tell(label, outcomes, as_json=options["json"])

    def _outcomes(self, label: str, options: dict[str, Any]) -> list[Outcome]:
        """One for each rule, none begun yet; refused before anything is written."""
        recipe = Recipe(**{name: options[name] for name in Recipe.__slots__})
        rules = list(dict.fromkeys(options["rule"] or ["uniform"]))
        named = databases.names(label=label, rules=rules)
        if not options["replace"]:
            databases.refuse_standing(named.values())
        outcomes = []
        for rule in rules:
            plan = Plan(recipe, rule, options["votes"], options["join_at"])
            plan.check()
            outcomes.append(Outcome(plan, named[rule]))
        return outcomes

    def _tell(self, label: str, outcomes: Sequence[Outcome], *, as_json: bool) -> None:
        begun = [outcome for outcome in outcomes if outcome.seconds]
        folder = results.write(begun, label=label)
        if as_json:
            self.stdout.write(json.dumps([results.figures(one) for one in begun]))
            return
        for outcome in begun:
            self.stdout.write(_table(outcome))
        self.stdout.write(f"Figures and plot: {folder}")
        for one in databases.all_of(label=label):
            self.stdout.write(f"To look at it: ARENA_DATABASE={one.name} make run")
        self.stdout.write(f"To drop it: manage.py simulate --drop --label {label}")


def _table(outcome: Outcome) -> str:
    """The last checkpoint and a few before it, evenly chosen."""
    points = outcome.checkpoints
    step = max(1, (len(points) - 1) // (SHOWN_LINES - 1))
    shown = points[::-1][::step][:SHOWN_LINES][::-1]
    lines = [
        f"{outcome.plan.rule}: {outcome.cast:,} simulated votes in "
        f"{outcome.seconds:,.0f} s, {outcome.votes_per_second:,.0f} votes/s",
        f"{'votes':>9}{'tau':>8}{'coverage':>10}{'ranks':>8}{'exposure':>10}"
        f"{'newcomers':>11}",
    ]
    for at in shown:
        error = at.newcomers_error
        late = "" if error is None else f"±{error:.0f}"
        lines.append(
            f"{at.votes:>9,}{at.tau:>8.3f}{at.coverage:>10.2f}{at.rank_width:>8.1f}"
            f"{at.exposure:>10.2f}{late:>11}"
        )
    return "\n".join(lines)
