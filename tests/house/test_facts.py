from collections import Counter

import pytest

from evaluations.providers.house import reading
from evaluations.providers.house.facts import BrokenPage, all_facts, read
from evaluations.providers.house.search import sure_facts

QUESTIONS = [
    ("Why is the sky blue?", "Blue sky"),
    ("What is the capital of Australia?", "Capital of Australia"),
    ("Who wrote Frankenstein?", "Frankenstein"),
    ("When did the Berlin Wall fall?", "Berlin Wall"),
    ("Which planet has the longest day?", "Longest day"),
    ("Why do we have seasons?", "Seasons"),
    ("What is the deepest lake in the world?", "Lake Baikal"),
    ("How does a vaccine work?", "Vaccine"),
    ("How does a fridge stay cold?", "Refrigerator"),
    ("What is inflation?", "Inflation"),
    ("Why does ice float?", "Ice floats"),
    ("How fast is light?", "Speed of light"),
    ("What does HTTP status 503 mean?", "HTTP 503"),
    ("Who discovered penicillin?", "Penicillin"),
    ("How do I remove a red wine stain?", "Red wine stain"),
    ("Why are there leap years?", "Leap year"),
    ("Why does my bread dough not rise?", "Bread dough"),
    ("How does public-key encryption work?", "Public-key encryption"),
    ("How long is a marathon?", "Marathon"),
    ("Why does cutting onions make me cry?", "Onion tears"),
    ("What is the difference between weather and climate?", "Weather and climate"),
    ("How long should I boil an egg?", "Boiled eggs"),
    ("Explain binary search with a tiny Python example of yours.", "Binary search"),
    (
        "Is 0.999… with endless nines equal to 1? Explain to a doubter.",
        "Repeating nines",
    ),
    ("What is the area of a circle with a diameter of 10 cm?", "Pi"),
    ("Should I switch in a show with doors, a host and a goat?", "Monty Hall problem"),
]


@pytest.mark.parametrize(("question", "subject"), QUESTIONS)
def test_a_question_finds_its_fact(question: str, subject: str) -> None:
    assert sure_facts(question)[0].subject == subject


@pytest.mark.parametrize(
    ("question", "language", "subject"),
    [
        ("Warum gibt es Jahreszeiten?", "de", "Jahreszeiten"),
        ("Comment se forme un arc-en-ciel ?", "fr", "Arc-en-ciel"),
        ("¿Quién escribió Don Quijote?", "es", "Don Quijote"),
    ],
)
def test_a_question_finds_a_fact_in_its_own_language(
    question: str, language: str, subject: str
) -> None:
    assert reading.language(question) == language
    assert sure_facts(question, language=language)[0].subject == subject


def test_a_question_beyond_the_page_finds_nothing_sure() -> None:
    assert sure_facts("Which colour were the curtains in my aunt's caravan?") == []


def test_no_fact_stands_twice() -> None:
    texts = Counter(fact.text.casefold() for fact in all_facts())
    subjects = Counter((fact.language, fact.subject.casefold()) for fact in all_facts())

    assert [text for text, count in texts.items() if count > 1] == []
    assert [subject for subject, count in subjects.items() if count > 1] == []


def test_no_two_facts_say_nearly_the_same() -> None:
    bags = [(fact, set(reading.terms(fact.text))) for fact in all_facts()]

    near = [
        (fact.subject, other.subject)
        for number, (fact, bag) in enumerate(bags)
        for other, words in bags[:number]
        if fact.language == other.language and len(bag & words) > 0.6 * len(bag | words)
    ]

    assert near == []


def test_the_page_is_long_enough_and_every_fact_is_a_sentence() -> None:
    english = [fact for fact in all_facts() if fact.language == "en"]

    assert len(english) >= 150
    assert {fact.language for fact in all_facts()} == {"en", "de", "fr", "es"}
    assert [fact.subject for fact in all_facts() if not fact.text.endswith(".")] == []


def test_a_broken_line_is_named() -> None:
    page = "# Facts\n\n## Physics\n- **Light**: It is fast.\nfast light\n"

    with pytest.raises(BrokenPage, match=r"Line 3 .*fast light"):
        read(page)
