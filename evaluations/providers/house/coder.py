"""Answer with a snippet of code that fits the words of the question."""

from evaluations.providers.house import question, reading
from evaluations.providers.house.program import Program, Request
from evaluations.providers.house.search import sure_facts
from evaluations.providers.house.snippets import Snippet, all_snippets

ENOUGH = 2

_LANGUAGES = {
    "python": ("python",),
    "javascript": ("javascript", "js ", "typescript", "node"),
    "sql": ("sql", "query", "database"),
    "css": ("css", "html"),
    "bash": ("bash", "shell", "git ", "terminal", "command line", "linux"),
}
_OPENINGS = (
    "{title} in {language}:",
    "This does it, in {language}:",
    "A plain way in {language}:",
)
_OTHER_LANGUAGE = (
    "I have this one only in {language}, not in the language you asked for:"
)
_NO_CODE = {
    "en": "This asks for no code that I know of.",
    "de": "Dafür kenne ich keinen passenden Code.",
    "fr": "Je ne connais pas de code qui convienne ici.",
    "es": "No conozco ningún código que sirva para esto.",
}
_NO_SNIPPET = """I have no ready code for this. A frame to start from:

```python
def solve(value):
    \"\"\"Say here in one sentence what comes in and what goes out.\"\"\"
    raise NotImplementedError("fill in the plainest version first")


def test_solve():
    assert solve("the smallest example") == "its known result"
```

Write the test with a real example first, then the plainest body that passes it."""
_DISPLAY = {"python": "Python", "javascript": "JavaScript", "sql": "SQL", "css": "CSS",
            "bash": "the shell"}  # fmt: skip


def respond(request: Request) -> str:
    asked = _asked_language(request)
    if not asked and question.kind(request.text) != "code":
        return _no_code(request)
    snippet = _best(request, asked)
    if snippet:
        return _shown(snippet, request, asked)
    return _NO_SNIPPET


def _asked_language(request: Request) -> str:
    text = f"{request.subject} "
    for language, names in _LANGUAGES.items():
        if reading.mentions(text, *names):
            return language
    return ""


def _best(request: Request, asked: str) -> Snippet | None:
    wanted = set(reading.terms(request.subject))
    scored = [
        (_likeness(wanted, snippet), snippet.language == asked, -number, snippet)
        for number, snippet in enumerate(all_snippets())
    ]
    matches, same_language, _, snippet = max(scored, key=lambda entry: entry[:3])
    if asked and not same_language:
        own = [entry for entry in scored if entry[1] and entry[0] >= matches - 1]
        matches, _, _, snippet = max(own or scored, key=lambda entry: entry[:3])
    needed = ENOUGH if request.language == "en" else 1
    return snippet if matches >= needed else None


def _likeness(wanted: set[str], snippet: Snippet) -> int:
    """Count the shared words; one of the title counts twice."""
    return len(wanted & snippet.terms) + len(wanted & snippet.title_terms)


def _no_code(request: Request) -> str:
    facts = sure_facts(request.subject, language=request.language, limit=1)
    rest = f" {reading.first_sentence(facts[0].text)}" if facts else ""
    return f"{_NO_CODE[request.language]}{rest}"


def _shown(snippet: Snippet, request: Request, asked: str) -> str:
    language = _DISPLAY[snippet.language]
    if asked and asked != snippet.language:
        opening = _OTHER_LANGUAGE.format(language=language)
    else:
        opening = request.choose(_OPENINGS).format(
            title=snippet.title, language=language
        )
    return f"{opening}\n\n{snippet.code}\n\n{snippet.note}"


PROGRAM = Program(
    slug="coder",
    name="House Coder",
    description="Answers from a small library of tested snippets in Python, "
    "JavaScript, SQL, CSS and shell. Says so when none fits.",
    respond=respond,
)
