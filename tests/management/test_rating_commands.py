from pathlib import Path

import pytest
from django.core.management import call_command

from evaluations.leaderboard import latest
from evaluations.models import Leaderboard, Tally
from tests.importers import llmfao_folder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = llmfao_folder.write(tmp_path, llmfao_folder.files())
    call_command("import_data", "llmfao", str(folder))
    capsys.readouterr()


def test_an_empty_arena_has_nothing_to_publish(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("publish_leaderboard")

    assert capsys.readouterr().out.startswith("There is nothing to rate")
    assert not Leaderboard.objects.exists()


@pytest.mark.usefixtures("imported")
def test_an_import_publishes_the_table_and_unchanged_it_is_not_published_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("publish_leaderboard")

    assert capsys.readouterr().out.startswith("Nothing has changed since the all")
    assert latest().votes == 4


@pytest.mark.usefixtures("imported")
def test_tallies_that_went_wrong_are_counted_anew(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Tally.objects.update(count=9)

    call_command("rebuild_tallies")
    call_command("publish_leaderboard")

    said = capsys.readouterr().out
    assert "The tallies hold 4 votes now." in said
    assert "Published the all leaderboard" in said
    assert set(Tally.objects.values_list("count", flat=True)) == {1}
