"""Quote the facts that match best, each under its heading."""

from collections.abc import Sequence

from evaluations.providers.house.facts import Fact
from evaluations.providers.house.program import Program, Request
from evaluations.providers.house.search import search, sure_facts

MOST_QUOTES = 4

_NOTHING = {
    "en": "I found no passage that answers this, so I would rather not guess.",
    "de": "Dazu habe ich keine passende Stelle gefunden und möchte nicht raten.",
    "fr": "Je n'ai trouvé aucun passage qui y réponde, et je préfère ne pas deviner.",
    "es": "No he encontrado ningún pasaje que lo responda y prefiero no adivinar.",
}
_NEAREST = {
    "en": "The nearest thing I have, perhaps not what is meant:",
    "de": "Am nächsten kommt noch dies, vielleicht nicht das Gemeinte:",
    "fr": "Le plus proche, peut-être hors sujet :",
    "es": "Lo más cercano, quizá no sea lo que se busca:",
}
_OPENINGS = (
    "These passages bear on the question:",
    "What I can quote on this:",
    "From my notes:",
)


def respond(request: Request) -> str:
    language = request.language
    facts = sure_facts(request.subject, language=language, limit=MOST_QUOTES)
    if facts:
        opening = request.choose(_OPENINGS) if language == "en" else ""
        return f"{opening}\n\n{_quoted(facts)}".strip()
    nearest = search(request.subject, language=language, limit=1)
    if not nearest:
        return _NOTHING[language]
    return (
        f"{_NOTHING[language]}\n\n{_NEAREST[language]}\n\n{_quoted([nearest[0].fact])}"
    )


def _quoted(facts: Sequence[Fact]) -> str:
    return "\n\n".join(
        f"> **{fact.heading} · {fact.subject}**  \n> {fact.text}" for fact in facts
    )


PROGRAM = Program(
    slug="librarian",
    name="House Librarian",
    description="Looks the question up in a bundled page of facts by BM25 and quotes "
    "the best passages. Says so when nothing fits.",
    respond=respond,
)
