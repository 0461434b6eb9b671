"""How far yardsticks agree, said in words."""

from collections.abc import Mapping, Sequence

from evaluations.rating.correlation import Disagreement, Outcome, Outlier
from evaluations.studies.agreement_report import Agreement, Figure, Overall, Pair
from evaluations.studies.yardsticks import Yardstick
from evaluations.templatetags.figures import NARROW_SPACE, percent

# From so much on, a correlation is called so; the word is this house's own.
STRENGTHS = (
    (0.9, "put them in nearly the same order"),
    (0.7, "put them in much the same order"),
    (0.4, "agree on the outlines of the order, with many exceptions"),
    (0.15, "have little of their order in common"),
    (-0.15, "have no order in common"),
    (-2.0, "rather put them in opposite orders"),
)
# Fewer models than this say little, whatever the figure.
FEW_MODELS = 10


def number(value: float) -> str:
    """0.73, −0.12."""
    written = f"{value:.2f}"
    return "0.00" if written == "-0.00" else written.replace("-", "−")


def interval(figure: Figure) -> str:
    """0.57 to 0.83; a dash where there is none."""
    if figure.low is None or figure.high is None:
        return "–"
    return f"{number(figure.low)} to {number(figure.high)}"


def with_interval(figure: Figure) -> str:
    if figure.low is None:
        return number(figure.value)
    return f"{number(figure.value)} ({interval(figure)})"


def sentences(pair: Pair, least: int) -> list[str]:
    """What the two say of each other."""
    two = f"{pair.x.name} and {pair.y.name}"
    if pair.outcome == Outcome.TOO_FEW:
        return [
            f"{two} have {_models(pair.models)} in common; at least {least} are "
            "needed for a comparison."
        ]
    if pair.spearman is None or pair.kendall is None:
        across = {pair.x.order[model] for model in pair.shared}
        level = pair.y if len(across) > 1 else pair.x
        return [
            f"{two} have {pair.models} models in common, but {level.name} gives all "
            "of these the same value."
        ]
    strength = next(w for least, w in STRENGTHS if pair.spearman.value >= least)
    said = [
        f"{two} have {pair.models} models in common and {strength}. Spearman’s rank "
        f"correlation is {with_interval(pair.spearman)}, Kendall’s "
        f"{with_interval(pair.kendall)}."
    ]
    if pair.spearman.low is None:
        said.append("Drawing other models from these would show no other figure.")
    elif pair.spearman.low <= 0 <= (pair.spearman.high or 0):
        said.append("The interval includes 0: it may be chance.")
    if pair.models < FEW_MODELS:
        said.append("So few models say little.")
    return said


def _models(count: int) -> str:
    return "1 model" if count == 1 else f"{count} models"


def placed(found: Disagreement, yardsticks: Mapping[str, Yardstick]) -> str:
    """Where each of the two stands on a model."""
    one, other = (yardsticks[key].name for key in (found.first, found.second))
    return (
        f"{one}: ahead of {percent(found.first_place)} of the others. "
        f"{other}: ahead of {percent(found.second_place)}."
    )


def named(
    found: Sequence[Disagreement], agreement: Agreement
) -> list[tuple[str, str, str, int]]:
    """Slug, name, sentence and number of models, of published models."""
    return [
        (
            each.model,
            agreement.names[each.model],
            placed(each, agreement.yardsticks),
            each.models,
        )
        for each in found
        if each.model in agreement.names
        and {each.first, each.second} <= agreement.yardsticks.keys()
    ]


def apart(found: Sequence[Outlier], agreement: Agreement) -> list[tuple[str, str, str]]:
    """Slug, name and sentence of what people see unlike the others."""
    return [
        (each.model, agreement.names[each.model], _apart(each))
        for each in found
        if each.model in agreement.names
    ]


def _apart(each: Outlier) -> str:
    points = f"{abs(100 * each.difference):.0f}{NARROW_SPACE}percentile points"
    way = "higher" if each.difference > 0 else "lower"
    of = (
        "than the one other yardstick that has it"
        if each.yardsticks == 1
        else f"than {each.yardsticks} other yardsticks, on average"
    )
    return f"people place it {points} {way} {of}."


def headline(found: Overall | None) -> str:
    """The one figure, in a sentence; empty where people are beside nothing yet."""
    if found is None:
        return ""
    if found.yardsticks == 1:
        return (
            "With people’s votes one other yardstick can be compared so far: the rank "
            f"correlation is {number(found.spearman)}."
        )
    return (
        f"People’s votes can be compared with {found.yardsticks} judges and benchmarks "
        f"so far: the median rank correlation is {number(found.spearman)}."
    )
