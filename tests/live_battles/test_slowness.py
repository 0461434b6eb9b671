from datetime import timedelta

import pytest
from django.utils import timezone

from evaluations.live.slowness import slower_than_pace
from evaluations.models import Answer, Contestant
from tests.factories import make_answer, make_contestant, make_prompt

pytestmark = pytest.mark.django_db


def fast_as(tokens_per_second: int, **values: object) -> Contestant:
    """A contestant with an answer that came at this rate, after a second's silence."""
    contestant = make_contestant(**values)
    make_answer(
        contestant,
        make_prompt(),
        completion_tokens=10 * tokens_per_second,
        first_token_ms=1000,
        total_ms=11_000,
    )
    return contestant


def test_contestants_slower_than_the_pace_are_told_with_their_rate(settings):
    settings.ARENA_LIVE_TOKENS_PER_SECOND = 30
    fast_as(31, name="Swift")
    fast_as(12, name="Snail")

    assert slower_than_pace() == [("Snail", 12.0)]


def test_only_who_plays_and_what_came_lately_is_looked_at():
    fast_as(12, state=Contestant.State.PAUSED)
    fast_as(12)
    Answer.objects.update(finished_at=timezone.now() - timedelta(days=8))

    assert slower_than_pace() == []


def test_the_panel_shows_them(admin_client):
    fast_as(12, name="Snail")

    assert "Snail (12/s)" in admin_client.get("/admin/").content.decode()
