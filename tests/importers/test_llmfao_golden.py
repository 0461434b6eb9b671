"""The real data: everything arrives, and the table is that of the golden figures."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from evaluations.leaderboard import groups, latest
from evaluations.models import Answer, Battle, Contestant, JudgeVerdict, Volunteer, Vote
from evaluations.studies import judges
from tests import real_data
from tests.rating.voices import GPT_3, GPT_4, counted_agreement

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_real_data_comes_in_whole_and_gives_the_golden_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = real_data.folder("llmfao")
    call_command("import_data", "llmfao", str(folder))

    report = re.findall(r"([a-z]+) +([\d,]+) +0 +(\d+)\n", capsys.readouterr().out)
    assert report == [
        ("contestants", "70", "0"),
        ("prompts", "19", "0"),
        ("answers", "1,133", "0"),
        ("battles", "2,139", "0"),
        ("volunteers", "124", "0"),
        ("votes", "8,931", "0"),
        ("judges", "2", "0"),
        ("verdicts", "4,278", "0"),
    ]
    _check_rows()
    _check_table()
    _check_judges(folder)
    _check_worth_of_judges()


def _check_rows() -> None:
    assert Contestant.objects.filter(state="retired").count() == 70
    assert Answer.objects.ready().filter(text__regex=r"^\s*$").count() == 69
    assert Battle.objects.ready().count() == 2_139
    assert Battle.objects.offered().count() == 2_139 - 289
    assert Volunteer.objects.filter(origin="import").count() == 124
    verdicts = [Vote.objects.counted().filter(verdict=v).count() for v in ("a", "b")]
    assert verdicts == [2_911, 2_549]
    judgements = Battle.objects.values_list("judgements", flat=True)
    assert [list(judgements).count(n) for n in (5, 4, 3, 2, 1)] == [
        998,
        658,
        358,
        110,
        15,
    ]


def _check_table() -> None:
    golden = json.loads(real_data.golden("golden_llmfao.json").read_text())["rows"]
    leaderboard = latest()
    assert leaderboard is not None
    assert (leaderboard.votes, leaderboard.volunteers) == (8_931, 124)
    [group] = groups(leaderboard=leaderboard)
    assert not group.provisional
    assert [row.contestant.name for row in group.rows] == [row[0] for row in golden]
    for row, (_, rating, error, *_, votes) in zip(group.rows, golden, strict=True):
        assert row.rating.rating == pytest.approx(rating, abs=1e-5)
        assert row.rating.standard_error == pytest.approx(error, abs=1e-5)
        assert row.rating.votes == votes


def _check_judges(folder: Path) -> None:
    names = {"a": "left", "b": "right", "tie": "tie"}
    for name, slug in (("gpt4", "gpt-4-llmfao"), ("gpt3", "gpt-3-llmfao")):
        with (folder / f"{name}-crowd-comparisons.csv").open() as file:
            winners = Counter(row["winner"] for row in csv.DictReader(file))
        said = JudgeVerdict.objects.read().filter(judge__slug=slug, left="x")
        stored = Counter(said.values_list("verdict", flat=True))
        assert stored.total() == 2_139
        assert {names[verdict]: n for verdict, n in stored.items()} == winners


def _check_worth_of_judges() -> None:
    """People against both judges on the same pairs, as counted from the files."""
    for slug, file in (("gpt-4-llmfao", GPT_4), ("gpt-3-llmfao", GPT_3)):
        found = judges.figures(f"judge:{slug}")
        votes = found["agreement"]["votes"]
        share, decided, kappa = counted_agreement(file)
        assert found["judged"] == {"battles": 2_139, "shared": 2_139, "votes": 8_931}
        assert votes["share"]["value"] == pytest.approx(share, abs=1e-12)
        assert votes["decided"]["value"] == pytest.approx(decided, abs=1e-12)
        assert votes["kappa"]["value"] == pytest.approx(kappa, abs=1e-12)
        # All its verdicts are on battles that people judged: none adds to them.
        assert found["combined"]["worth"] == 0
        assert found["combined"]["ceiling"] > 50
    assert found["position"]["log_odds"]["value"] == pytest.approx(0.886, abs=0.001)
