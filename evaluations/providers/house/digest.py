"""Summarise: the central facts around a question, or the text that was handed in."""

from collections.abc import Sequence

from evaluations.providers.house import reading
from evaluations.providers.house.program import Program, Request
from evaluations.providers.house.search import search

BULLETS = 3
WIDTH = 14
NEAR = 0.4
DAMPING = 0.85
ROUNDS = 30
MOST_SENTENCES = 60
LONG_TEXT = 5
LONGEST_SENTENCE = 400

_NOTHING = {
    "en": "There is too little about this to sum up.",
    "de": "Dazu gibt es zu wenig zusammenzufassen.",
    "fr": "Il y a trop peu à résumer sur ce sujet.",
    "es": "Hay muy poco que resumir sobre esto.",
}
_LOOSE = {
    "en": "Loosely related, as nothing fits closely:",
    "de": "Nur lose verwandt, da nichts genau passt:",
    "fr": "Seulement apparenté, rien ne correspond exactement :",
    "es": "Solo relacionado de lejos, nada encaja del todo:",
}
_CLOSE = 0.4


def respond(request: Request) -> str:
    handed_in = reading.sentences(request.text)[:MOST_SENTENCES]
    if len(handed_in) >= LONG_TEXT:
        return _bullets([line[:LONGEST_SENTENCE] for line in _central(handed_in[1:])])
    return _facts_around(request)


def _facts_around(request: Request) -> str:
    hits = search(request.subject, language=request.language, limit=WIDTH)
    if not hits:
        return _NOTHING[request.language]
    hits = [hit for hit in hits if hit.score >= hits[0].score * NEAR]
    texts = [hit.fact.text for hit in hits]
    chosen = _central(texts, [hit.score**2 for hit in hits])
    if hits[0].coverage >= _CLOSE:
        return _bullets(chosen)
    return f"{_LOOSE[request.language]}\n\n{_bullets(texts[:1])}"


def _central(texts: Sequence[str], bias: Sequence[float] | None = None) -> list[str]:
    """Return the most central texts in their order (TextRank, Mihalcea and Tarau)."""
    ranks = _ranks(texts, bias or [1.0] * len(texts))
    best = sorted(range(len(texts)), key=lambda i: (-ranks[i], i))[:BULLETS]
    return [texts[i] for i in sorted(best)]


def _ranks(texts: Sequence[str], bias: Sequence[float]) -> list[float]:
    links = _links(texts)
    start = [share / sum(bias) for share in bias]
    ranks = start
    for _ in range(ROUNDS):
        ranks = [
            (1 - DAMPING) * start[i]
            + DAMPING * sum(links[j][i] * ranks[j] for j in range(len(texts)))
            for i in range(len(texts))
        ]
    return ranks


def _links(texts: Sequence[str]) -> list[list[float]]:
    """Return for every text how its rank is passed on; the rows add up to 1 or 0."""
    bags = [frozenset(reading.terms(text[:LONGEST_SENTENCE])) for text in texts]
    rows = []
    for i, bag in enumerate(bags):
        row = [_overlap(bag, other) if i != j else 0.0 for j, other in enumerate(bags)]
        total = sum(row)
        rows.append([share / total for share in row] if total else row)
    return rows


def _overlap(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / (1 + len(first) + len(second))


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


PROGRAM = Program(
    slug="digest",
    name="House Digest",
    description="Sums up in three bullets: the central facts around the question, or "
    "the text that was handed in (TextRank).",
    respond=respond,
)
