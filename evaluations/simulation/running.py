"""Let a made-up crowd judge, by the arena's own draw, battle, vote and rating code."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import islice
from random import Random

import numpy as np
from django.core.management import call_command
from django.db import transaction
from django.db.models.functions import Now

from evaluations import leaderboard, simulated
from evaluations.battles import open_battle
from evaluations.matchmaking import RULES, Draw, draws
from evaluations.models import Leaderboard, Prompt, Rating, Simulation
from evaluations.models.ledger import settle_past_window
from evaluations.rating.estimate import QUORUM
from evaluations.rating.tallies import Booleans
from evaluations.simulation import stage
from evaluations.simulation.crowd import Crowd, Recipe, truth
from evaluations.simulation.databases import SimulationRefused, create, turned_to
from evaluations.simulation.measures import Checkpoint, Published, measure
from evaluations.volunteers import Visitor, give_consent, left_side
from evaluations.voting import cast_vote

# A table is published, and the draw sees it, after so many more votes than before.
GROWTH = 0.05
LEAST_BATCH = 50  # or a vote for each contestant
# Battles and votes of one transaction: a longer one would keep the tallies of every
# other database on the server waiting.
AT_ONCE = 100
# Transactions of others may keep the last votes from the tallies for a while.
PATIENCE_SECONDS = 60

ProgressReport = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to simulate. join_at: after how many votes the newcomers come."""

    recipe: Recipe
    rule: str
    votes: int
    join_at: int = 0

    def check(self) -> None:
        """Raise SimulationRefused with a sentence where it cannot be carried out."""
        recipe = self.recipe
        if self.rule not in RULES:
            raise SimulationRefused(f"There is no rule {self.rule!r}.")
        if recipe.contestants - recipe.newcomers < 2:
            raise SimulationRefused("Two contestants at least must be there at first.")
        if recipe.volunteers < 1 or self.votes < 1:
            raise SimulationRefused("There must be a volunteer and a vote.")
        if recipe.newcomers and not 0 < self.join_at < self.votes:
            raise SimulationRefused(
                "Newcomers need --join-at, a number below that of all votes."
            )


@dataclass(slots=True)
class Outcome:
    """What became of a plan; it grows while the simulation runs."""

    plan: Plan
    database: str
    cast: int = 0
    voting_seconds: float = 0.0
    seconds: float = 0.0
    checkpoints: list[Checkpoint] = field(default_factory=list)

    @property
    def votes_per_second(self) -> float:
        return self.cast / self.voting_seconds if self.voting_seconds else 0.0


def simulate(outcome: Outcome, *, label: str, progress: ProgressReport) -> None:
    """Carry a plan out in a new database of its own.

    What is done so far stands in `outcome`, also where it is interrupted.
    """
    plan = outcome.plan
    plan.check()
    create(outcome.database, label=label, rule=plan.rule)
    with turned_to(outcome.database):
        progress(f"{plan.rule}: tables", 0, 1)
        call_command("migrate", interactive=False, verbosity=0)
        progress(f"{plan.rule}: tables", 1, 1)
        crowd = Crowd(plan.recipe)
        stage.mark(_mark_of(plan, crowd, label))
        _Run(outcome, crowd, progress).to_the_end()
        Simulation.objects.update(ended_at=Now())
        simulated.forget()


def _mark_of(plan: Plan, crowd: Crowd, label: str) -> Simulation:
    strengths = truth(crowd).tolist()
    return Simulation(
        label=label,
        rule=plan.rule,
        seed=plan.recipe.seed,
        parameters=asdict(plan),
        strengths={stage.slug_of(n): value for n, value in enumerate(strengths)},
    )


class _Run:
    """The crowd at work in the database that this process is turned to."""

    def __init__(
        self, outcome: Outcome, crowd: Crowd, progress: ProgressReport
    ) -> None:
        self._outcome, self._crowd, self._progress = outcome, crowd, progress
        self._plan = outcome.plan
        self._truth = truth(crowd)
        self._random = Random(self._plan.recipe.seed)  # noqa: S311
        self._visitors: dict[int, Visitor] = {}
        self._battles: Counter[int] = Counter()
        # The crowd's number of each contestant, by its id.
        self._numbers: dict[int, int] = {}

    def to_the_end(self) -> None:
        begun = time.monotonic()
        prompts = stage.add_prompts()
        recipe = self._plan.recipe
        first = recipe.contestants - recipe.newcomers
        self._add(range(first), prompts)
        while self._outcome.cast < self._plan.votes:
            if recipe.newcomers and self._outcome.cast == self._plan.join_at:
                self._add(range(first, recipe.contestants), prompts)
            self._vote(self._next_batch())
            if checkpoint := self._published():
                self._outcome.checkpoints.append(checkpoint)
            self._outcome.seconds = time.monotonic() - begun

    def _add(self, numbers: range, prompts: list[Prompt]) -> None:
        def step(done: int, total: int) -> None:
            self._progress(f"{self._plan.rule}: contestants", done, total)

        made = stage.add_contestants(numbers, prompts, step)
        self._numbers |= {one.pk: n for one, n in zip(made, numbers, strict=True)}

    def _next_batch(self) -> int:
        """How many votes until the next table, at most until the newcomers join."""
        cast, plan = self._outcome.cast, self._plan
        end = plan.join_at if cast < plan.join_at else plan.votes
        return min(
            max(LEAST_BATCH, len(self._numbers), round(cast * GROWTH)), end - cast
        )

    def _vote(self, votes: int) -> None:
        begun = time.monotonic()
        drawn = islice(draws(rule=self._plan.rule, random=self._random), votes)
        while some := list(islice(drawn, AT_ONCE)):
            with transaction.atomic():
                for one in some:
                    self._judge(one)
            self._outcome.cast += len(some)
            self._progress(
                f"{self._plan.rule}: votes", self._outcome.cast, self._plan.votes
            )
        # The undo window of made-up volunteers is over at once.
        while settle_past_window(0):
            pass
        self._outcome.voting_seconds += time.monotonic() - begun

    def _judge(self, drawn: Draw) -> None:
        """One battle from the draw to the ledger, as from a page."""
        battle = open_battle(drawn)
        self._battles.update((battle.contestant_x_id, battle.contestant_y_id))
        number = self._crowd.next_volunteer()
        visitor = self._visitor(number)
        left = left_side(token=visitor.token, battle_id=battle.public_id)
        verdict = self._crowd.verdict(
            volunteer=number,
            x=self._numbers[battle.contestant_x_id],
            y=self._numbers[battle.contestant_y_id],
            x_left=left == "x",
        )
        cast_vote(
            visitor=visitor,
            battle_id=battle.public_id,
            verdict=verdict,
            left=left,
            idempotency_key=f"simulated-{battle.pk}",
        )

    def _visitor(self, number: int) -> Visitor:
        if number not in self._visitors:
            token = f"simulated-{self._plan.recipe.seed}-{number}"
            volunteer = give_consent(token=token)
            self._visitors[number] = Visitor(token=token, volunteer=volunteer)
        return self._visitors[number]

    def _published(self) -> Checkpoint | None:
        """Publish a table and compare it with the truth."""
        table = self._last_table() if self._is_last() else leaderboard.publish()
        if table is None:
            return None
        rows = list(table.ratings.filter(group=1).select_related(None))
        return measure(self._columns(table, rows), votes=table.votes)

    def _is_last(self) -> bool:
        return self._outcome.cast >= self._plan.votes

    def _last_table(self) -> Leaderboard | None:
        """The table with every vote in it, or the newest when patience ends.

        All other tables are published beside it, with care.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            leaderboard.publish_slices(careful=True)
            newest = leaderboard.latest()
            if newest is not None and newest.votes >= self._outcome.cast:
                break
            time.sleep(0.2)
        return leaderboard.latest()

    def _columns(self, table: Leaderboard, rows: list[Rating]) -> Published:
        numbers = np.array([self._numbers[row.contestant_id] for row in rows])
        first = self._plan.recipe.contestants - self._plan.recipe.newcomers
        return Published(
            truth=self._truth[numbers],
            rating=np.array([row.rating for row in rows]),
            low=np.array([row.rating_low for row in rows]),
            high=np.array([row.rating_high for row in rows]),
            error=np.array([row.standard_error for row in rows]),
            rank_low=np.array([row.rank_low for row in rows]),
            rank_high=np.array([row.rank_high for row in rows]),
            anchors=_anchors(table, rows),
            newcomers=numbers >= first,
            battles=np.array([self._battles[row.contestant_id] for row in rows]),
        )


def _anchors(table: Leaderboard, rows: list[Rating]) -> Booleans:
    """(n,) whose mean is the table's centre, as evaluations.rating.estimate has it."""
    wanted = table.parameters["established_votes"]
    established = np.array(
        [row.votes >= wanted and not row.provisional for row in rows], dtype=bool
    )
    if established.sum() >= QUORUM:
        return established
    return np.ones_like(established)
