import pytest

from evaluations.models import PromptSet
from evaluations.question_sets import NothingToFreeze, freeze
from tests.factories import make_prompt

pytestmark = pytest.mark.django_db


def test_a_set_is_frozen_at_a_version_and_only_once() -> None:
    own = make_prompt().prompt_set

    assert freeze(prompt_set=own, version="2")
    first = PromptSet.objects.get()
    assert not freeze(prompt_set=own, version="3")

    assert (own.version, own.frozen_at) == ("2", first.frozen_at)
    assert PromptSet.objects.get().version == "2"


def test_a_set_keeps_its_version_where_none_is_named() -> None:
    own = make_prompt().prompt_set

    assert freeze(prompt_set=own)

    assert own.version == "1"


def test_a_set_without_an_approved_question_is_not_frozen() -> None:
    own = make_prompt(state="pending").prompt_set

    with pytest.raises(NothingToFreeze, match="no approved question"):
        freeze(prompt_set=own)

    assert PromptSet.objects.get().frozen_at is None


def test_a_set_that_volunteers_add_to_is_never_frozen() -> None:
    prompt = make_prompt(set="live", origin="live")

    with pytest.raises(NothingToFreeze, match="grows with its volunteers"):
        freeze(prompt_set=prompt.prompt_set)

    assert PromptSet.objects.get(slug="live").frozen_at is None
