"""Row 3 of the acceptance table: no order of acts brings a vote where it may not be."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from evaluations.models import Battle
from tests.acceptance.state_machine import LifeOfVotes, Model

pytestmark = pytest.mark.django_db(transaction=True)

RUN = settings(
    stateful_step_count=40,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # making a failure shorter can take minutes
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _slow_clock(settings):
    # A busy machine must not end an undo window that the model thinks open.
    settings.ARENA_UNDO_SECONDS = 3600


def test_the_ledger_does_what_the_model_foretells():
    run_state_machine_as_test(LifeOfVotes, settings=settings(RUN, max_examples=40))


@pytest.mark.slow
def test_the_ledger_does_what_the_model_foretells_in_200_000_steps():
    run_state_machine_as_test(
        LifeOfVotes, settings=settings(RUN, max_examples=5000, phases=list(Phase))
    )


class VotesOnFailed(Model):
    """A model with a fault: it lets a battle without answers be judged."""

    def takes_votes(self, battle: Battle) -> bool:
        return self.states[battle.public_id] in {"ready", "failed"}


class FaultyLife(LifeOfVotes):
    model_class = VotesOnFailed


def test_the_machine_finds_votes_on_failed_battles():
    run = settings(RUN, max_examples=100)

    with pytest.raises(AssertionError, match="told 'BattleFailed'"):
        run_state_machine_as_test(FaultyLife, settings=run)
