"""Live battles for tests, made with as few words as a test needs."""

import itertools
import secrets
from typing import Any

from django.utils import timezone

from evaluations.models import (
    Answer,
    Battle,
    BattleTurn,
    Contestant,
    LiveBattle,
    LiveTurn,
    Prompt,
    PromptSet,
)
from evaluations.volunteers import Visitor, left_side
from tests.factories import make_contestant, make_visitor

_numbers = itertools.count(1)


def make_live(
    visitor: Visitor | None = None, *questions: str, **values: Any
) -> LiveBattle:
    """A live battle whose questions are all answered; it is over unless `end` is ""."""
    visitor = visitor or make_visitor()
    publish = values.pop("publish", False)
    end = values.pop("end", LiveBattle.End.LEFT)
    asked = list(questions) or [f"What is asked, number {next(_numbers)}?"]
    battle = Battle.objects.create(
        **{
            "mode": Battle.Mode.LIVE,
            "state": Battle.State.READY,
            "prompt": make_live_prompt(asked, publish=publish),
            "contestant_x": values.pop("x", None) or make_contestant(),
            "contestant_y": values.pop("y", None) or make_contestant(),
            "draw_rule": "floor",
            "draw_probability": 0.25,
            **values,
        }
    )
    _answer(battle, asked)
    return LiveBattle.objects.create(
        battle=battle,
        volunteer=visitor.volunteer,
        left=left_side(token=visitor.token, battle_id=battle.public_id),
        publish=publish,
        end=end,
        ended_at=timezone.now() if end else None,
    )


def make_live_prompt(asked: list[str], *, publish: bool) -> Prompt:
    prompt_set, _ = PromptSet.objects.get_or_create(
        slug="live",
        defaults={"title": "Live", "licence": "CC BY 4.0", "source": "volunteers"},
    )
    return Prompt.objects.create(
        prompt_set=prompt_set,
        turns=asked,
        digest=secrets.token_hex(32),
        first_digest=secrets.token_hex(32),
        origin=Prompt.Origin.LIVE,
        state=Prompt.State.PENDING if publish else Prompt.State.PRIVATE,
    )


def _answer(battle: Battle, asked: list[str]) -> None:
    """Each side answers all questions, and has seen its own answers alone."""
    sides = (battle.contestant_x, battle.contestant_y)
    said = {side.pk: list[dict[str, str]]() for side in sides}
    for number, question in enumerate(asked, start=1):
        answers = []
        for side in sides:
            messages = [*said[side.pk], {"role": "user", "content": question}]
            answer = make_live_answer(side, messages)
            heard = {"role": "assistant", "content": answer.text}
            said[side.pk] = [*messages, heard]
            answers.append(answer)
        turn = BattleTurn.objects.create(
            battle=battle, number=number, answer_x=answers[0], answer_y=answers[1]
        )
        LiveTurn.objects.create(
            turn=turn,
            begun_at=timezone.now(),
            done_at=timezone.now(),
            html_x=answers[0].html,
            html_y=answers[1].html,
        )


def make_live_answer(
    contestant: Contestant, messages: list[dict[str, str]], **values: Any
) -> Answer:
    text = f"Live answer {next(_numbers)} to: {messages[-1]['content']}"
    ready = {
        "text": text,
        "html": f"<p>{text}</p>",
        "reasoning": f"Thinking of {messages[-1]['content']}",
        "renderer_version": 1,
        "state": Answer.State.READY,
        "finished_at": timezone.now(),
    }
    return Answer.objects.create(
        contestant=contestant,
        messages=messages,
        messages_digest=secrets.token_hex(32),
        origin=Answer.Origin.LIVE,
        **{**ready, **values},
    )
