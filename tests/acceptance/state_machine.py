"""The life of battles and votes as rules, and a model that foretells each outcome."""

import itertools
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from evaluations import battles, leaderboard, voting
from evaluations.fetching.storing import settle_battles
from evaluations.models import Answer, Battle, Tally, TallyChange, TallyMark, Vote
from evaluations.volunteers import Visitor, give_consent, left_side, visitor_with
from tests.factories import make_battle, make_contestant, make_prompt, make_visitor

OTHER_SIDE = {"x": "y", "y": "x"}
VERDICTS = st.sampled_from(Vote.Verdict.values)
KEYS = st.sampled_from(["k1", "k2", "k3"])
COUNTS = (Vote.State.COUNTED, Vote.State.PENDING)
PEOPLE = st.sampled_from([0, 1, 0, 1, 2])
NUMBERS = st.integers(0, 19)
has_votes = precondition(lambda machine: machine.model.votes)


@dataclass
class KnownVote:
    """A vote as the model remembers it."""

    public_id: uuid.UUID
    person: int
    battle: Battle
    verdict: str
    left: str
    key: str
    state: str = "pending"
    rule: str = ""
    late: bool = False  # its undo window is over


@dataclass
class Model:
    """What should be in the ledger, kept apart from it in plain lists."""

    states: dict[uuid.UUID, str] = field(default_factory=dict)
    withdrawn: set[uuid.UUID] = field(default_factory=set)
    votes: list[KnownVote] = field(default_factory=list)
    keys: dict[tuple[int, str], KnownVote] = field(default_factory=dict)

    def standing(self, person: int, battle: Battle) -> KnownVote | None:
        return next(
            (
                vote
                for vote in self.votes
                if (vote.person, vote.battle) == (person, battle)
                and vote.state != "withdrawn"
            ),
            None,
        )

    def spent(self, person: int, battle: Battle) -> bool:
        """Whether a vote was cast that only an undo could have taken back."""
        return any(
            (vote.person, vote.battle) == (person, battle) and vote.rule != "undo"
            for vote in self.votes
        )

    def has_spent_vote(self, person: int, battle: Battle) -> bool:
        """Only an undone vote may be cast again: later on the names are known."""
        return any(
            (vote.person, vote.battle) == (person, battle) and vote.rule != "undo"
            for vote in self.votes
        )

    def withdraw(self, battle: Battle) -> None:
        if battle.public_id not in self.withdrawn:
            self.withdrawn.add(battle.public_id)
            for vote in self.votes:
                if vote.battle == battle and vote.state == "pending":
                    vote.state = "counted"

    def takes_votes(self, battle: Battle) -> bool:
        return self.states[battle.public_id] == "ready"

    def refusal(
        self, person: int, battle: Battle, verdict: str, key: str, side_is_right: bool
    ) -> str:
        """Name the refusal of a vote by somebody who has consented; "" if none."""
        earlier = self.keys.get((person, key))
        if earlier is not None:
            same = (earlier.battle, earlier.verdict) == (battle, verdict)
            return "" if same else "KeyReused"
        if battle.public_id in self.withdrawn:
            return "BattleWithdrawn"
        if not self.takes_votes(battle):
            failed = self.states[battle.public_id] == "failed"
            return "BattleFailed" if failed else "BattleNotReady"
        if not side_is_right:
            return "WrongSide"
        return "AlreadyVoted" if self.spent(person, battle) else ""

    def tallies(self) -> Counter[tuple[int, int, str]]:
        counted: Counter[tuple[int, int, str]] = Counter()
        for vote in self.votes:
            withdrawn = vote.battle.public_id in self.withdrawn
            if vote.state == "counted" and not withdrawn:
                x, y = vote.battle.contestant_x_id, vote.battle.contestant_y_id
                first, second = (x, y) if vote.left == "x" else (y, x)
                counted[first, second, vote.verdict] += 1
        return counted


class LifeOfVotes(RuleBasedStateMachine):
    """Three people, three contestants, and whatever they may do in any order."""

    model_class = Model

    def __init__(self) -> None:
        super().__init__()
        self.model = self.model_class()
        self.fresh = itertools.count()

    @initialize(
        votes=st.lists(
            st.tuples(PEOPLE, NUMBERS, VERDICTS), min_size=4, max_size=8, unique=True
        )
    )
    def begin(self, votes: list[tuple[int, int, str]]) -> None:
        # The third has not consented yet.
        self.tokens = [make_visitor(consented=n < 2).token for n in range(3)]
        self.consented = {0, 1}
        self.contestants = [make_contestant() for _ in range(3)]
        self.battles: list[Battle] = []
        for state in ("ready", "ready", "ready", "waiting"):
            self.open(state)
        self.answer(3, "failed")
        for person, number, verdict in votes:
            self.judge(number, person, verdict)

    def battle(self, number: int) -> Battle:
        return self.battles[number % len(self.battles)]

    def known_vote(self, number: int) -> KnownVote:
        return self.model.votes[number % len(self.model.votes)]

    def visitor(self, person: int) -> Visitor:
        return visitor_with(token=self.tokens[person])

    def expect(self, expected: str, act: Callable[[], Any]) -> None:
        """Act and compare the refusal's name; any other exception ends the test."""
        refused = ""
        try:
            self.result = act()
        except voting.Refusal as refusal:
            refused = type(refusal).__name__
            assert refusal.status in {400, 403, 404, 409, 410}
        assert refused == expected, f"expected {expected!r}, was told {refused!r}"

    # Battles

    @rule(state=st.sampled_from(["waiting", "ready"]))
    def open(self, state: str) -> None:
        pair = self.contestants[:2] if next(self.fresh) % 2 else self.contestants[1:]
        battle = make_battle(*pair, make_prompt(), state=state)
        if state == "waiting":
            turn = battle.turns.get()
            Answer.objects.filter(pk__in=[turn.answer_x_id, turn.answer_y_id]).update(
                state=Answer.State.QUEUED, finished_at=None
            )
        self.model.states[battle.public_id] = state
        self.battles.append(battle)

    @rule(number=NUMBERS, state=st.sampled_from(["ready", "failed"]))
    def answer(self, number: int, state: str) -> None:
        """Both answers arrive, or the first one fails."""
        battle = self.battle(number)
        turn = battle.turns.get()
        ids = [turn.answer_x_id, turn.answer_y_id]
        waits = self.model.states[battle.public_id] == "waiting"
        with transaction.atomic():
            if waits:
                arrived = Answer.objects.filter(pk__in=ids)
                arrived.update(state="ready", finished_at=battle.opened_at)
                arrived.filter(pk=ids[0]).update(state=state)
            # A task that comes twice changes nothing.
            settle_battles(ids)
        if waits:
            self.model.states[battle.public_id] = state

    @rule(number=NUMBERS)
    def withdraw_battle(self, number: int) -> None:
        battle = self.battle(number)
        stood = battles.withdraw_battle(battle=battle, reason="reported")
        assert stood == (battle.public_id not in self.model.withdrawn)
        self.model.withdrawn.add(battle.public_id)
        for known in self.model.votes:
            if known.battle == battle and known.state == "pending":
                known.state = "counted"

    @rule(number=NUMBERS, person=PEOPLE)
    def look(self, number: int, person: int) -> None:
        """A ballot is shown; who voted gets the reveal, others have nothing to see."""
        battle = self.battle(number)
        visitor, known = self.visitor(person), self.model.standing(person, battle)
        withdrawn = battle.public_id in self.model.withdrawn
        failed = self.model.states[battle.public_id] == "failed"
        refused = "BattleFailed" if failed else ""
        self.expect(
            "BattleWithdrawn" if withdrawn else refused,
            lambda: battles.ballot(visitor=visitor, battle_id=battle.public_id),
        )
        vote = voting.standing_vote(visitor=visitor, battle_id=battle.public_id)
        assert (vote is None) == (known is None)
        if vote is None or withdrawn:
            return
        revealed = battles.reveal(vote=vote)
        assert (revealed.verdict, revealed.state) == (known.verdict, known.state)

    @rule(number=NUMBERS, person=PEOPLE)
    def say_why(self, number: int, person: int) -> None:
        battle = self.battle(number)
        self.expect(
            "" if self.model.standing(person, battle) else "VoteUnknown",
            lambda: voting.set_reasons(
                visitor=self.visitor(person),
                battle_id=battle.public_id,
                reasons=["clear"],
                comment="Shorter.",
            ),
        )

    # Votes

    @rule(person=PEOPLE)
    def consent(self, person: int) -> None:
        give_consent(token=self.tokens[person])
        self.consented.add(person)

    @rule(number=NUMBERS, person=PEOPLE, verdict=VERDICTS)
    def judge(self, number: int, person: int, verdict: str) -> None:
        key = f"fresh-{next(self.fresh)}"
        self.cast(person, self.battle(number), verdict, key)

    @rule(
        number=NUMBERS,
        person=PEOPLE,
        verdict=VERDICTS,
        key=KEYS,
        right_side=st.booleans(),
    )
    def judge_oddly(
        self, number: int, person: int, verdict: str, key: str, right_side: bool
    ) -> None:
        """With a key that may be used already, from a page that may be out of date."""
        self.cast(person, self.battle(number), verdict, key, right_side=right_side)

    @has_votes
    @rule(number=NUMBERS, verdict=st.one_of(st.none(), VERDICTS))
    def replay(self, number: int, verdict: str | None) -> None:
        known = self.known_vote(number)
        self.cast(known.person, known.battle, verdict or known.verdict, known.key)

    def cast(
        self,
        person: int,
        battle: Battle,
        verdict: str,
        key: str,
        *,
        right_side: bool = True,
    ) -> None:
        left = left_side(token=self.tokens[person], battle_id=battle.public_id)
        expected = (
            self.model.refusal(person, battle, verdict, key, right_side)
            if person in self.consented
            else "ConsentNeeded"
        )
        self.expect(
            expected,
            lambda: voting.cast_vote(
                visitor=self.visitor(person),
                battle_id=battle.public_id,
                verdict=verdict,
                left=left if right_side else OTHER_SIDE[left],
                idempotency_key=key,
            ),
        )
        if not expected:
            self.remember(person, battle, verdict, left, key)

    def remember(
        self, person: int, battle: Battle, verdict: str, left: str, key: str
    ) -> None:
        cast, earlier = self.result, self.model.keys.get((person, key))
        assert cast.repeated == (earlier is not None)
        if earlier is not None:
            assert cast.vote.public_id == earlier.public_id
            return
        for other in self.model.votes:
            if other.person == person and other.state == "pending":
                other.state = "counted"
        known = KnownVote(cast.vote.public_id, person, battle, verdict, left, key)
        self.model.votes.append(known)
        self.model.keys[person, key] = known

    @rule(person=PEOPLE, verdict=st.sampled_from(["a", "c"]))
    def vote_on_nothing(self, person: int, verdict: str) -> None:
        known = {"a": "BattleUnknown", "c": "BadVote"}[verdict]
        self.expect(
            known if person in self.consented else "ConsentNeeded",
            lambda: voting.cast_vote(
                visitor=self.visitor(person),
                battle_id=uuid.uuid4(),
                verdict=verdict,
                left="x",
                idempotency_key=f"fresh-{next(self.fresh)}",
            ),
        )

    @rule(number=NUMBERS, person=PEOPLE)
    def undo(self, number: int, person: int) -> None:
        battle = self.battle(number)
        known = self.model.standing(person, battle)
        expected = "VoteUnknown"
        if known is not None:
            in_time = known.state == "pending" and not known.late
            expected = "" if in_time else "UndoTooLate"
        self.expect(
            expected,
            lambda: voting.undo_vote(
                visitor=self.visitor(person), battle_id=battle.public_id
            ),
        )
        if known is not None and not expected:
            known.state, known.rule = "withdrawn", "undo"

    @has_votes
    @rule(person=PEOPLE, number=NUMBERS)
    def withdraw(self, person: int, number: int) -> None:
        """Anybody tries it on any vote; only its own volunteer can."""
        known = self.known_vote(number)
        expected = "" if known.person == person else "VoteUnknown"
        self.expect(
            expected,
            lambda: voting.withdraw_vote(
                visitor=self.visitor(person), vote_id=known.public_id
            ),
        )
        if not expected and known.state != "withdrawn":
            known.state, known.rule = "withdrawn", "withdrawn"

    @has_votes
    @rule(number=NUMBERS)
    def flag(self, number: int) -> None:
        known = self.known_vote(number)
        vote = Vote.objects.get(public_id=known.public_id)
        moved = voting.flag_vote(vote=vote, rule="drift", reason="an experiment")
        assert moved == (known.state in COUNTS)
        if moved:
            known.state, known.rule = "flagged", "drift"

    @has_votes
    @rule(number=NUMBERS)
    def unflag(self, number: int) -> None:
        known = self.known_vote(number)
        vote = Vote.objects.get(public_id=known.public_id)
        moved = voting.unflag_vote(vote=vote)
        assert moved == (known.state == "flagged")
        if moved:
            known.state, known.rule = "counted", ""

    # Time and the tallies

    @rule()
    def the_window_passes(self) -> None:
        window = timedelta(seconds=settings.ARENA_UNDO_SECONDS)
        mine = self.rows().filter(state="pending")
        mine.update(cast_at=F("cast_at") - window)
        for known in self.model.votes:
            known.late = known.late or known.state == "pending"

    @rule()
    def settle(self) -> None:
        due = [v for v in self.model.votes if v.state == "pending" and v.late]
        assert voting.settle_votes() == len(due)
        for known in due:
            known.state = "counted"

    @rule()
    def roll_up(self) -> None:
        leaderboard.roll_up()
        self.tallies_equal_the_model()

    @rule()
    def recount(self) -> None:
        leaderboard.rebuild_tallies()
        self.tallies_equal_the_model()

    def rows(self) -> Any:
        return Vote.objects.filter(battle__contestant_x__in=self.contestants)

    @invariant()
    def ledger_equals_the_model(self) -> None:
        if not hasattr(self, "contestants"):
            return
        stored = self.rows().values_list(
            "public_id", "verdict", "left", "state", "rule"
        )
        assert set(stored) == {
            (v.public_id, v.verdict, v.left, v.state, v.rule) for v in self.model.votes
        }

    def tallies_equal_the_model(self) -> None:
        """With the changes that still wait for older transactions elsewhere to end."""
        found: defaultdict[str, Counter[tuple[int, int, str]]] = defaultdict(Counter)
        ours = {"first__in": self.contestants}
        mark = TallyMark.objects.get().transaction
        waiting = TallyChange.objects.filter(transaction__gte=mark, **ours)
        for row in Tally.objects.filter(**ours):
            found[row.slice][row.first_id, row.second_id, row.outcome] += row.count
        for row in waiting:
            for name in row.slices:
                cell = row.first_id, row.second_id, row.outcome
                found[name][cell] += row.delta
        # All their prompts are of one language, one category and one set.
        expected = self.model.tallies()
        assert len(found) == (4 if expected else len(found))
        assert all(+counts == expected for counts in found.values())

    def teardown(self) -> None:
        if not self.model.votes:
            return
        self.roll_up()
        standing = Counter(
            v.battle.pk for v in self.model.votes if v.state != "withdrawn"
        )
        judged = Battle.objects.filter(contestant_x__in=self.contestants)
        assert standing == +Counter(dict(judged.values_list("pk", "judgements")))
        # The next run begins with an empty undo window.
        self.rows().filter(state="pending").update(state="withdrawn", rule="undo")
