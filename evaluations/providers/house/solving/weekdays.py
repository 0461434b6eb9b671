import re

from evaluations.providers.house.solving.solution import Solution

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OFFSETS = (
    ("the day before yesterday", -2),
    ("two days ago", -2),
    ("the day after tomorrow", 2),
    ("tomorrow", 1),
    ("yesterday", -1),
    ("today", 0),
)

_DAY = "|".join(DAYS)
_OFFSET = "|".join(name for name, _ in OFFSETS)
_KNOWN = re.compile(
    rf"\b(?P<offset>{_OFFSET})\s+(?:is|was|will be)\s+(?:a )?(?P<day>{_DAY})\b", re.I
)
_ASKED = re.compile(
    rf"\b(?:what|which)\b[^?.!]*?\b(?:is|was|will)\b[^?.!]*?\b(?P<offset>{_OFFSET})\b",
    re.I,
)
_LATER = re.compile(
    r"\b(?P<count>\d{1,6}) days (?P<way>after|from|later|before)\b", re.I
)


def solve(text: str) -> Solution | None:
    known = _KNOWN.search(text)
    if known and (asked := _ASKED.search(text, known.end())):
        return _shifted(known, asked["offset"].lower())
    return _counted(text, known)


def _shifted(known: re.Match[str], asked: str) -> Solution:
    offsets = dict(OFFSETS)
    given = DAYS.index(known["day"].capitalize())
    today = (given - offsets[known["offset"].lower()]) % 7
    result = DAYS[(today + offsets[asked]) % 7]
    steps = (
        f"{known['offset']} is {DAYS[given]}, so today is {DAYS[today]}",
        f"{asked} is then {result}",
    )
    return Solution(result, steps)


def _counted(text: str, known: re.Match[str] | None) -> Solution | None:
    later = _LATER.search(text)
    day = re.search(rf"\b({_DAY})\b", text, re.I)
    if not later or not day:
        return None
    start = DAYS.index(day[1].capitalize())
    if known:
        start -= dict(OFFSETS)[known["offset"].lower()]
    count = int(later["count"])
    sign = -1 if later["way"].lower() == "before" else 1
    result = DAYS[(start + sign * count) % 7]
    steps = (
        f"a week has 7 days, and {count} leaves a rest of {count % 7} on division by 7",
        f"so count {count % 7} {'back' if sign < 0 else 'on'} from {DAYS[start % 7]}",
    )
    return Solution(result, steps)
