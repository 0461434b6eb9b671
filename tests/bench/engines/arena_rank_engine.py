"""arena-rank from a Parquet file to ratings with its intervals.

    python arena_rank_engine.py ratings|style FILE

The contextual model weighs all votes alike and takes the differences as they are, so
that it fits the same model as ours.
"""

import sys

import pandas as pd
from arena_rank.models.bradley_terry import BradleyTerry
from arena_rank.models.contextual_bradley_terry import ContextualBradleyTerry
from arena_rank.utils.data_utils import ContextualPairDataset, PairDataset
from measuring import measured, tell

COLUMNS = ["model_a", "model_b", "winner"]
FORMS = ["length", "headings", "list_items", "bold"]


def ratings(path: str) -> dict[str, float]:
    votes = PairDataset.from_pandas(pd.read_parquet(path, columns=COLUMNS))
    model = BradleyTerry(n_competitors=len(votes.competitors))
    return _named(model.compute_ratings_and_cis(votes))


def style(path: str) -> dict[str, float]:
    votes = ContextualPairDataset.from_pandas(
        pd.read_parquet(path, columns=[*COLUMNS, *FORMS]),
        feature_cols=FORMS,
        reweighted=False,
        normalize_features=False,
    )
    model = ContextualBradleyTerry(
        n_competitors=len(votes.competitors), n_features=len(FORMS)
    )
    return _named(model.compute_ratings_and_cis(votes))


def _named(found: dict) -> dict[str, float]:
    # Reading the bounds waits until they are computed.
    low = found["rating_lower"].tolist()
    assert len(low) == len(found["competitors"])
    return dict(zip(found["competitors"], found["ratings"].tolist(), strict=True))


if __name__ == "__main__":
    act = {"ratings": ratings, "style": style}[sys.argv[1]]
    tell(measured(lambda: act(sys.argv[2])))
