"""What a simulated crowd judges: contestants, prompts and stored answers, made up."""

import random
from collections.abc import Callable, Sequence
from dataclasses import asdict
from decimal import Decimal
from itertools import product

from django.db import connection, transaction
from django.utils import timezone

from evaluations import simulated
from evaluations.markdown import render_safely, style_features
from evaluations.models import (
    Answer,
    Contestant,
    ContestantChange,
    Prompt,
    PromptSet,
    Simulation,
    Volunteer,
    Vote,
)
from evaluations.simulation.databases import SimulationRefused

CATEGORIES = ("writing", "programming", "mathematics", "knowledge")
WORDS = {
    "en": "the river turns slowly under an old bridge while clouds gather over fields",
    "de": "der Fluss zieht langsam unter einer alten Brücke hin und eine Glocke klingt",
    "fr": "la rivière tourne lentement sous un vieux pont pendant que passe un nuage",
}
PROMPTS = 24
SIZES = ("1.5", "3", "7", "14", "32", "72", "180", "")
MAKERS = 20
NOTE = "made up for a simulation"
BATCH = 2_000


def slug_of(number: int) -> str:
    return f"simulated-{number + 1:04}"


def mark(simulation: Simulation) -> None:
    """Say that all this database will hold is simulated; refuse one that holds votes.

    It must be the first thing written, so that nothing real is ever taken for made up.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            # No vote may arrive between the look and the mark.
            cursor.execute("LOCK TABLE evaluations_vote IN SHARE MODE")
        for model in (Vote, Volunteer, Answer, Contestant):
            if model._default_manager.exists():
                raise SimulationRefused(
                    f"This database holds {model._meta.verbose_name_plural} already: "
                    "a simulation starts in an empty one."
                )
        simulation.save(force_insert=True)
    simulated.forget()


def add_prompts() -> list[Prompt]:
    prompt_set = PromptSet.objects.create(
        slug="simulated",
        title="Simulated prompts",
        licence="CC0-1.0",
        source="Open Arena, simulate",
        description="Made up for a simulation; nobody asked them.",
    )
    kinds = list(product(CATEGORIES, WORDS))
    prompts = [
        _prompt(prompt_set, number, *kinds[number % len(kinds)])
        for number in range(PROMPTS)
    ]
    return Prompt.objects.bulk_create(prompts)


def _prompt(prompt_set: PromptSet, number: int, category: str, language: str) -> Prompt:
    words = _sentence(random.Random(number), language)  # noqa: S311
    prompt = Prompt(
        prompt_set=prompt_set,
        turns=[f"Simulated question {number + 1}: {words}"],
        language=language,
        categories=[category],
        state=Prompt.State.APPROVED,
    )
    prompt.fill_digests()
    return prompt


def add_contestants(
    numbers: Sequence[int], prompts: list[Prompt], step: Callable[[int, int], None]
) -> list[Contestant]:
    """Enter contestants as playing, each with its answer to every prompt."""
    # Rendered before the transaction, as it takes seconds.
    texts = []
    for done, number in enumerate(numbers):
        step(done, len(numbers))
        texts.append([_answer(number, prompt) for prompt in prompts])
    with transaction.atomic():
        made = Contestant.objects.bulk_create(_contestant(n) for n in numbers)
        ContestantChange.objects.bulk_create(
            ContestantChange(contestant=one, to_state=one.state, note=NOTE)
            for one in made
        )
        for one, answers in zip(made, texts, strict=True):
            for answer in answers:
                answer.contestant = one
        flat = [answer for answers in texts for answer in answers]
        Answer.objects.bulk_create(flat, batch_size=BATCH)
    step(len(numbers), len(numbers))
    return made


def _contestant(number: int) -> Contestant:
    size = SIZES[number % len(SIZES)]
    slug = slug_of(number)
    return Contestant(
        slug=slug,
        name=f"Simulated {number + 1}",
        maker=f"Simulated maker {number % MAKERS + 1}",
        licence="CC0-1.0",
        open_weights=bool(number % 2),
        parameters_b=Decimal(size) if size else None,
        description="Made up for a simulation; there is no such model.",
        provider=Contestant.Provider.OPENAI,
        # RFC 2606 keeps this name from ever leading anywhere.
        base_url="https://simulated.invalid/v1",
        api_model=slug,
        state=Contestant.State.ACTIVE,
    )


def _answer(number: int, prompt: Prompt) -> Answer:
    text = _answer_text(random.Random(f"{number} {prompt.digest}"), prompt.language)  # noqa: S311
    rendered = render_safely(text)
    return Answer(
        messages=prompt.first_messages(),
        messages_digest=prompt.first_digest,
        text=text,
        html=rendered.html,
        renderer_version=rendered.version,
        state=Answer.State.READY,
        finished_at=timezone.now(),
        style=asdict(style_features(text)),
    )


def _answer_text(rng: random.Random, language: str) -> str:
    """A few paragraphs that differ in length, headings, lists and bold words."""
    parts = [_sentence(rng, language) for _ in range(rng.randint(1, 4))]
    if rng.random() < 0.3:
        parts.insert(0, f"## {_sentence(rng, language)}")
    if rng.random() < 0.4:
        parts[-1] = f"**{parts[-1].removeprefix('## ')}**"
    if rng.random() < 0.4:
        items = (f"- {_sentence(rng, language)}" for _ in range(rng.randint(2, 4)))
        parts.append("\n".join(items))
    return "\n\n".join(parts)


def _sentence(rng: random.Random, language: str) -> str:
    words = " ".join(rng.choices(WORDS[language].split(), k=rng.randint(5, 14)))
    return words[0].upper() + words[1:] + "."
