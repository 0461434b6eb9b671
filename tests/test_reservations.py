import pytest
from django.conf import settings
from django.core.cache import cache
from redis import Redis

from evaluations.battles import offer, report, skip
from tests.factories import make_battle, make_visitor

pytestmark = pytest.mark.django_db

ACTS = {
    "skip": skip,
    "report": lambda **values: report(**values, reason="broken"),
}


@pytest.fixture(autouse=True)
def _forget_reservations():
    cache.clear()


def stored() -> bytes:
    """All that Redis keeps of reservations: keys and values."""
    redis = Redis.from_url(settings.CACHES["default"]["LOCATION"])
    keys = list(redis.scan_iter("*arena:*"))
    return b"\n".join(keys + [redis.get(key) for key in keys])


def test_redis_never_holds_a_visitors_token():
    visitor = make_visitor()
    battle, other = make_battle(), make_battle()
    skip(visitor=visitor, battle_id=other.public_id)
    offer(visitor=visitor)

    kept = stored()

    assert all(name in kept for name in (b"reserved:", b"held:", b"passed:"))
    assert str(battle.public_id).encode() in kept
    assert visitor.token.encode() not in kept


@pytest.mark.parametrize("act", ACTS)
def test_a_pair_passed_by_is_free_for_the_next_visitor(act):
    battle, visitor = make_battle(), make_visitor()
    offer(visitor=visitor)
    assert offer(visitor=make_visitor()) is None

    ACTS[act](visitor=visitor, battle_id=battle.public_id)

    assert offer(visitor=visitor) is None
    assert offer(visitor=make_visitor()).public_id == battle.public_id


def test_nobody_frees_a_pair_that_another_has_open():
    battle = make_battle()
    offer(visitor=make_visitor())

    skip(visitor=make_visitor(), battle_id=battle.public_id)

    assert offer(visitor=make_visitor()) is None
