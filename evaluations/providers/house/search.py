"""Find facts by BM25 (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.6)."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from evaluations.providers.house import reading
from evaluations.providers.house.facts import Fact, all_facts

K1 = 1.2
B = 0.6
SUBJECT_WEIGHT = 3
SURE = 0.5
SURE_BY_NAME = 0.25
RELATED = 0.6
UNKNOWN_WEIGHT = 0.4
"""A word on no fact says less than it seems: it is often just a way to ask."""

LONGEST_QUERY = 60


@dataclass(frozen=True)
class Hit:
    fact: Fact
    score: float
    coverage: float
    """Share of the query's weight (0 to 1) that the fact matches."""


class Index:
    def __init__(self, facts: Sequence[Fact]) -> None:
        self.facts = facts
        self._counts = [Counter(_document(fact)) for fact in facts]
        self._lengths = [count.total() for count in self._counts]
        self._mean = sum(self._lengths) / max(1, len(facts))
        self._postings: dict[str, list[int]] = defaultdict(list)
        for number, count in enumerate(self._counts):
            for term in count:
                self._postings[term].append(number)

    def search(self, text: str, limit: int) -> list[Hit]:
        query = list(dict.fromkeys(reading.terms(text)))[:LONGEST_QUERY]
        scores: dict[int, float] = defaultdict(float)
        matched: dict[int, float] = defaultdict(float)
        for term in query:
            for number in self._postings.get(term, ()):
                scores[number] += self._weight(term) * self._saturation(term, number)
                matched[number] += self._weight(term)
        total = sum(self._weight(term) for term in query)
        ranked = sorted(scores, key=lambda number: (-scores[number], number))
        return [
            Hit(self.facts[number], scores[number], matched[number] / total)
            for number in ranked[:limit]
        ]

    def _weight(self, term: str) -> float:
        holders = len(self._postings.get(term, ()))
        weight = math.log(1 + (len(self.facts) - holders + 0.5) / (holders + 0.5))
        return weight if holders else weight * UNKNOWN_WEIGHT

    def _saturation(self, term: str, number: int) -> float:
        count = self._counts[number][term]
        relative = self._lengths[number] / self._mean
        return count * (K1 + 1) / (count + K1 * (1 - B + B * relative))


def search(text: str, *, language: str = "en", limit: int = 5) -> list[Hit]:
    """Return the facts nearest to the text, those in its own language first."""
    own = _index(language).search(text, limit)
    if language == "en" or any(hit.coverage >= SURE for hit in own):
        return own
    return own or _index("en").search(text, limit)


def sure_facts(text: str, *, language: str = "en", limit: int = 3) -> list[Fact]:
    """Return only facts that match the better part of what is asked."""
    hits = search(text, language=language, limit=limit)
    if not any(_is_sure(hit, text) for hit in hits[:2]):
        return []
    hits.sort(key=lambda hit: not _is_sure(hit, text))
    best, *others = hits
    related = (
        hit.fact
        for hit in others
        if hit.score >= RELATED * best.score and hit.coverage >= RELATED * SURE
    )
    return [best.fact, *related]


def _is_sure(hit: Hit, text: str) -> bool:
    named = set(reading.terms(hit.fact.subject)) <= set(reading.terms(text))
    return hit.coverage >= (SURE_BY_NAME if named else SURE)


@cache
def _index(language: str) -> Index:
    return Index([fact for fact in all_facts() if fact.language == language])


def _document(fact: Fact) -> list[str]:
    subject = reading.terms(fact.subject) * SUBJECT_WEIGHT
    return [*subject, *reading.terms(fact.heading), *reading.terms(fact.text)]
