"""The pacer: what a stop-watch on the page could tell."""

from hypothesis import given
from hypothesis import strategies as st

from evaluations.live.pacing import Pacer, Stream

RATE, START, TICK = 30.0, 1.5, 0.2
PER_TICK = 24  # characters of Latin script


def make_pacer():
    return Pacer(tokens_per_second=RATE, start_seconds=START, tick_seconds=TICK)


def stream_of(text, *, ended=True):
    stream = Stream()
    stream.add(text)
    if ended:
        stream.end()
    return stream


def run(pacer, x, y, *, ticks, at=0.0):
    return [pacer.tick(at + n * TICK, x, y) for n in range(ticks)]


def sizes(pieces):
    return [(len(x), len(y)) for x, y in pieces]


def test_nothing_is_out_before_both_have_begun_and_the_start_is_over():
    pacer, x, y = make_pacer(), stream_of("x" * 500), Stream()
    alone = run(pacer, x, y, ticks=50)
    y.add("y" * 500)

    together = run(pacer, x, y, ticks=20, at=50 * TICK)

    assert set(alone) == {("", "")}
    first = next(n for n, pieces in enumerate(together) if any(pieces))
    assert START <= first * TICK <= START + 2 * TICK


def test_both_give_the_same_in_every_tick():
    pacer, x, y = make_pacer(), stream_of("x" * 400), stream_of("y" * 400)

    pieces = run(pacer, x, y, ticks=40)

    assert all(a == b for a, b in sizes(pieces))
    assert "".join(a for a, _ in pieces) == "x" * 400
    assert max(sizes(pieces))[0] <= PER_TICK + 4


def test_a_stall_of_one_stalls_both():
    pacer, x, y = make_pacer(), stream_of("x" * 400), stream_of("y" * 50, ended=False)

    stalled = run(pacer, x, y, ticks=30)
    y.add("y" * 350)
    after = run(pacer, x, y, ticks=1, at=30 * TICK)

    assert sum(a for a, _ in sizes(stalled)) == 50
    assert all(a == b for a, b in sizes(stalled + after))
    assert 0 < sizes(after)[0][0] <= PER_TICK + 4


def test_the_longer_answer_goes_on_alone_at_the_same_pace():
    pacer, x, y = make_pacer(), stream_of("x" * 48), stream_of("y" * 240)

    pieces = sizes(run(pacer, x, y, ticks=30))

    assert sum(a for a, _ in pieces) == 48
    alone = [b for a, b in pieces if b and not a]
    assert sum(b for _, b in pieces) == 240
    assert set(alone[:-1]) <= {PER_TICK - 1, PER_TICK, PER_TICK + 1}


def test_the_pace_does_not_tell_whether_an_answer_has_come_in_whole():
    courses = []
    for ended in ((False, False), (True, False), (False, True), (True, True)):
        pacer = make_pacer()
        x, y = (stream_of("z" * 2000, ended=each) for each in ended)
        # No whole number of characters comes to a tick of this length.
        courses.append(sizes([pacer.tick(n * 0.237, x, y) for n in range(60)]))

    assert max(courses[0]) > (0, 0)
    assert courses == courses[:1] * 4


def test_signs_of_other_scripts_are_tokens_by_themselves():
    pacer, x, y = make_pacer(), stream_of("字" * 60), stream_of("y" * 240)

    pieces = sizes(run(pacer, x, y, ticks=30))

    assert sum(a for a, _ in pieces) == 60
    assert all(b // 4 == a for a, b in [p for p in pieces if all(p)][:-1])


def test_without_pace_all_goes_out_as_it_comes():
    pacer = Pacer(
        tokens_per_second=RATE, start_seconds=START, tick_seconds=TICK, paced=False
    )

    assert pacer.tick(0.0, stream_of("x" * 90), Stream()) == ("x" * 90, "")


@given(
    x=st.text(max_size=200),
    y=st.text(max_size=200),
    cuts=st.lists(st.integers(1, 40), max_size=30),
)
def test_nothing_is_lost_doubled_or_out_of_order(x, y, cuts):
    pacer, streams, out = make_pacer(), (Stream(), Stream()), ["", ""]
    rest = [x, y]
    for n in range(400):
        cut = cuts[n] if n < len(cuts) else 200
        for side, stream in enumerate(streams):
            if rest[side]:
                stream.add(rest[side][:cut])
                rest[side] = rest[side][cut:]
            else:
                stream.end()
        for side, piece in enumerate(pacer.tick(n * TICK, *streams)):
            out[side] += piece

    if x and y:
        assert out == [x, y]
        assert all(stream.all_out for stream in streams)
    else:
        assert out == ["", ""]
