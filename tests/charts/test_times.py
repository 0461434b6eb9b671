import itertools
from datetime import date, timedelta

import pytest

from evaluations.charts import History, Moment, movers, thinned, time_plot
from tests.charts.reading import NARROW, WIDE, parts, words

START = date(2026, 1, 1)


def history(label: str, *values: float, width: float = 10, first: int = 0) -> History:
    return History(
        label,
        [
            Moment(
                START + timedelta(days=first + n), value, value - width, value + width
            )
            for n, value in enumerate(values)
        ],
    )


def test_those_that_moved_most_come_highest_first() -> None:
    calm = history("Calm", 1000, 1001)
    riser = history("Riser", 900, 1000)
    faller = history("Faller", 1300, 1250, 1100)

    assert movers([calm, riser, faller], 2) == [faller, riser]


def test_coloured_lines_have_bands_and_names_and_others_have_neither() -> None:
    drawn = time_plot(
        [history("One", 1000, 1100), history("Two", 900, 950)],
        [history("Grey", 700, 710)],
        face=WIDE,
    )

    assert words(drawn, "lab") == ["One", "Two"]
    assert len(parts(drawn, "band")) == 2
    assert len(parts(drawn, "bg")) == 1
    assert [len(parts(drawn, hue)) for hue in ("c1", "c2", "c3")] == [2, 2, 0]


def test_a_grey_line_goes_where_its_values_are() -> None:
    drawn = time_plot([history("One", 1000, 1100, width=0)], [], face=WIDE)
    grey = time_plot(
        [history("One", 1000, 1100, width=0)],
        [history("Grey", 1000, 1050, 1100)],
        face=WIDE,
    )

    # From the lower left to the upper right, as the coloured one does.
    (line,) = (p for p in parts(drawn, "line"))
    assert line.get("d") == "M44,317L576,12"
    (path,) = parts(grey, "bg")
    assert path.get("d") == "M44 317l266 -153l266 -152"


def test_a_line_begins_when_its_model_came() -> None:
    drawn = time_plot(
        [history("Old", 1000, 1010, 1020, 1030, 1040), history("New", 1100, first=4)],
        [],
        face=WIDE,
    )

    old, new = (p.get("d", "") for p in parts(drawn, "line"))
    assert old.startswith("M44,")
    assert new[1:].partition(",")[0] == old.split("L")[-1].partition(",")[0]


@pytest.mark.parametrize("face", [WIDE, NARROW])
def test_names_do_not_cover_each_other(face: object) -> None:
    near = [history(f"Model {n}", 1000, 1000 + n / 10) for n in range(5)]

    drawn = time_plot(near, [], face=face)

    places = [float(p.get("y")) for p in parts(drawn, "lab")]
    gaps = [abs(a - b) for a, b in itertools.pairwise(places)]
    assert min(gaps) >= 16.8


def test_a_long_name_is_cut_at_the_edge() -> None:
    drawn = time_plot([history("A name without end " * 4, 1, 2)], [], face=NARROW)

    (text,) = words(drawn, "lab")
    assert text.endswith("…") and len(text) * 6.6 < 350 * 0.28


def test_a_single_day_is_drawn() -> None:
    assert len(parts(time_plot([history("One", 1000)], [], face=WIDE), "line")) == 1


def test_the_axis_names_days_or_months() -> None:
    short = time_plot([history("One", 1000, 1001, 1002)], [], face=WIDE)
    long = time_plot([history("One", *range(500))], [], face=WIDE)

    assert all(day in short for day in ("1 Jan", "2 Jan", "3 Jan"))
    assert "Jan 2026" in long and "May 2027" in long


@pytest.mark.parametrize("most", [2, 5, 30])
def test_thinning_keeps_both_ends(most: int) -> None:
    moments = history("One", *range(100)).moments

    kept = thinned(moments, most)

    assert len(kept) == most
    assert (kept[0], kept[-1]) == (moments[0], moments[-1])
    assert kept == sorted(kept, key=lambda moment: moment.on)


def test_few_moments_are_all_kept() -> None:
    moments = history("One", 1, 2, 3).moments

    assert thinned(moments, 5) == moments
