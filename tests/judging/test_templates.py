import pytest
from django.core.exceptions import ValidationError

from evaluations import judging
from evaluations.importers.starter import load_starter_pack
from evaluations.models import JudgeTemplate, Run
from tests.judging.making import make_judge, make_template

pytestmark = pytest.mark.django_db


def refusals(**values: object) -> dict[str, list[str]]:
    kind = str(values.pop("kind", "pair"))
    try:
        judging.check_template(make_template(kind, **values))
    except ValidationError as found:
        return found.message_dict
    return {}


def test_what_comes_with_the_arena_is_fit_to_be_used():
    load_starter_pack()

    for template in JudgeTemplate.objects.all():
        judging.check_template(template)
        assert template.parameters == {"temperature": 0}
    kinds = JudgeTemplate.objects.values_list("slug", "version", "kind")
    assert set(kinds) == {("pair", 1, "pair"), ("score", 1, "score")}


@pytest.mark.parametrize("kind", ["pair", "score"])
def test_a_whole_template_is_taken(kind: str):
    assert refusals(kind=kind) == {}


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        (
            {"text": "{question} {answer_b} {reference}"},
            "text",
            "There is no {answer_a} in it.",
        ),
        (
            {"text": "{question} {answer} {reference} {answer_b}", "kind": "score"},
            "text",
            "Nothing is put in for {answer_b} here.",
        ),
        (
            {"text": "{question} {answer_a} {answer_b} {answer_a} {reference}"},
            "text",
            "{answer_a} stands in it twice.",
        ),
        (
            {"text": "{question} {answer_a} {answer_b} {name} {reference}"},
            "text",
            "Nothing is put in for {name} here.",
        ),
        (
            {"text": "{question} {answer_a} {answer_b} {reference} {reference}"},
            "text",
            "{reference} stands in it twice.",
        ),
        ({"system": "Be {fair}."}, "system", "Nothing is put in for {fair} here."),
        (
            {"reference_text": "{reference} {question}"},
            "reference_text",
            "Nothing is put in for {question} here.",
        ),
        ({"reference_text": "Good."}, "reference_text", "Write what is put in"),
        (
            {"text": "{question} {answer_a} {answer_b}"},
            "reference_text",
            "It is never put in",
        ),
        ({"parameters": [0]}, "parameters", "Write an object"),
        ({"parameters": {"model": "x"}}, "parameters", "The arena itself sets model"),
    ],
)
def test_one_that_could_not_be_filled_is_refused_by_field(
    values: dict[str, object], field: str, sentence: str
):
    found = refusals(**values)

    assert list(found) == [field]
    assert sentence in " ".join(found[field])


def test_a_new_version_is_a_copy_that_follows_the_newest():
    first = make_template(slug="careful", system="Be fair.")
    make_template(slug="careful", version=4)

    copy = judging.next_version(template=first)

    assert (copy.slug, copy.version) == ("careful", 5)
    for name in ("kind", "system", "text", "reference_text", "parameters"):
        assert getattr(copy, name) == getattr(first, name)


def test_a_template_is_used_once_a_run_rests_on_it():
    template = make_template()
    assert not judging.was_used(template)

    Run.objects.create(kind="judging", judge=make_judge(), template=template)

    assert judging.was_used(template)
