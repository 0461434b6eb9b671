"""Build an explanation in parts: the kind of question decides the parts."""

from collections.abc import Sequence

from evaluations.providers.house import question, reading
from evaluations.providers.house.facts import Fact
from evaluations.providers.house.program import Program, Request
from evaluations.providers.house.search import search, sure_facts

MOST_FACTS = 4

_ADVICE: dict[question.Kind, tuple[str, ...]] = {
    "why": (
        "Ask what would have to be different for the effect to vanish.",
        "Keep the cause apart from what merely goes along with it.",
        "Look for a second effect that the same cause must have, and check it.",
    ),
    "how": (
        "Follow one piece from start to end and name what acts on it at each stage.",
        "Ask where the energy, the money or the information comes from and goes to.",
        "Find the step without which nothing works; it is usually the key.",
    ),
    "define": (
        "Name the wider class first, then what sets it apart inside the class.",
        "Give one case that belongs and one that only seems to.",
        "Say what the word is used for, not only what it stands for.",
    ),
    "list": (
        "Decide what earns a place before collecting.",
        "Put the strongest entry first and stop where they begin to repeat.",
    ),
    "write": (
        "**Reader**: decide who reads it and what they should do or feel afterwards.",
        "**Opening**: put the main thing in the first sentence.",
        "**Middle**: one concrete detail is worth more than three adjectives.",
        "**End**: close with a wish, a date or an image, not with a summary.",
    ),
    "code": (
        "State input and output with one example before writing a line.",
        "Name the edge cases: empty input, one element, duplicates, very large values.",
        "Write the plainest version that is right, then measure before speeding up.",
        "Keep the example as a test.",
    ),
    "plan": (
        "Write down what finished looks like, with a date.",
        "List what must happen before what, and start with the longest chain.",
        "Leave a fifth of the time free for what goes wrong.",
    ),
    "what": (
        "Split it into what is known, what is assumed and what is asked.",
        "Try the smallest case, or the most extreme one, and see what it forces.",
        "Check the outcome against the question as it was put.",
    ),
    "compare": (
        "Choose the points of comparison before looking at either side.",
        "Say for whom or for which purpose each side is the better one.",
    ),
}
_TITLES: dict[question.Kind, tuple[str, str]] = {
    "why": ("The reason", "How to check such a reason"),
    "how": ("How it works", "How to follow it"),
    "define": ("What it is", "How to be sure of the meaning"),
    "list": ("What belongs here", "How to choose"),
    "write": ("What such a text needs", "A way to write it"),
    "code": ("What to know", "A way to solve it"),
    "plan": ("What to know", "A way to go about it"),
    "what": ("What is known", "A way to think it through"),
    "compare": ("Side by side", "How to weigh them"),
}
_UNKNOWN = (
    "I have no reliable fact on this, so here is how to get at it instead.",
    "I know too little here to state facts; this is the way I would go.",
    "The facts of this are beyond what I have. The following holds anyway.",
)
_NOT_FINISHED = (
    "No finished result from me, but a way to a good one:",
    "Rather than a finished piece, here is how to get there:",
    "Done this way it usually turns out well:",
)
_WORKS: tuple[question.Kind, ...] = ("write", "code", "plan", "list")
_ABROAD = {
    "de": ("Kurz gesagt", "Mehr dazu"),
    "fr": ("En bref", "Pour aller plus loin"),
    "es": ("En breve", "Más detalles"),
}
_ABROAD_UNKNOWN = {
    "de": """Dazu fehlen mir verlässliche Angaben. So käme man hin:

- Zuerst festhalten, was bekannt und was gefragt ist.
- Dann den kleinsten Fall oder ein Beispiel durchspielen.
- Am Ende prüfen, ob das Ergebnis die Frage wirklich trifft.""",
    "fr": """Je n'ai pas de donnée fiable là-dessus. Une façon d'y arriver :

- Noter d'abord ce qui est connu et ce qui est demandé.
- Essayer ensuite le plus petit cas ou un exemple.
- Vérifier enfin que le résultat répond bien à la question.""",
    "es": """No tengo datos fiables sobre esto. Una manera de llegar:

- Anotar primero qué se sabe y qué se pregunta.
- Probar después el caso más pequeño o un ejemplo.
- Comprobar al final que el resultado responde a la pregunta.""",
}


def respond(request: Request) -> str:
    if request.language != "en":
        return _abroad(request)
    if sides := question.compared(request.text):
        return _comparison(request, sides)
    kind = question.kind(request.text)
    facts = sure_facts(request.subject, limit=MOST_FACTS)
    return _explanation(request, kind, facts)


def _explanation(request: Request, kind: question.Kind, facts: Sequence[Fact]) -> str:
    if kind == "define" and not facts:
        kind = "what"
    known, way = _TITLES[kind]
    advice = _bullets(_ADVICE[kind])
    if not facts:
        opening = request.choose(_NOT_FINISHED if kind in _WORKS else _UNKNOWN)
        return f"{opening}\n\n### {way}\n\n{advice}"
    parts = [f"### {known}", _bold_start(facts[0])]
    if len(facts) > 1:
        parts += ["### Related", _bullets([fact.text for fact in facts[1:]])]
    if kind in ("why", "how", "define", "what"):
        gist = _gist(facts[0])
        parts += ["### In one line", gist] if gist else []
    else:
        parts += [f"### {way}", advice]
    return "\n\n".join(parts)


def _comparison(request: Request, sides: tuple[str, str]) -> str:
    first, second = (_about(side) for side in sides)
    if not first and not second:
        return _explanation(request, "compare", ())
    unknown = "nothing I could vouch for"
    rows = [
        f"| {side.capitalize()} | {fact.text if fact else unknown} |"
        for side, fact in zip(sides, (first, second), strict=True)
    ]
    table = "\n".join(["| | What holds |", "|---|---|", *rows])
    both = _covering(sides, first or second)
    if both:
        table = both.text
    known, way = _TITLES["compare"]
    return f"### {known}\n\n{table}\n\n### {way}\n\n{_bullets(_ADVICE['compare'])}"


def _covering(sides: tuple[str, str], fact: Fact | None) -> Fact | None:
    """Return the fact if it speaks of both sides."""
    wanted = set(reading.terms(" ".join(sides)))
    return fact if fact and wanted <= set(reading.terms(fact.text)) else None


def _about(side: str) -> Fact | None:
    """Return the fact whose own subject is the side, or the surest one."""
    hits = search(side, limit=6)
    wanted = set(reading.terms(side))
    named = [hit for hit in hits if wanted & set(reading.terms(hit.fact.subject))]
    return named[0].fact if named else next(iter(sure_facts(side)), None)


def _abroad(request: Request) -> str:
    short, more = _ABROAD[request.language]
    facts = sure_facts(request.subject, language=request.language)
    if not facts:
        return _ABROAD_UNKNOWN[request.language]
    text = f"### {short}\n\n{_bold_start(facts[0])}"
    if len(facts) > 1:
        text += f"\n\n### {more}\n\n{_bullets([fact.text for fact in facts[1:]])}"
    return text


def _bold_start(fact: Fact) -> str:
    return f"**{fact.subject}.** {fact.text}"


def _gist(fact: Fact) -> str:
    """Return the part of the fact up to its first turn."""
    for turn in (" because ", ";", ", which ", ", so "):
        head, found, rest = fact.text.partition(turn)
        if found and len(rest) > 20:
            kept = rest if "because" in turn else head
            return f"{kept[0].upper()}{kept[1:].rstrip(' .')}."
    return ""


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


PROGRAM = Program(
    slug="explainer",
    name="House Explainer",
    description="Recognises the kind of question by rules and builds a structured "
    "explanation from facts and general advice.",
    respond=respond,
)
