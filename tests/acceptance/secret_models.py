"""Eight models of one fake server: all they are can be recognised, much fails."""

import json
import re
import secrets
from dataclasses import dataclass
from typing import Any

from evaluations.models import Battle, Contestant
from tests.acceptance.canaries import Secret, make_canary
from tests.acceptance.key_search import found_in
from tests.fakes.model_server import ModelServer

MODELS, FAILING = 8, 5
STEADY = {"tokens": 15, "tokens_up_to": 40, "rate": 80}
# Where this word stands in the question, all of them wait until the server lets go.
PATIENT = "patient"
# Where one of these does, five of the eight fail so.
FAULTS: dict[str, dict[str, Any]] = {
    "refused": {"status": 401, "echo_key": True},
    "rejected": {"status": 400, "message": "{canary} does not take {key}"},
    "overloaded": {"status": 503, "message": "{canary} is busy", "retry_after": "0"},
    "moved": {"status": 307, "redirect": "https://{canary}.example/v1"},
    "dropped": {"drop": True},
    "disconnected": {"disconnect_after": 5},
    "truncated": {"truncate_after": 5},
    "malformed": {"malformed_after": 5},
    "broken": {"error_after": 5, "message": "{canary} broke at {key}"},
    "paged": {"body": "<html>{canary} is down</html>", "content_type": "text/html"},
    "empty": {"tokens": 0, "tokens_up_to": 0},
    "endless": {"flood": "text"},
    "stalled": {"stall_after": 5},
}
# The page on which questions are written names all who might be asked.
OPERATORS = re.compile(r'<details class="operators">.*?</details>')


@dataclass(frozen=True)
class SecretModels:
    contestants: list[Contestant]
    keys: list[str]
    secret: Secret
    address: str

    def hints(self, text: str) -> set[str]:
        """What in the text would tell a volunteer something of a model."""
        hints = self.secret.leaks(self._without_operators(text), voted=set())
        hints |= found_in([("a key", text)], self.keys)
        return hints | ({self.address} if self.address in text else set())

    def _without_operators(self, text: str) -> str:
        """The text less the list of operators, if that names all of them alike."""
        found = OPERATORS.search(text)
        makers = sorted(contestant.maker for contestant in self.contestants)
        if found and f"models by {', '.join(makers)}." in found[0]:
            return OPERATORS.sub("", text)
        return text


def make_secret_models(server: ModelServer) -> SecretModels:
    """Let these play, and nobody else."""
    Contestant.objects.update(state=Contestant.State.RETIRED)
    secret, keys, contestants = Secret(), [], []
    for number in range(MODELS):
        key = f"sk-{secrets.token_hex(24)}"
        contestant = make_canary()
        contestant.provider = ("openai", "anthropic")[number % 2]
        contestant.base_url = f"{server.url}/{contestant.slug}/v1"
        contestant.parameters |= {"system": f"You are {contestant.slug}."}
        contestant.concurrency, contestant.requests_per_minute = 500, 100_000
        contestant.store_key(key)
        contestant.save()
        _teach(server, contestant, key, number)
        keys.append(key)
        contestants.append(contestant)
    # Of no battle in particular: none may be named, whoever answers.
    secret.keep(Battle(), *contestants)
    address = server.url.removeprefix("http://")
    return SecretModels(contestants, keys, secret, address)


def _teach(server: ModelServer, contestant: Contestant, key: str, number: int) -> None:
    canary = contestant.slug
    traits = {
        "served_model": f"{canary}-served",
        "completion_id": f"chatcmpl-{canary}",
        "header": f"X-Request-Id: {canary}",
        "set_cookie": f"who={canary}",
        "finish": f"{canary}-stop",
        "reasoning": "reasoning_content",
        "thought": f"I am {canary}.",
    }
    model = contestant.api_model
    server.behave(model, **traits, **STEADY)
    server.behave(model, when=PATIENT, **traits, **STEADY, held=True)
    for place, (word, fault) in enumerate(FAULTS.items()):
        if (place + number) % MODELS < FAILING:
            text = json.dumps(fault)
            text = text.replace("{canary}", canary).replace("{key}", key)
            manner = traits | STEADY | json.loads(text)
            server.behave(model, when=word, **manner)
