"""Distance, speed and time, for one mover or two that meet."""

import re
from fractions import Fraction

from evaluations.providers.house.solving.numbers import brief, show
from evaluations.providers.house.solving.solution import Solution
from evaluations.providers.house.solving.units import Unit, converted, quantities

_MEETING = re.compile(
    r"towards? (?:each other|one another)|opposite directions|entgegen", re.IGNORECASE
)
_TO_MEET = re.compile(r"towards? (?:each other|one another)|entgegen", re.IGNORECASE)
_SPEED = {"km/h": ("kilometres", "hours"), "mph": ("miles", "hours")}
_OTHER_SPEED = ("metres", "seconds")
_HOUR = Unit("hours", "time", Fraction(3600))


def solve(text: str) -> Solution | None:
    found = quantities(text)
    speeds = [pair for pair in found if pair[1].dimension == "speed"]
    times = [pair for pair in found if pair[1].dimension == "time"]
    ways = [pair for pair in found if pair[1].dimension == "length"]
    if _MEETING.search(text):
        return _meeting(text, speeds, ways)
    match len(speeds), len(times), len(ways):
        case 0, times_given, 1 if times_given:
            return _speed(text, ways[0], times)
        case 1, 0, 1:
            return _time(ways[0], speeds[0])
        case 1, times_given, 0 if times_given:
            return _distance(speeds[0], times)
    return None


def _speed(
    text: str, way: tuple[Fraction, Unit], times: list[tuple[Fraction, Unit]]
) -> Solution | None:
    if not re.search(r"speed|how fast|geschwindig|vitesse|velocidad|pace", text, re.I):
        return None
    time = sum((value * unit.factor for value, unit in times), Fraction())
    unit = "seconds" if way[1].name == "metres" else "hours"
    shown = time if unit == "seconds" else time / 3600
    if not shown:
        return None
    result = way[0] / shown
    name = {"kilometres": "km/h", "miles": "mph", "metres": "m/s"}
    per = name.get(way[1].name, f"{way[1].name} per {unit.removesuffix('s')}")
    steps = (
        "speed = distance ÷ time",
        f"{show(way[0])} {way[1].name} ÷ {show(shown)} {unit} = {show(result)} {per}",
    )
    return Solution(f"{show(result)} {per}", steps)


def _time(way: tuple[Fraction, Unit], speed: tuple[Fraction, Unit]) -> Solution | None:
    if not speed[0]:
        return None
    seconds = way[0] * way[1].factor / (speed[0] * speed[1].factor)
    steps = (
        "time = distance ÷ speed",
        f"{show(way[0])} {way[1].name} ÷ {show(speed[0])} {speed[1].name} = "
        f"{clock(seconds)}",
    )
    return Solution(clock(seconds), steps)


def _distance(
    speed: tuple[Fraction, Unit], times: list[tuple[Fraction, Unit]]
) -> Solution:
    way, unit = _SPEED.get(speed[1].name, _OTHER_SPEED)
    seconds = sum((value * kind.factor for value, kind in times), Fraction())
    shown = seconds / 3600 if unit == "hours" else seconds
    pace = speed[0] if speed[1].name in _SPEED else speed[0] * speed[1].factor
    result = pace * shown
    steps = (
        "distance = speed × time",
        f"{show(pace)} {way} per {unit.removesuffix('s')} × {show(shown)} {unit} = "
        f"{show(result)} {way}",
    )
    return Solution(f"{show(result)} {way}", steps)


def _meeting(
    text: str, speeds: list[tuple[Fraction, Unit]], ways: list[tuple[Fraction, Unit]]
) -> Solution | None:
    if len(speeds) != 2 or len(ways) != 1 or not _TO_MEET.search(text):
        return None
    if speeds[0][1] != speeds[1][1]:
        return None
    first, second = (value * unit.factor for value, unit in speeds)
    if first + second <= 0:
        return None
    seconds = ways[0][0] * ways[0][1].factor / (first + second)
    way = Unit(ways[0][1].name, "length", ways[0][1].factor)
    point = converted(first * seconds, Unit("metres", "length", Fraction(1)), way)
    joint = speeds[0][0] + speeds[1][0]
    steps = (
        f"the gap closes at {show(speeds[0][0])} + {show(speeds[1][0])} = "
        f"{show(joint)} {speeds[0][1].name}",
        f"{show(ways[0][0])} {way.name} ÷ {show(joint)} {speeds[0][1].name} = "
        f"{clock(seconds)}",
        f"the first has then covered {brief(point)} {way.name}",
    )
    return Solution(f"they meet after {clock(seconds)}", steps)


def clock(seconds: Fraction) -> str:
    """Write a duration in hours and minutes as far as they come out whole."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = ((hours, "hour"), (minutes, "minute"), (round(left, 1), "second"))
    shown = [
        f"{brief(Fraction(value))} {name}{'' if value == 1 else 's'}"
        for value, name in parts
        if value
    ]
    return " ".join(shown) or "0 seconds"
