"""Files of votes for the bench against peers, drawn from known strengths."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

WINNERS = ("model_a", "tie", "both_bad", "model_b")
FORMS = ("length", "headings", "list_items", "bold")
SWAY = np.array([0.25, 0.05, 0.05, 0.03])
TIE_RATE = 0.35
AT_ONCE = 1_000_000


def write_votes(path: Path, *, contestants: int, votes: int) -> None:
    """Write a Parquet file with text names and four differences in form.

    Strengths are N(0, 0.7) logits; popular and near contestants meet more often; the
    expected score is Bradley-Terry's, a third of the votes are ties.
    """
    random = np.random.default_rng(20240301 + contestants + votes)
    strengths = random.normal(0, 0.7, contestants)
    popularity = random.lognormal(0, 1, contestants)
    near = np.exp(-(np.subtract.outer(strengths, strengths) ** 2)) + 0.05
    meeting = np.outer(popularity, popularity) * near
    np.fill_diagonal(meeting, 0)
    reached = meeting.ravel().cumsum() / meeting.sum()
    wordiness = random.normal(0, 0.5, (contestants, len(FORMS)))
    names = [f"maker-{i % 17}/model-{i:04}-instruct" for i in range(contestants)]
    with pq.ParquetWriter(path, _schema()) as writer:
        for start in range(0, votes, AT_ONCE):
            size = min(AT_ONCE, votes - start)
            pair = np.searchsorted(reached, random.random(size))
            first, second = np.divmod(pair.clip(max=contestants**2 - 1), contestants)
            x = _differences(random, wordiness[first] - wordiness[second])
            outcome = _judged(random, strengths[first] - strengths[second] + x @ SWAY)
            writer.write_table(_table(names, first, second, outcome, x))


def _differences(random: np.random.Generator, lead: np.ndarray) -> np.ndarray:
    together = np.linalg.cholesky(0.6 * np.eye(len(FORMS)) + 0.4)
    return np.tanh(0.6 * (lead + random.normal(size=lead.shape) @ together.T))


def _judged(random: np.random.Generator, eta: np.ndarray) -> np.ndarray:
    score = 1 / (1 + np.exp(-eta))
    ties = 4 * TIE_RATE * score * (1 - score)
    chance = np.stack([score - ties / 2, 0.8 * ties, 0.2 * ties]).cumsum(axis=0)
    return (random.random(len(eta)) > chance).sum(axis=0)


def _schema() -> pa.Schema:
    texts = [(name, pa.string()) for name in ("model_a", "model_b", "winner")]
    return pa.schema([*texts, *((name, pa.float64()) for name in FORMS)])


def _table(
    names: list[str],
    first: np.ndarray,
    second: np.ndarray,
    outcome: np.ndarray,
    x: np.ndarray,
) -> pa.Table:
    columns = [
        pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), texts)
        for codes, texts in ((first, names), (second, names), (outcome, WINNERS))
    ]
    numbers = [pa.array(column) for column in x.T]
    texts = [column.cast(pa.string()) for column in columns]
    return pa.Table.from_arrays([*texts, *numbers], schema=_schema())
