"""Results that other code left behind are not read: pages wait for new ones."""

import pytest
from django.test import Client

from evaluations.models import Study
from tests.factories import make_prompt
from tests.verdicts import judge_of

pytestmark = pytest.mark.django_db(transaction=True)

READERS = {
    "judge:alder": ("/judges", "/judges/alder", "/api/v1/judges", "/agreement"),
    "agreement": ("/agreement", "/api/v1/agreement", "/about"),
    "beyond:koala": ("/prompts/koala/beyond",),
    "volunteers": ("/prompts", "/prompts/koala", "/api/v1/prompts", "/leaderboard"),
}


def leave_behind(name: str) -> Study:
    """A study as former code has made it, without what pages read now."""
    return Study.objects.create(
        name=name,
        digest="0" * 64,
        code_version="former",
        results={"former": {}},
        started_at="2031-01-01T00:00Z",
    )


@pytest.mark.parametrize("name", READERS)
def test_pages_take_a_study_of_former_code_as_not_made(
    client: Client, name: str
) -> None:
    make_prompt(set="koala")
    judge_of(slug="alder")
    before = [client.get(address) for address in READERS[name]]

    leave_behind(name)

    after = [client.get(address) for address in READERS[name]]
    assert [each.status_code for each in after] == [200] * len(after)
    assert [each.content for each in after] == [each.content for each in before]
