"""Contestants whose every trait can be recognised, and a search for any of it."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from evaluations.models import Battle, Contestant, Prompt
from tests.factories import (
    make_answer,
    make_battle,
    make_contestant,
    make_control,
    make_prompt,
)

FIRST_KEY = 7_300_000_001
PRIMARY_KEY = re.compile(r"73000\d{5}")
TOKENS_OR_MS = re.compile(r"19300\d{5}")
CANARY = re.compile(r"canary[0-9a-f]{10}", re.IGNORECASE)
DIGEST = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})\b")
UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f-]{17}\b")
# Random by their nature: digits in them mean nothing.
RANDOM = re.compile(r"csrftoken=\w+|csrfmiddlewaretoken\W+value\W+\w+")


@dataclass
class Secret:
    """What must not be seen of battles that somebody has not voted on."""

    battle_of: dict[str, Any] = field(default_factory=dict)

    def keep(self, battle: Battle, *contestants: Contestant) -> None:
        for contestant in contestants:
            canary = contestant.slug
            for text in (canary, contestant.name, str(contestant.pk)):
                for digest in ("md5", "sha1", "sha256"):
                    hashed = hashlib.new(digest, text.encode()).hexdigest()
                    self.battle_of[hashed] = battle.public_id
            self.battle_of[canary] = battle.public_id

    def leaks(self, text: str, *, voted: set[Any]) -> set[str]:
        """What in the text names a contestant of a battle not voted on."""
        text = RANDOM.sub("", text)
        found = {canary.lower() for canary in CANARY.findall(text)}
        found |= set(DIGEST.findall(text)) & self.battle_of.keys()
        named = {hit for hit in found if self.battle_of.get(hit) not in voted}
        guessable = {m[0] for m in UUID.finditer(text) if m[1] != "4"}
        plain = UUID.sub("", text)
        numbers = PRIMARY_KEY.findall(plain) + TOKENS_OR_MS.findall(plain)
        return named | guessable | set(numbers)


def use_long_primary_keys() -> None:
    """Start every sequence so high that a primary key is known when it is seen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename FROM pg_sequences WHERE data_type = 'bigint'::regtype"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"ALTER SEQUENCE {name} RESTART WITH {FIRST_KEY}")


def make_canary() -> Contestant:
    canary = f"canary{secrets.token_hex(5)}"
    return make_contestant(
        slug=canary,
        name=f"{canary} name",
        maker=f"{canary} maker",
        licence=f"{canary} licence",
        description=f"{canary} description",
        homepage=f"https://{canary}.example/",
        aliases=[f"{canary} alias"],
        provider="openai",
        base_url=f"https://{canary}.example/v1",
        api_model=f"{canary}-model",
        parameters={"user": canary},
    )


def make_secret_battle(secret: Secret, **values: Any) -> Battle:
    """A ready battle between two canaries, their answers' figures recognisable too."""
    categories = values.pop("categories", ["mathematics"])
    prompt = make_prompt(categories=categories)
    x, y = make_canary(), make_canary()
    for contestant in (x, y):
        make_secret_answer(contestant, prompt)
    battle = make_battle(x, y, prompt, **values)
    secret.keep(battle, x, y)
    return battle


def make_secret_control(secret: Secret) -> Battle:
    """A canary against itself, ready as well."""
    prompt, canary = make_prompt(categories=["mathematics"]), make_canary()
    for replicate in (0, 1):
        make_secret_answer(canary, prompt, replicate=replicate)
    control = make_control(canary, prompt)
    secret.keep(control, canary)
    return control


def make_secret_answer(contestant: Contestant, prompt: Prompt, **values: Any) -> None:
    make_answer(
        contestant,
        prompt,
        served_model=f"{contestant.slug}-served",
        finish_reason=f"{contestant.slug}-stop",
        reasoning=f"I am {contestant.slug}.",
        error=f"{contestant.slug} failed before",
        completion_tokens=1_930_000_000 + secrets.randbelow(100_000),
        first_token_ms=1_930_000_000 + secrets.randbelow(100_000),
        total_ms=1_930_000_000 + secrets.randbelow(100_000),
        **values,
    )
