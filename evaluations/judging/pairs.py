"""Judging: a judge compares the two answers of a battle, in both orders."""

from collections.abc import Iterator
from typing import Any, cast

from evaluations.judging.asking import (
    asked_by,
    judge_of,
    overrides_of,
    template_of,
    what_came,
)
from evaluations.judging.choosing import battles_for
from evaluations.judging.filling import Message, Texts, fill
from evaluations.judging.orders import SIDES
from evaluations.judging.parsing import read_verdict
from evaluations.judging.templates import wording_of
from evaluations.models import Battle, BattleTurn, JudgeVerdict, Run, RunItem
from evaluations.models.judging import Reading


class Judging:
    """A kind of run; one item is one battle in one order."""

    def plan(self, run: Run) -> Iterator[RunItem]:
        """Ask for every battle twice, each contestant shown first once."""
        asked = asked_by(run)
        orders = [(battle, left) for battle in battles_for(run) for left in SIDES]
        for number, (battle, left) in enumerate(orders, 1):
            yield RunItem(
                run=run, number=number, contestant=asked, battle_id=battle, left=left
            )

    def messages(self, item: RunItem) -> list[Message]:
        battle = cast(Battle, item.battle)
        turns = list(battle.turns.all())
        texts = Texts(
            questions=battle.prompt.turns[: len(turns)],
            answers={
                "answer_a": [_said_by(item.left, turn) for turn in turns],
                "answer_b": [_said_by(SIDES[item.left], turn) for turn in turns],
            },
            references=battle.prompt.references[: len(turns)],
        )
        return fill(wording_of(template_of(item.run)), texts)

    def overrides(self, item: RunItem) -> dict[str, Any]:
        return overrides_of(item)

    def settle(self, item: RunItem) -> None:
        """Keep what the judge said; a verdict that was read stays as it is."""
        said = what_came(item, read_verdict)
        verdict, is_new = JudgeVerdict.objects.get_or_create(
            judge=judge_of(item.run),
            template=template_of(item.run),
            battle=cast(Battle, item.battle),
            left=item.left,
            defaults=said,
        )
        if not is_new and verdict.state != Reading.READ:
            JudgeVerdict.objects.filter(pk=verdict.pk).update(**said)

    def finish(self, run: Run) -> None:
        """Nothing is left to do: each verdict was kept as it came."""


def _said_by(side: str, turn: BattleTurn) -> str:
    answer = turn.answer_x if side == "x" else turn.answer_y
    return answer.text
