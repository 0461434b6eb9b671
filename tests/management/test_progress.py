import io

from evaluations.management.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_for_each_part() -> None:
    terminal = Terminal()

    with Progress(terminal) as show:
        show("Reading", 1, 2)
        show("Writing", 3, 4)

    assert "Reading" in terminal.getvalue()
    assert " 50%" in terminal.getvalue()
    assert " 75%" in terminal.getvalue()


def test_elsewhere_a_quick_command_stays_silent() -> None:
    stream = io.StringIO()

    with Progress(stream) as show:
        show("Reading", 1, 1)

    assert stream.getvalue() == ""


def test_elsewhere_a_line_tells_share_time_and_what_is_left() -> None:
    clock = iter([0.0, 100.0, 105.0, 109.0, 130.0, 131.0])
    stream = io.StringIO()

    with Progress(stream, clock=lambda: next(clock)) as show:
        show("Reading", 0, 4)
        for done in (1, 2, 3):
            show("Reading", done, 4)
        show("Writing", 0, 0)

    assert stream.getvalue().splitlines() == [
        "Reading: 0%, 0 s",
        "Reading: 75%, 30 s, 10 s left",
    ]
