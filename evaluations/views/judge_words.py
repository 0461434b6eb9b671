"""What a judge leans to and what it is worth, said in words."""

from collections.abc import Mapping
from typing import Any

from evaluations.rating.kappa import FEWEST_PAIRS
from evaluations.rating.table import ELO_PER_LOGIT
from evaluations.studies.judge_report import JudgeReport
from evaluations.templatetags.figures import (
    percent,
    percent_number,
    signed,
    thousands,
)

Results = Mapping[str, Any]

# (2 - 1) / (2 + 1): the difference in length of an answer and one half as long.
TWICE = 1 / 3
# Between the ends of an interval; no line break parts them.
TO = "\u00a0to\u00a0"
# Less is no vote.
LEAST_WORTH = 0.5


def share(figure: Results) -> str:
    """41 % (40 – 43 %), which no line break shall part."""
    return f"{percent(figure['value'])} ({interval(figure)})"


def interval(figure: Results) -> str:
    return f"{percent_number(figure['low'])}{TO}{percent(figure['high'])}"


def decimal(value: float) -> str:
    """0.16, −0.02."""
    written = f"{value:.2f}"
    return "0.00" if written == "-0.00" else written.replace("-", "−")


def kappa(found: Results) -> str:
    """0.16 (0.14 to 0.17), or why there is none."""
    figure = found["kappa"]
    if figure is None:
        few = found["share"]["battles"] < FEWEST_PAIRS
        return "too few pairs" if few else "–"
    low, high = decimal(figure["low"]), decimal(figure["high"])
    return f"{decimal(figure['value'])} ({low}{TO}{high})"


def elo(leaning: Results, unit: float = 1.0) -> str:
    """+154 Elo points (+137 to +171)."""
    value, low, high = (
        signed(leaning[end] * unit * ELO_PER_LOGIT) for end in ("value", "low", "high")
    )
    return f"{value} Elo points ({low} to {high})"


def agreement(report: JudgeReport) -> list[str]:
    """How far judge and people agree, beside how far people do."""
    found = report.agreement
    if found is None:
        return []
    votes, majority, people = found["votes"], found["majority"], found["people"]
    pairs, compared = votes["share"]["battles"], _number(votes["votes"], "comparison")
    said = [
        f"On {_number(pairs, 'pair')} of answers that people judged too, it chose the "
        f"same as a single vote in {share(votes['share'])} of {compared}."
    ]
    if people:
        said.append(
            f"Two people on one pair agree in {share(people['share'])}: what to hold "
            "the judge against, for tastes differ."
        )
    if votes["kappa"]:
        both = people and people["kappa"]
        beside = f", of people among themselves {kappa(people)}" if both else ""
        said.append(
            "Chance alone brings some agreement; Cohen’s kappa, which takes it off, is "
            f"{kappa(votes)}{beside}."
        )
    elif pairs < FEWEST_PAIRS:
        said.append(
            "Chance alone brings some agreement. To take it off, these are too few "
            f"pairs: Cohen’s kappa needs {FEWEST_PAIRS}."
        )
    if votes["decided"]:
        both = people and people["decided"]
        beside = f", people among themselves in {share(both)}" if both else ""
        said.append(
            "Where neither saw a tie, both chose the same answer in "
            f"{share(votes['decided'])}{beside}."
        )
    if majority:
        said.append(
            f"With what most of several people said it agrees in "
            f"{share(majority['share'])} of {_number(majority['votes'], 'pair')}."
        )
    return said


def position(found: Results) -> list[str]:
    """The habit of place, and what becomes of verdicts in both orders."""
    said = []
    if unplaced := found["unplaced"]:
        said.append(
            f"Of {_number(unplaced, 'verdict')} nobody knows in which order the "
            "answers were shown: they are left out here."
        )
    if unplaced and not found["placed"]:
        return said
    if found["share"]:
        sentence = (
            f"Where it prefers an answer, that is the one it was shown first in "
            f"{share(found['share'])}"
        )
        if found["people_share"]:
            sentence += f"; with people, the left one in {share(found['people_share'])}"
        yardstick = (
            "Half would be no habit."
            if found["log_odds"]
            else "Whether that is habit or the models’ strength cannot be told: the "
            "same ones stood first too often, or there are too few verdicts."
        )
        said.append(f"{sentence}. {yardstick}")
    if found["log_odds"]:
        own = found["log_odds"]
        sentence = (
            "The models’ strengths held equal, the first place is worth "
            f"{elo(own)} to it"
        )
        if found["people_log_odds"]:
            sentence += f", the left one {elo(found['people_log_odds'])} to people"
        said.append(f"{sentence}. {_habit(own, 'the first', 'the second')}")
    said.append(_both_orders(found["swapped"]))
    return said


def _habit(leaning: Results, above: str, below: str) -> str:
    if leaning["low"] > 0:
        return f"So it leans to {above} place."
    if leaning["high"] < 0:
        return f"So it leans to {below} place."
    return "That may be chance."


def _both_orders(found: Results | None) -> str:
    if found is None:
        return (
            "It was asked in one order only, so how often it contradicts itself is "
            "not known."
        )
    return (
        f"Asked in both orders on {_number(found['cases'], 'pair')}, it said the same "
        f"in {share(found['same'])}. In {share(found['first'])} the answer shown first "
        f"won both times, in {share(found['second'])} the second, and in "
        f"{share(found['half'])} there was a winner in one order only."
    )


def length(found: Results) -> list[str]:
    said = []
    if found["points"]:
        said.append(f"The longer answer gets {_points(found['points'])}")
        said.append("A tie gives half a point.")
    if found["log_odds"]:
        held = "Strengths and place" if found["placed"] else "Strengths"
        sentence = (
            f"{held} held equal, an answer twice as long gains "
            f"{elo(found['log_odds'], TWICE)} with it"
        )
        if found["people_log_odds"]:
            sentence += f" and {elo(found['people_log_odds'], TWICE)} with people"
        said.append(f"{sentence}.")
    return said or [
        "What length is worth to it cannot be told: of too few answers the length is "
        "known, or it always went with place and strength."
    ]


def own_maker(found: Results, maker: str) -> list[str]:
    if not found["battles"]:
        return [f"It has not compared a model of {maker} with one of another maker."]
    points = found["points"]
    if not points:
        return [
            f"It has compared models of {maker} with others on "
            f"{_number(found['battles'], 'pair')}, but people have judged none of them."
        ]
    said = f"Models of {maker} get {_points(points)}"
    caution = (
        "Part of that may be that it sees differences more sharply than a single "
        "person does: then it gives all good models more."
    )
    return [said, caution] if points["more"]["low"] > 0 else [said]


def worth(found: Results | None) -> list[str]:
    """How many of people's votes the verdicts are worth."""
    if found is None:
        return [
            "People’s votes on these models are still too few to combine them with "
            "anything."
        ]
    votes = _number(found["votes"], "vote")
    said = []
    if not found["more"]:
        said.append(
            "All its verdicts on pairs of models that people know are on battles they "
            "judged as well. These show how well it foretells people, but add nothing "
            "to their votes."
            if found["both"]
            else "It has judged no battle that people judged too, so that nothing "
            "shows how well it foretells them."
        )
    else:
        narrowed = (
            f"as much as {_number(found['worth'], 'more vote')} would"
            if found["worth"] >= LEAST_WORTH
            else "no further than they are"
        )
        said.append(
            f"People have cast {votes} on these models. Its verdicts on "
            f"{_number(found['more'], 'further battle')} narrow their intervals "
            f"{narrowed}."
        )
    if found["both"]:
        said.append(_ceiling(found))
    return said


def _ceiling(found: Results) -> str:
    if found["ceiling"] < LEAST_WORTH:
        return "However many more it judged, it could not make them narrower."
    part = percent(found["ceiling"] / found["votes"])
    return (
        "With verdicts on endlessly many more battles of the same pairs it would be "
        f"worth about {_number(found['ceiling'], 'vote')}, {part} of those cast."
    )


def _points(found: Results) -> str:
    """What a side gets from judge and people, and how much more that is."""
    return (
        f"{share(found['judge'])} of the points from it and {share(found['people'])} "
        f"from people on the same {_number(found['more']['battles'], 'pair')}: "
        f"{_more(found['more'])}."
    )


def _more(figure: Results) -> str:
    """28 points of a hundred more (24 to 33)."""
    value, low, high = (100 * figure[end] for end in ("value", "low", "high"))
    word = "more" if value >= 0 else "less"
    interval = f"{signed(low)} to {signed(high)}"
    return f"{abs(round(value))} points of a hundred {word} ({interval})"


def _number(count: float, word: str) -> str:
    number = round(count)
    plural = "" if number == 1 else "s"
    return f"{thousands(number)} {word}{plural}"
