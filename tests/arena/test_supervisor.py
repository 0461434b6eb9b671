import time
from collections.abc import Callable
from pathlib import Path

import pytest

from arena.local import supervisor
from arena.local.processes import CannotStart
from arena.local.programs import Program
from arena.local.supervisor import Deaths, Supervisor

SLEEP = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); " + SLEEP


def program(code: str, *, name: str = "work", stop_seconds: float = 5) -> Program:
    return Program(name=name, command=["-c", code], stop_seconds=stop_seconds)


def look_until(watched: Supervisor, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        watched.look()
        time.sleep(0.02)


def test_a_program_that_dies_is_started_again_and_this_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    log = tmp_path / "work.log"
    watched = Supervisor(
        groups=[[program("print('begun', flush=True); raise SystemExit(3)")]],
        services=[],
        logs=tmp_path,
    )

    watched.start()
    look_until(watched, lambda: log.read_text().count("begun") >= 2)
    watched.stop()

    assert "work ended with status 3; it starts again in 1 s" in capsys.readouterr().out


def test_a_web_process_that_keeps_dying_ends_the_run_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE_SECONDS", 0)
    watched = Supervisor(
        groups=[[program("raise SystemExit('no such module')", name="web")]],
        services=[],
        logs=tmp_path,
    )
    watched.start()

    with pytest.raises(CannotStart) as refusal:
        look_until(watched, lambda: False)

    assert str(refusal.value).startswith("web died 5 times")
    assert "no such module" in str(refusal.value)


def test_a_program_that_does_not_hear_is_killed(tmp_path: Path):
    log = tmp_path / "work.log"
    code = DEAF.replace("; import", "; print('deaf', flush=True); import")
    watched = Supervisor(
        groups=[[program(code, stop_seconds=0.2)]], services=[], logs=tmp_path
    )
    watched.start()
    look_until(watched, lambda: "deaf" in log.read_text())

    begun = time.monotonic()
    watched.stop()

    assert time.monotonic() - begun < 5


def test_groups_stop_one_after_the_other(tmp_path: Path):
    order = tmp_path / "order"
    code = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    open({path!r}, 'a').write({name!r})\n"
        "    sys.exit()\n"
        "signal.signal(15, end)\n"
        "print('up', flush=True)\n"
        "time.sleep(60)\n"
    )
    names = ("web", "beat", "work")
    watched = Supervisor(
        groups=[
            [program(code.format(path=str(order), name=name), name=name)]
            for name in names
        ],
        services=[],
        logs=tmp_path,
    )
    watched.start()
    for name in names:
        look_until(watched, lambda: "up" in (tmp_path / f"{name}.log").read_text())  # noqa: B023

    watched.stop()

    assert order.read_text() == "webbeatwork"


def test_warnings_of_the_logs_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    line = "2026-01-01 00:00:00.000Z {} evaluations: {}"
    text = "\n".join(
        [line.format("INFO", "nothing"), line.format("WARNING", "an answer failed")]
    )
    watched = Supervisor(
        groups=[[program(f"print({text!r}, flush=True); {SLEEP}")]],
        services=[],
        logs=tmp_path,
    )
    watched.start()
    shown = ""

    def is_shown() -> bool:
        nonlocal shown
        shown += capsys.readouterr().out
        return "an answer failed" in shown

    look_until(watched, is_shown)
    watched.stop()

    assert "nothing" not in shown


def test_the_pause_before_a_restart_grows():
    deaths = Deaths()
    pauses = []
    for second in range(4):
        deaths.add(float(second))
        pauses.append(deaths.pause_seconds())

    assert pauses == [1, 2, 4, 8]


def test_deaths_of_long_ago_are_forgotten():
    deaths = Deaths()
    for second in range(4):
        deaths.add(float(second))
    deaths.add(1000.0)

    assert deaths.pause_seconds() == 1
    assert not deaths.are_too_many()
