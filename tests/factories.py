"""Rows for tests, made with as few words as a test needs."""

import itertools
import secrets
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from evaluations.battles.controls import open_repeat_of
from evaluations.models import (
    Answer,
    Battle,
    BattleTurn,
    Contestant,
    Prompt,
    PromptSet,
    Volunteer,
    Vote,
)
from evaluations.volunteers import (
    COOKIE,
    SALT,
    Visitor,
    give_consent,
    left_side,
    visitor_with,
)
from evaluations.voting import cast_vote

_numbers = itertools.count(1)


def make_contestant(**values: Any) -> Contestant:
    number = next(_numbers)
    defaults = {
        "slug": f"model-{number}",
        "name": f"Model {number}",
        "maker": f"Maker {number}",
        "provider": Contestant.Provider.HOUSE,
        "api_model": "terse",
        "state": Contestant.State.ACTIVE,
    }
    return Contestant.objects.create(**{**defaults, **values})


def make_prompt(text: str = "", **values: Any) -> Prompt:
    prompt_set, _ = PromptSet.objects.get_or_create(
        slug=values.pop("set", "made"),
        defaults={"title": "Made", "licence": "CC0-1.0", "source": "tests"},
    )
    prompt = Prompt(
        prompt_set=prompt_set,
        turns=[text or f"What is {next(_numbers)} and one?"],
        categories=["mathematics"],
        state=Prompt.State.APPROVED,
    )
    for name, value in values.items():
        setattr(prompt, name, value)
    prompt.fill_digests()
    prompt.save()
    return prompt


def make_answer(contestant: Contestant, prompt: Prompt, **values: Any) -> Answer:
    text = values.pop("text", f"An answer numbered {next(_numbers)}.")
    ready = {
        "messages": prompt.first_messages(),
        "text": text,
        "html": f"<p>{text}</p>",
        "renderer_version": 1,
        "state": Answer.State.READY,
        "finished_at": timezone.now(),
    }
    answer, _ = Answer.objects.get_or_create(
        contestant=contestant,
        messages_digest=prompt.first_digest,
        replicate=values.pop("replicate", 0),
        defaults={**ready, **values},
    )
    return answer


def make_battle(
    x: Contestant | None = None,
    y: Contestant | None = None,
    prompt: Prompt | None = None,
    **values: Any,
) -> Battle:
    x, y, prompt = (
        x or make_contestant(),
        y or make_contestant(),
        prompt or make_prompt(),
    )
    answers = make_answer(x, prompt), make_answer(y, prompt)
    battle = Battle.objects.create(
        **{
            "contestant_x": x,
            "contestant_y": y,
            "prompt": prompt,
            "state": Battle.State.READY,
            "draw_probability": 1.0,
            **values,
        }
    )
    BattleTurn.objects.create(battle=battle, answer_x=answers[0], answer_y=answers[1])
    return battle


def make_control(
    contestant: Contestant | None = None, prompt: Prompt | None = None, **values: Any
) -> Battle:
    """A ready battle of one contestant with itself."""
    one, prompt = contestant or make_contestant(), prompt or make_prompt()
    ready = {"mode": Battle.Mode.CONTROL, "state": Battle.State.READY}
    battle = Battle.objects.create(
        **{
            "contestant_x": one,
            "contestant_y": one,
            "prompt": prompt,
            **ready,
            **values,
        }
    )
    answers = [make_answer(one, prompt, replicate=number) for number in (0, 1)]
    BattleTurn.objects.create(battle=battle, answer_x=answers[0], answer_y=answers[1])
    return battle


def make_repeat(vote: Vote, visitor: Visitor) -> Battle:
    """The pair of a vote once more for its volunteer, the sides exchanged."""
    repeat = open_repeat_of(vote=vote, visitor=visitor)
    assert repeat is not None
    return repeat


def make_visitor(*, consented: bool = True) -> Visitor:
    token = secrets.token_urlsafe(24)
    if consented:
        give_consent(token=token)
    return visitor_with(token=token)


def cookie_of(visitor: Visitor) -> str:
    """The header by which the visitor's browser is known again."""
    response = HttpResponse()
    response.set_signed_cookie(COOKIE, visitor.token, salt=SALT)
    return f"{COOKIE}={response.cookies[COOKIE].value}"


def make_volunteer() -> Volunteer:
    volunteer = make_visitor().volunteer
    assert volunteer is not None
    return volunteer


def vote_for(
    battle: Battle, verdict: str = "a", *, visitor: Visitor | None = None, key: str = ""
) -> Vote:
    """Cast a vote as the page would: the side shown left is the visitor's own."""
    visitor = visitor or make_visitor()
    return cast_vote(
        visitor=visitor,
        battle_id=battle.public_id,
        verdict=verdict,
        left=left_side(token=visitor.token, battle_id=battle.public_id),
        idempotency_key=key or secrets.token_hex(8),
    ).vote
