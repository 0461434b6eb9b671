"""What is frozen stays: the database holds it."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluations.models import Contestant, Judge, JudgeTemplate, Prompt, PromptSet, Run
from tests.factories import make_battle, make_contestant, make_prompt, vote_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen() -> Prompt:
    prompt = make_prompt(set="koala")
    PromptSet.objects.filter(slug="koala").update(frozen_at=timezone.now())
    return prompt


def test_a_frozen_set_keeps_its_questions(frozen: Prompt) -> None:
    frozen.turns = ["Another question?"]
    with pytest.raises(IntegrityError, match="is_frozen"), transaction.atomic():
        frozen.save()
    with pytest.raises(IntegrityError, match="is_frozen"), transaction.atomic():
        frozen.delete()
    with pytest.raises(IntegrityError, match="is_frozen"), transaction.atomic():
        make_prompt(set="koala")


def test_a_prompt_of_a_frozen_set_may_be_rejected(frozen: Prompt) -> None:
    frozen.state = Prompt.State.REJECTED
    frozen.save()

    assert Prompt.objects.get(pk=frozen.pk).state == "rejected"


def test_a_set_keeps_its_slug_once_somebody_voted() -> None:
    battle = make_battle(prompt=make_prompt(set="koala"))
    koala = PromptSet.objects.filter(slug="koala")
    koala.update(slug="bear")
    PromptSet.objects.filter(slug="bear").update(slug="koala")
    vote_for(battle)

    with pytest.raises(IntegrityError, match="keeps_its_slug"), transaction.atomic():
        koala.update(slug="bear")
    assert koala.update(title="Koala", slug="koala") == 1


def test_a_template_that_was_used_stays_as_it_was() -> None:
    template = JudgeTemplate.objects.create(slug="pair", kind="pair", text="{question}")
    template.text = "Judge: {question}"
    template.save()
    judge = Judge.objects.create(slug="j", name="J", maker="M")
    Run.objects.create(kind="judging", judge=judge, template=template)

    template.text = "Other"
    with pytest.raises(IntegrityError, match="was_used"), transaction.atomic():
        template.save()


def test_a_judges_connection_neither_plays_nor_is_listed() -> None:

    judge = make_contestant(judge_only=True)

    assert judge in Contestant.objects.active()
    assert judge not in Contestant.objects.playing()
    assert judge not in Contestant.objects.published()
