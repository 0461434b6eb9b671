"""Who writes into a set and who freezes it wait for one another."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.test import Client

from evaluations.importers import BadInput, SetFields
from evaluations.models import Prompt, PromptSet
from evaluations.question_sets import freeze
from tests.admin.test_prompts import ADD, form_of
from tests.factories import make_prompt
from tests.importers.imports import run, write_lines
from tests.races import while_held

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def loose() -> PromptSet:
    return make_prompt(set="loose").prompt_set


def test_no_question_comes_into_a_set_that_is_being_frozen(loose: PromptSet) -> None:
    refused: list[str] = []

    def add() -> None:
        try:
            make_prompt(set="loose")
        except IntegrityError as why:
            refused.append(str(why))

    while_held(lambda: freeze(prompt_set=loose), add)

    assert len(refused) == 1
    assert "is_frozen" in refused[0]
    assert Prompt.objects.count() == 1


def test_an_import_into_a_set_that_is_being_frozen_is_refused_in_words(
    loose: PromptSet, tmp_path: Path
) -> None:
    path = write_lines(tmp_path / "own.jsonl", [{"prompt": "One more?"}])
    refused: list[str] = []

    def bring_in() -> None:
        try:
            run("jsonl", path, SetFields(slug="loose"))
        except BadInput as why:
            refused.extend(why.problems)

    while_held(lambda: freeze(prompt_set=loose), bring_in)

    assert len(refused) == 1
    assert "frozen at version 1 and does not have this question" in refused[0]


def test_a_question_saved_in_the_panel_meanwhile_is_refused_in_words(
    loose: PromptSet, client: Client
) -> None:
    client.force_login(User.objects.create_superuser("ada"))
    sent = form_of(loose.prompts.get(), turns="One more?")
    pages: list[str] = []

    def save() -> None:
        pages.append(client.post(ADD, sent).content.decode())

    while_held(lambda: freeze(prompt_set=loose), save)

    assert len(pages) == 1
    assert "its questions stay as they are." in pages[0]
    assert Prompt.objects.count() == 1
