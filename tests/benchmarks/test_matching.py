import pytest
from django.contrib.auth.models import User

from evaluations.benchmarks import matching
from evaluations.benchmarks.matching import MatchRefused
from evaluations.benchmarks.naming import Names, normalised
from evaluations.importers import SetFields
from evaluations.importers.benchmarks import import_benchmarks
from evaluations.models import BenchmarkScore, Contestant
from tests.factories import make_contestant

pytestmark = pytest.mark.django_db

TABLE = "Model,One,Two\nHeron 7B,1,2\nrowan-large,3,4\n"


@pytest.fixture
def admin():
    return User.objects.create_superuser("admin")


@pytest.fixture
def bring(tmp_path):
    def bring(text=TABLE):
        path = tmp_path / "scores.csv"
        path.write_text(text)
        import_benchmarks(
            path=path,
            dry_run=False,
            progress=lambda *_: None,
            fields=SetFields(licence="CC0", source="Hedge"),
        )

    return bring


def owners() -> dict[str, set[int | None]]:
    found: dict[str, set[int | None]] = {}
    for name, owner in BenchmarkScore.objects.values_list("reported_as", "contestant"):
        found.setdefault(name, set()).add(owner)
    return found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("GPT-3.5 Turbo", "gpt_3.5_turbo", True),
        ("heron-1.5", "Heron 1-5", True),
        ("heron-1.5", "heron-15", False),
        ("ＧＰＴ 4", "gpt-4", True),
    ],
)
def test_names_are_compared_without_case_and_marks(one, other, same):
    assert (normalised(one) == normalised(other)) is same


def test_a_name_that_several_go_by_suggests_none_of_them():
    make_contestant(aliases=["heron"])
    make_contestant(aliases=["Heron"])

    assert Names.known().meant_by("heron") is None
    assert Names.known().meant_by("") is None


def test_an_own_name_goes_before_that_of_an_interface():
    own = make_contestant(name="Heron")
    make_contestant(api_model="heron")

    assert Names.known().meant_by("HERON") == own.pk


@pytest.mark.parametrize(
    ("reported", "meant"),
    [
        ("heron-2-7b-chat-hf", True),
        ("Heron 2 Chat 7B", True),
        ("heron-2-13b-chat-hf", False),
        ("heron-2-7b", False),
    ],
)
def test_the_same_words_in_another_order_suggest_a_model(reported, meant):
    heron = make_contestant(name="Heron-2-Chat (7B)")

    assert Names.known().meant_by(reported) == (heron.pk if meant else None)


def test_a_judges_connection_is_never_meant():
    make_contestant(name="Heron", judge_only=True)

    assert Names.known().meant_by("heron") is None


def test_the_suggestion_becomes_the_match_once_an_admin_confirms_it(admin, bring):
    heron = make_contestant(slug="heron-7b")
    bring()
    assert owners() == {"Heron 7B": {None}, "rowan-large": {None}}

    number = matching.confirm_suggestion(reported_as="Heron 7B", by=admin)

    assert number == 2
    assert owners() == {"Heron 7B": {heron.pk}, "rowan-large": {None}}
    assert BenchmarkScore.objects.public().count() == 2
    heron.refresh_from_db()
    assert heron.aliases == []


def test_nothing_is_confirmed_where_nothing_is_suggested(admin, bring):
    bring()

    with pytest.raises(MatchRefused, match="Nothing is suggested"):
        matching.confirm_suggestion(reported_as="rowan-large", by=admin)


def test_another_choice_becomes_an_alias_and_matches_later_imports(admin, bring):
    grove = make_contestant(name="Grove 1")
    bring()

    matching.confirm(reported_as="rowan-large", contestant=grove, by=admin)
    bring("Model,Three\nRowan Large,5\n")

    grove.refresh_from_db()
    assert grove.aliases == ["rowan-large"]
    assert owners()["rowan-large"] == owners()["Rowan Large"] == {grove.pk}
    later = BenchmarkScore.objects.get(reported_as="Rowan Large")
    assert later.confirmed_by == admin and later.confirmed_at is not None


def test_undoing_takes_the_scores_and_the_added_alias_back(admin, bring):
    grove = make_contestant(name="Grove 1", aliases=["grove"])
    bring()
    matching.confirm(reported_as="rowan-large", contestant=grove, by=admin)

    assert matching.undo(reported_as="rowan-large") == 2

    grove.refresh_from_db()
    assert grove.aliases == ["grove"]
    assert owners()["rowan-large"] == {None}
    assert not BenchmarkScore.objects.exclude(confirmed_at=None).exists()


def test_undoing_leaves_an_alias_that_was_there_before(admin, bring):
    grove = make_contestant(aliases=["rowan-large"])
    bring()
    matching.confirm_suggestion(reported_as="rowan-large", by=admin)

    matching.undo(reported_as="rowan-large")

    grove.refresh_from_db()
    assert grove.aliases == ["rowan-large"]


def test_a_second_choice_takes_the_alias_from_the_first(admin, bring):
    first, second = make_contestant(), make_contestant()
    bring()
    matching.confirm(reported_as="Heron 7B", contestant=first, by=admin)

    matching.confirm(reported_as="Heron 7B", contestant=second, by=admin)

    assert owners()["Heron 7B"] == {second.pk}
    aliases = dict(Contestant.objects.values_list("pk", "aliases"))
    assert aliases == {first.pk: [], second.pk: ["Heron 7B"]}


def test_a_judges_connection_gets_no_score(admin, bring):
    bring()

    with pytest.raises(MatchRefused, match="judge"):
        matching.confirm(
            reported_as="Heron 7B",
            contestant=make_contestant(judge_only=True),
            by=admin,
        )


def test_names_are_looked_at_again_when_there_are_new_models(bring):
    bring()
    rowan = make_contestant(name="Rowan Large")

    matching.suggest_again()

    found = dict(BenchmarkScore.objects.values_list("reported_as", "suggested"))
    assert found == {"Heron 7B": None, "rowan-large": rowan.pk}
