"""How well the check does, on cases that shaped it and on cases that did not."""

from dataclasses import dataclass

import pytest

from evaluations.leaks import Registry
from tests.leaks import cases

REGISTRY = Registry.of([], [], [])


@dataclass(frozen=True)
class Measured:
    precision: float
    recall: float
    wrong: list[str]


def measure(leaks: str, clean: str) -> Measured:
    missed = [text for _, text in cases.told(leaks) if not REGISTRY.find(text)]
    false = [text for _, text in cases.told(clean) if REGISTRY.find(text)]
    true = len(cases.told(leaks)) - len(missed)
    return Measured(
        precision=true / (true + len(false)),
        recall=true / len(cases.told(leaks)),
        wrong=[*(f"missed: {m}" for m in missed), *(f"false: {f}" for f in false)],
    )


@pytest.mark.parametrize(
    ("leaks", "clean", "precision", "recall"),
    [
        (cases.LEAKS, cases.CLEAN, 0.99, 0.99),
        (cases.SECOND_LEAKS, cases.SECOND_CLEAN, 0.99, 0.99),
        (cases.HELD_OUT_LEAKS, cases.HELD_OUT_CLEAN, 0.97, 0.85),
    ],
    ids=["own", "second", "held out"],
)
def test_precision_and_recall_stay_as_measured(
    leaks: str, clean: str, precision: float, recall: float
) -> None:
    measured = measure(leaks, clean)

    assert measured.precision >= precision, measured.wrong
    assert measured.recall >= recall, measured.wrong


def test_the_cases_are_many_and_balanced() -> None:
    own = len(cases.told(cases.LEAKS)), len(cases.told(cases.CLEAN))
    held_out = len(cases.told(cases.HELD_OUT_LEAKS + cases.HELD_OUT_CLEAN))
    languages = {code for code, _ in cases.told(cases.LEAKS)}

    assert sum(own) >= 220
    assert 0.8 < own[0] / own[1] < 1.25
    assert held_out >= 60
    assert len(languages) == 18
