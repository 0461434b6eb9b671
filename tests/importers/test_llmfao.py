import json
from collections import Counter
from pathlib import Path

import pytest

from evaluations.importers import IMPORTERS, BadInput, Report
from evaluations.leaderboard import roll_up
from evaluations.models import (
    Answer,
    Battle,
    Contestant,
    ContestantChange,
    Judge,
    Prompt,
    PromptSet,
    Tally,
    TallyChange,
    Volunteer,
    Vote,
)
from tests.importers import llmfao_folder

pytestmark = pytest.mark.django_db


def run(folder: Path, *, dry_run: bool = False) -> Report:
    return IMPORTERS["llmfao"](
        path=folder, dry_run=dry_run, progress=lambda label, done, total: None
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return llmfao_folder.write(tmp_path, llmfao_folder.files())


def test_models_come_in_retired_and_say_where_they_are_from(folder: Path) -> None:
    run(folder)

    wren = Contestant.objects.get(slug="wren-1-5")
    assert (wren.name, wren.maker, wren.state) == ("Wren 1.5", "Hedge", "retired")
    assert (wren.base_url, wren.aliases, wren.size_class) == (
        "",
        ["own/2"],
        "undisclosed",
    )
    assert Contestant.objects.get(slug="linnet-7b").size_class == "laptop"
    change = ContestantChange.objects.get(contestant=wren)
    assert (change.from_state, change.to_state) == ("", "retired")


def test_prompts_come_in_approved_with_licence_and_source(folder: Path) -> None:
    run(folder)

    prompts = PromptSet.objects.get(slug="llmfao").prompts.order_by("id")
    assert [prompt.turns for prompt in prompts] == [["Name a tree."], ["Add 2 and 2."]]
    assert [prompt.category for prompt in prompts] == ["knowledge", "instructions"]
    assert [prompt.references for prompt in prompts] == [[], ["4"]]
    assert {prompt.state for prompt in prompts} == {Prompt.State.APPROVED}
    assert PromptSet.objects.get().licence == "CC BY 4.0"


def test_answers_come_in_ready_and_rendered(folder: Path) -> None:
    run(folder)

    oak = Answer.objects.get(text="An **oak**.")
    assert (oak.state, oak.origin, oak.claims) == ("ready", "import", 0)
    assert "<strong>oak</strong>" in oak.html
    assert (oak.total_ms, oak.style["bold"]) == (812, 1)
    assert Answer.objects.get(text="four").parameters == {"stop": "\n"}


def test_a_nul_in_an_answer_becomes_the_replacement_character(folder: Path) -> None:
    run(folder)

    assert Answer.objects.filter(text="The beech\ufffd tree").exists()


def test_a_pair_with_a_blank_answer_is_kept_but_not_offered(folder: Path) -> None:
    run(folder)

    offered = Battle.objects.offered().values_list("external_id", flat=True)
    assert set(offered) == {"llmfao:0", "llmfao:2"}
    assert Answer.objects.get(contestant__slug="dunnock").html == ""
    assert Battle.objects.get(external_id="llmfao:1").judgements == 1


def test_the_left_model_is_x_and_shown_left(folder: Path) -> None:
    run(folder)

    vote = Vote.objects.select_related("battle__contestant_x").get(
        battle__external_id="llmfao:2"
    )
    assert vote.battle.contestant_x.name == "Wren 1.5"
    assert (vote.left, vote.verdict, vote.state) == ("x", "b", "counted")
    assert vote.cast_at is None


@pytest.mark.django_db(transaction=True)
def test_votes_reach_the_tallies_ordered_and_once(folder: Path) -> None:
    run(folder)
    run(folder)
    roll_up()

    tallies = Tally.objects.values_list(
        "first__name", "second__name", "outcome", "count"
    )
    assert set(tallies) == {
        ("Linnet (7B)", "Wren 1.5", "a", 1),
        ("Linnet (7B)", "Wren 1.5", "tie", 1),
        ("Wren 1.5", "Dunnock", "b", 1),
        ("Wren 1.5", "Linnet (7B)", "b", 1),
    }


def test_volunteers_have_no_token_and_have_judged(folder: Path) -> None:
    run(folder)

    volunteers = Volunteer.objects.values_list(
        "external_id", "token_digest", "has_judged"
    )
    assert set(volunteers) == {(f"llmfao:{n}", None, True) for n in (7, 8, 9)}


def test_importing_twice_changes_nothing(folder: Path) -> None:
    first = run(folder)
    before = _everything()
    second = run(folder)

    assert [c.added for c in first.counts] == [3, 2, 5, 3, 3, 4]
    assert second.added == 0
    assert [c.already_there for c in second.counts] == [3, 2, 5, 3, 3, 4]
    assert _everything() == before


def test_a_withdrawn_vote_does_not_come_back(folder: Path) -> None:
    run(folder)
    Vote.objects.filter(battle__external_id="llmfao:2").update(
        state="withdrawn", rule="withdrawn"
    )

    assert run(folder).added == 0


def test_lines_added_to_the_source_are_added_alone(folder: Path) -> None:
    run(folder)
    with (folder / "crowd-comparisons.csv").open("a") as votes:
        votes.write("0,10,1,2,9,right,Linnet (7B),Wren 1.5\n")

    report = run(folder)

    assert [c.added for c in report.counts] == [0, 0, 0, 0, 0, 1]
    assert Battle.objects.get(external_id="llmfao:0").judgements == 3


def test_a_dry_run_counts_and_writes_nothing(folder: Path) -> None:
    report = run(folder, dry_run=True)

    assert report.added == 20
    assert sum(_everything().values(), 0) == 0


def test_an_own_contestant_of_that_name_is_not_taken_for_it(folder: Path) -> None:
    Contestant.objects.create(
        slug="my-wren", name="Wren 1.5", maker="Me", provider="house"
    )

    with pytest.raises(BadInput, match=r"registered as Wren 1[.]5;"):
        run(folder)

    assert Contestant.objects.count() == 1


def test_an_own_contestant_at_that_address_is_not_taken_for_it(folder: Path) -> None:
    Contestant.objects.create(slug="wren-1-5", name="W", maker="Me", provider="house")

    with pytest.raises(BadInput, match="registered as W;"):
        run(folder)


def test_a_renamed_contestant_is_still_known(folder: Path) -> None:
    run(folder)
    Contestant.objects.filter(slug="wren-1-5").update(name="Wren of old")

    assert run(folder).added == 0


def test_what_differs_from_the_stored_is_refused(folder: Path) -> None:
    run(folder)
    votes = folder / "crowd-comparisons.csv"
    votes.write_text(votes.read_text().replace("0,10,1,2,7,left", "0,10,1,2,7,tie"))

    with pytest.raises(BadInput, match=r"csv:2: another worker 7's vote on pair 0"):
        run(folder)


def test_another_answer_or_pair_is_refused_with_its_line(folder: Path) -> None:
    run(folder)
    results, pairs = folder / "results.jsonl", folder / "pairs-crowd.jsonl"
    stored = pairs.read_text()
    for path in (results, pairs):
        path.write_text(path.read_text().replace("An **oak**.", "An elm."))
    with pytest.raises(BadInput, match=r"^results[.]jsonl:1: another answer of"):
        run(folder)

    results.write_text(results.read_text().replace("An elm.", "An **oak**."))
    first, second, *rest = stored.splitlines()
    swapped = (
        first.replace('"id": 0', '"id": 1'),
        second.replace('"id": 1', '"id": 0'),
    )
    pairs.write_text("\n".join([*swapped, *rest]))
    votes = folder / "crowd-comparisons.csv"
    votes.write_text(votes.read_text().splitlines()[0] + "\n")
    with pytest.raises(BadInput) as caught:
        run(folder)
    assert [problem.split(":")[1] for problem in caught.value.problems] == ["1", "2"]


def test_what_a_model_said_of_the_pairs_comes_in_where_it_is_there(
    folder: Path,
) -> None:
    run(folder)
    llmfao_folder.write(folder, llmfao_folder.verdicts())

    report = run(folder)

    assert [c.added for c in report.counts] == [0, 0, 0, 0, 0, 0, 1, 2]
    judge = Judge.objects.get(slug="gpt-4-llmfao")
    said = judge.verdicts.order_by("battle__external_id").values_list(
        "battle__external_id", "left", "verdict", "external_id"
    )
    assert list(said) == [
        ("llmfao:0", "x", "b", "llmfao:gpt4:0"),
        ("llmfao:2", "x", "tie", "llmfao:gpt4:2"),
    ]
    assert Vote.objects.count() == 4
    assert run(folder).added == 0


def test_another_verdict_of_the_same_judge_is_refused(folder: Path) -> None:
    llmfao_folder.write(folder, llmfao_folder.verdicts())
    run(folder)
    spoilt = llmfao_folder.verdicts("left")
    llmfao_folder.write(folder, spoilt)

    with pytest.raises(BadInput, match=r"gpt4-crowd-comparisons[.]csv:2: another"):
        run(folder)


def test_a_set_of_fixed_questions_takes_no_further_one(folder: Path) -> None:
    run(folder)
    assert PromptSet.objects.get().frozen_at is not None
    further = {"id": 12, "text": "And?", "type": "code", "note": None, "stop": None}
    with (folder / "prompts.jsonl").open("a") as prompts:
        prompts.write(json.dumps(further) + "\n")

    with pytest.raises(BadInput, match=r"prompts[.]jsonl:3: the set is frozen"):
        run(folder)


def _everything() -> Counter[str]:
    """How many rows there are, and what a second import could have changed."""
    kinds = (Contestant, ContestantChange, Prompt, Answer, Battle, Volunteer, Vote)
    counts = Counter({kind.__name__: kind._default_manager.count() for kind in kinds})
    counts["changes"] = TallyChange.objects.count()
    counts["judgements"] = sum(Battle.objects.values_list("judgements", flat=True))
    return counts
