"""evalica from a Parquet file to ratings; it has no interval but a bootstrap.

    python evalica_engine.py ratings|tight FILE

tight: until its scores stand still, for comparing them.
"""

import sys
from math import log

import evalica
import pandas as pd
from measuring import measured, tell

WINNERS = {
    "model_a": evalica.Winner.X,
    "model_b": evalica.Winner.Y,
    "tie": evalica.Winner.Draw,
    "both_bad": evalica.Winner.Draw,
}


def ratings(path: str, **precision: float) -> dict[str, float]:
    votes = pd.read_parquet(path, columns=["model_a", "model_b", "winner"])
    found = evalica.bradley_terry(
        votes["model_a"], votes["model_b"], votes["winner"].map(WINNERS), **precision
    )
    strengths = {name: log(score) for name, score in found.scores.items()}
    mean = sum(strengths.values()) / len(strengths)
    scale = 400 / log(10)
    return {name: 1000 + scale * (x - mean) for name, x in strengths.items()}


def tight(path: str) -> dict[str, float]:
    return ratings(path, tolerance=1e-14, limit=100_000)


if __name__ == "__main__":
    act = {"ratings": ratings, "tight": tight}[sys.argv[1]]
    tell(measured(lambda: act(sys.argv[2])))
