import secrets
import threading
import time
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from evaluations import battles, fetching
from evaluations.contestants import change_state
from evaluations.fetching.claims import Claim, Wait, claim_next, renew
from evaluations.fetching.leases import OF_ANSWERS, LeaseKeeper
from evaluations.matchmaking import Draw
from evaluations.models import Answer, Battle, ConnectionTest, Contestant
from tests.factories import make_answer, make_battle, make_contestant, make_prompt
from tests.fakes.model_server import ModelServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server():
    with ModelServer() as running:
        yield running


@pytest.fixture
def contestant(server):
    return make_contestant(
        provider="openai", base_url=f"{server.url}/v1", api_model="fake-small"
    )


def queue_answer(contestant: Contestant, text: str = "") -> Answer:
    messages = [{"role": "user", "content": text or secrets.token_hex(4)}]
    return fetching.request_answer(contestant=contestant, messages=messages)


def make_stale(answer: Answer) -> None:
    Answer.objects.filter(pk=answer.pk).update(lease_until=Now() - timedelta(seconds=1))


def waiting_battle(contestant: Contestant) -> tuple[Battle, Answer]:
    """A battle whose one answer is there and whose other one is queued."""
    battle = make_battle(contestant, state=Battle.State.WAITING)
    answer = battle.turns.get().answer_x
    Answer.objects.filter(pk=answer.pk).update(
        state=Answer.State.QUEUED, finished_at=None, text="", html=""
    )
    return battle, answer


def test_an_answer_is_fetched_rendered_and_makes_its_battle_ready(server, contestant):
    server.behave(text="**Bold** and\0 plain.", served_model="fake-small-2026")
    battle, answer = waiting_battle(contestant)

    assert fetching.fetch_next(contestant_id=contestant.pk) is True

    answer.refresh_from_db()
    assert answer.state == Answer.State.READY
    assert "<strong>Bold</strong>" in answer.html
    assert "\0" not in answer.text
    assert answer.served_model == "fake-small-2026"
    assert answer.finish_reason == "stop"
    assert answer.style["bold"] == 1
    battle.refresh_from_db()
    assert battle.state == Battle.State.READY


def test_the_same_messages_are_asked_once(server, contestant):
    first = queue_answer(contestant, "Why is the sky blue?")
    second = queue_answer(contestant, "Why is the sky blue?")

    while fetching.fetch_next(contestant_id=contestant.pk):
        pass

    assert first == second
    assert len(server.calls) == 1


def test_nothing_is_asked_of_a_paused_contestant(server, contestant):
    queue_answer(contestant)
    change_state(contestant=contestant, to=Contestant.State.PAUSED)

    assert fetching.fetch_next(contestant_id=contestant.pk) is False
    assert server.calls == []


def test_a_failed_answer_fails_its_battle_and_says_why(server, contestant):
    server.behave(status=401, message="wrong key")
    battle, answer = waiting_battle(contestant)

    fetching.fetch_next(contestant_id=contestant.pk)

    answer.refresh_from_db()
    battle.refresh_from_db()
    assert (answer.state, battle.state) == ("failed", "failed")
    assert answer.error_kind == "http"
    assert fetching.failure_counts() == {contestant.pk: 1}


def test_a_cut_stream_never_becomes_half_an_answer(server, contestant):
    server.behave(truncate_after=5)
    answer = queue_answer(contestant)

    fetching.fetch_next(contestant_id=contestant.pk)

    answer.refresh_from_db()
    assert (answer.state, answer.error_kind) == ("failed", "truncated")
    assert answer.text == ""


def test_ten_failures_in_a_row_pause_a_contestant(server, contestant):
    server.behave(status=400, message="no")
    for _ in range(11):
        queue_answer(contestant)

    while fetching.fetch_next(contestant_id=contestant.pk):
        pass

    contestant.refresh_from_db()
    assert contestant.state == Contestant.State.PAUSED
    assert "10 failures in a row" in contestant.changes.get().note
    assert len(server.calls) == 10


def test_a_success_ends_a_row_of_failures(server, contestant):
    Contestant.objects.filter(pk=contestant.pk).update(failures_in_row=9)
    queue_answer(contestant)

    fetching.fetch_next(contestant_id=contestant.pk)

    contestant.refresh_from_db()
    assert contestant.failures_in_row == 0


def test_failed_answers_can_be_asked_for_again(server, contestant):
    server.behave(status=400, message="no")
    battle, answer = waiting_battle(contestant)
    fetching.fetch_next(contestant_id=contestant.pk)
    server.behave(status=200)

    assert fetching.retry_failed(contestant=contestant) == 1
    fetching.fetch_next(contestant_id=contestant.pk)

    answer.refresh_from_db()
    battle.refresh_from_db()
    assert (answer.state, battle.state) == ("ready", "ready")


def test_a_contestant_has_no_more_calls_at_once_than_its_limit(contestant):
    Contestant.objects.filter(pk=contestant.pk).update(concurrency=2)
    for _ in range(3):
        queue_answer(contestant)

    claims = [claim_next(contestant_id=contestant.pk) for _ in range(3)]

    assert [isinstance(claim, Claim) for claim in claims] == [True, True, False]


def test_calls_at_once_hold_when_many_workers_claim(contestant):
    Contestant.objects.filter(pk=contestant.pk).update(concurrency=3)
    for _ in range(12):
        queue_answer(contestant)
    claims: list[object] = []

    def claim():
        claims.append(claim_next(contestant_id=contestant.pk))
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(isinstance(claim, Claim) for claim in claims) == 3
    assert Answer.objects.held().count() == 3


def test_a_contestant_is_not_asked_more_often_a_minute_than_its_limit(contestant):
    Contestant.objects.filter(pk=contestant.pk).update(requests_per_minute=2)
    for _ in range(3):
        queue_answer(contestant)

    claims = [claim_next(contestant_id=contestant.pk) for _ in range(3)]

    assert [type(claim) for claim in claims] == [Claim, Claim, Wait]
    assert 55 < claims[2].seconds <= 60


def test_asking_once_more_takes_a_place_in_the_minute_as_well(server, contestant):
    Contestant.objects.filter(pk=contestant.pk).update(requests_per_minute=2)
    server.behave(status=503, times=1)
    for _ in range(2):
        queue_answer(contestant)

    assert fetching.fetch_next(contestant_id=contestant.pk) is True
    second = fetching.fetch_next(contestant_id=contestant.pk)

    assert len(server.calls) == 2
    assert isinstance(second, Wait)


def test_a_stale_claim_is_queued_once_more_and_then_given_up(contestant):
    battle, answer = waiting_battle(contestant)

    for _ in range(2):
        assert isinstance(claim_next(contestant_id=contestant.pk), Claim)
        make_stale(answer)
        fetching.sweep()

    answer.refresh_from_db()
    battle.refresh_from_db()
    assert (answer.claims, answer.state, answer.error_kind) == (2, "failed", "lost")
    assert battle.state == Battle.State.FAILED


def test_a_battle_opened_while_its_last_answer_came_is_made_ready(contestant):
    prompt, other = make_prompt(), make_contestant()
    make_answer(other, prompt)
    answer = fetching.request_answer(
        contestant=contestant, messages=prompt.first_messages()
    )
    opened, stored = threading.Event(), threading.Event()

    def open_slowly():
        with transaction.atomic():
            battles.open_battle(Draw(contestant, other, prompt, "uniform", 1.0))
            opened.set()
            stored.wait(10)
        connection.close()

    thread = threading.Thread(target=open_slowly)
    thread.start()
    opened.wait(10)
    assert fetching.fetch_next(contestant_id=contestant.pk) is True
    stored.set()
    thread.join()
    answer.refresh_from_db()
    assert (answer.state, Battle.objects.get().state) == ("ready", "waiting")

    fetching.sweep()

    assert Battle.objects.get().state == Battle.State.READY


def test_a_battle_opened_while_its_answer_failed_is_given_up(contestant):
    battle, answer = waiting_battle(contestant)
    Answer.objects.filter(pk=answer.pk).update(
        state=Answer.State.FAILED, finished_at=timezone.now()
    )

    fetching.sweep()

    battle.refresh_from_db()
    assert battle.state == Battle.State.FAILED


def test_a_battle_that_lacks_an_answer_goes_on_waiting(contestant):
    battle, _ = waiting_battle(contestant)

    fetching.sweep()

    battle.refresh_from_db()
    assert battle.state == Battle.State.WAITING


def test_the_database_refuses_a_third_claim(contestant):
    answer = queue_answer(contestant)

    with (
        pytest.raises(IntegrityError, match="answer_claimed_twice_at_most"),
        transaction.atomic(),
    ):
        Answer.objects.filter(pk=answer.pk).update(claims=3)


def test_what_a_lost_claim_brings_is_not_kept(server, contestant):
    answer = queue_answer(contestant)
    server.behave(rate=40, tokens=40)
    thread = threading.Thread(
        target=lambda: (
            fetching.fetch_next(contestant_id=contestant.pk),
            connection.close(),
        )
    )
    thread.start()
    deadline = time.monotonic() + 10
    while not server.calls and time.monotonic() < deadline:
        time.sleep(0.02)
    make_stale(answer)
    fetching.sweep()
    thread.join()

    answer.refresh_from_db()
    assert answer.state == Answer.State.QUEUED
    assert answer.text == ""


def test_a_lease_is_renewed_while_it_lives_and_not_afterwards(contestant):
    answer = queue_answer(contestant)
    claim = claim_next(contestant_id=contestant.pk)
    before = Answer.objects.get(pk=answer.pk).lease_until
    time.sleep(0.05)

    assert renew([claim.token]) == {claim.token}
    assert Answer.objects.get(pk=answer.pk).lease_until > before
    make_stale(answer)
    assert renew([claim.token]) == set()


def test_a_call_is_given_up_when_its_lease_cannot_be_renewed(contestant, settings):
    settings.ARENA_LEASE_SECONDS, settings.ARENA_LEASE_RENEW_SECONDS = 4, 1
    answer = queue_answer(contestant)
    claim = claim_next(contestant_id=contestant.pk)
    keeper = LeaseKeeper(OF_ANSWERS)

    with keeper.keep(claim.token, claimed_at=time.monotonic()):
        time.sleep(2.6)
        assert not keeper.lost(claim.token)
        make_stale(answer)
        time.sleep(1.3)
        assert keeper.lost(claim.token)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_leases_are_renewed_again_after_the_keepers_thread_broke_down(
    contestant, settings
):
    settings.ARENA_LEASE_SECONDS, settings.ARENA_LEASE_RENEW_SECONDS = 4, -1
    for _ in range(2):
        queue_answer(contestant)
    first, second = (claim_next(contestant_id=contestant.pk) for _ in range(2))
    keeper = LeaseKeeper(OF_ANSWERS)
    with keeper.keep(first.token, claimed_at=time.monotonic()):
        time.sleep(0.2)  # a negative pause ends the thread with an error

    settings.ARENA_LEASE_RENEW_SECONDS = 1
    with keeper.keep(second.token, claimed_at=time.monotonic()):
        time.sleep(2.6)
        assert not keeper.lost(second.token)


def test_a_connection_test_shows_the_answer(server, contestant):
    server.behave(text="Paris is the capital of France.")
    test = fetching.request_test(contestant=contestant, by=None)

    fetching.run_test(test_id=test.pk)
    fetching.run_test(test_id=test.pk)

    test.refresh_from_db()
    assert test.state == ConnectionTest.State.PASSED
    assert test.answer == "Paris is the capital of France."
    assert test.first_token_ms is not None
    assert len(server.calls) == 1


def test_a_connection_test_shows_the_providers_own_error(server, contestant):
    server.behave(status=401, message="Incorrect API key provided")
    test = fetching.request_test(contestant=contestant, by=None)

    fetching.run_test(test_id=test.pk)

    test.refresh_from_db()
    assert test.state == ConnectionTest.State.FAILED
    assert "Incorrect API key provided" in test.error


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_connection_test_without_a_worker_is_given_up(contestant, state):
    old, new = (fetching.request_test(contestant=contestant, by=None) for _ in range(2))
    asked_at = timezone.now() - timedelta(minutes=2, seconds=1)
    ConnectionTest.objects.filter(pk=old.pk).update(state=state, requested_at=asked_at)

    fetching.sweep()

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, old.error_kind, new.state) == ("failed", "lost", "queued")
    assert "two minutes" in old.error
    assert old.finished_at is not None


def test_a_key_that_no_longer_opens_fails_in_words(contestant, settings):
    contestant.store_key("sk-canary-7300000001")
    contestant.save()
    settings.ARENA_FIELD_KEYS = [Fernet.generate_key().decode()]
    test = fetching.request_test(contestant=contestant, by=None)

    fetching.run_test(test_id=test.pk)

    test.refresh_from_db()
    assert "ARENA_FIELD_KEYS" in test.error
    assert "canary" not in test.error


def test_an_answer_is_finished_when_it_says_so(contestant):
    answer = queue_answer(contestant)

    with (
        pytest.raises(IntegrityError, match="answer_finished_when_it_says_so"),
        transaction.atomic(),
    ):
        Answer.objects.filter(pk=answer.pk).update(finished_at=timezone.now())
