"""Scoring: a judge marks one answer alone, from 1 to 10."""

from collections.abc import Iterator
from typing import Any, cast

from evaluations.judging.asking import (
    asked_by,
    judge_of,
    overrides_of,
    template_of,
    what_came,
)
from evaluations.judging.choosing import (
    answers_for,
    prompt_of,
    questions_of,
    replies_of,
)
from evaluations.judging.filling import Message, Texts, fill
from evaluations.judging.parsing import read_score
from evaluations.judging.templates import wording_of
from evaluations.models import Answer, JudgeScore, PromptSet, Run, RunItem
from evaluations.models.judging import Reading


class Scoring:
    """A kind of run; one item is one answer."""

    def plan(self, run: Run) -> Iterator[RunItem]:
        asked = asked_by(run)
        for number, answer in enumerate(answers_for(run), 1):
            yield RunItem(run=run, number=number, contestant=asked, scored_id=answer)

    def messages(self, item: RunItem) -> list[Message]:
        answer = cast(Answer, item.scored)
        questions = questions_of(answer)
        prompt = prompt_of(answer, prompt_set=cast(PromptSet, item.run.prompt_set))
        texts = Texts(
            questions=questions,
            answers={"answer": replies_of(answer)},
            references=prompt.references[: len(questions)] if prompt else [],
        )
        return fill(wording_of(template_of(item.run)), texts)

    def overrides(self, item: RunItem) -> dict[str, Any]:
        return overrides_of(item)

    def settle(self, item: RunItem) -> None:
        """Keep what the judge said; a score that was read stays as it is."""
        said = what_came(item, read_score)
        score, is_new = JudgeScore.objects.get_or_create(
            judge=judge_of(item.run),
            template=template_of(item.run),
            answer=cast(Answer, item.scored),
            defaults=said,
        )
        if not is_new and score.state != Reading.READ:
            JudgeScore.objects.filter(pk=score.pk).update(**said)

    def finish(self, run: Run) -> None:
        """Nothing is left to do: each score was kept as it came."""
