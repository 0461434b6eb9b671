"""From checked records to rows that are not stored yet."""

import re
from dataclasses import asdict
from decimal import Decimal

from django.utils import timezone

from evaluations.importers import records
from evaluations.importers.llmfao.source import (
    Judgement,
    Model,
    Pair,
    Question,
    Result,
    Verdict,
)
from evaluations.markdown import Rendered, style_features
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
from evaluations.models.battles import WITHOUT_END

FORMAT = "llmfao"
VERDICTS = {
    "left": Vote.Verdict.A,
    "right": Vote.Verdict.B,
    "tie": Vote.Verdict.TIE,
}
LICENCE = "CC BY 4.0"
SOURCE = "https://github.com/dustalov/llmfao"
JUDGES = {
    key: records.JudgeModel(
        slug=f"{name.lower()}-llmfao",
        name=f"{name} (llmfao)",
        maker="OpenAI",
        description=(
            "Judged the pairs of the llmfao crowd, each in one order, in 2023."
        ),
        licence=LICENCE,
        source=SOURCE,
    )
    for key, name in (("gpt4", "GPT-4"), ("gpt3", "GPT-3"))
}
# The source's words for what the arena's own prompts call otherwise.
CATEGORIES = {
    "code": "programming",
    "creativity": "writing",
    "instruct": "instructions",
    "reflexion": "reasoning",
}
_BILLIONS = re.compile(r"\b(\d{1,4}(?:\.\d{1,3})?)B\b")


def external_id(number: int | str) -> str:
    return f"{FORMAT}:{number}"


def contestant_of(model: Model) -> Contestant:
    size = _BILLIONS.search(model.name)
    return Contestant(
        slug=model.slug,
        name=model.name,
        maker=model.org,
        parameters_b=Decimal(size[1]) if size else None,
        aliases=[model.api_id],
        description=(
            f"Imported with answers that llmonitor collected through {model.api}; "
            "this arena has no connection to the model."
        ),
        provider=Contestant.Provider.OPENAI,
        api_model=model.api_id,
        state=Contestant.State.RETIRED,
    )


def prompt_of(question: Question, prompt_set: PromptSet) -> Prompt:
    prompt = Prompt(
        prompt_set=prompt_set,
        turns=[question.text],
        categories=[CATEGORIES.get(question.type, question.type)],
        references=[question.note] if question.note else [],
        state=Prompt.State.APPROVED,
    )
    prompt.fill_digests()
    return prompt


def answer_of(
    result: Result,
    question: Question,
    prompt: Prompt,
    contestant: Contestant,
    rendered: Rendered,
) -> Answer:
    return Answer(
        contestant=contestant,
        messages=prompt.first_messages(),
        messages_digest=prompt.first_digest,
        origin=Answer.Origin.IMPORT,
        text=result.result,
        html=rendered.html,
        renderer_version=rendered.version,
        state=Answer.State.READY,
        finished_at=timezone.now(),
        total_ms=round(result.duration),
        parameters={"stop": question.stop} if question.stop else {},
        style=asdict(style_features(result.result)),
    )


def battle_of(pair: Pair, prompt: Prompt, x: Contestant, y: Contestant) -> Battle:
    blank = not (pair.result_x.strip() and pair.result_y.strip())
    return Battle(
        origin=Battle.Origin.IMPORT,
        external_id=external_id(pair.id),
        prompt=prompt,
        contestant_x=x,
        contestant_y=y,
        draw_rule="import",
        state=Battle.State.READY,
        # Nobody is asked to judge an empty page; the votes it has still count.
        judgements_wanted=0 if blank else WITHOUT_END,
    )


def turn_of(battle: Battle, x: Answer, y: Answer) -> BattleTurn:
    return BattleTurn(battle=battle, answer_x=x, answer_y=y)


def volunteer_of(worker: str) -> Volunteer:
    return Volunteer(
        origin=Volunteer.Origin.IMPORT,
        external_id=external_id(worker),
        has_judged=True,
    )


def vote_of(judgement: Judgement, battle: Battle, volunteer: Volunteer) -> Vote:
    """The source shows the model x on the left, always, and tells no time."""
    return Vote(
        battle=battle,
        volunteer=volunteer,
        verdict=VERDICTS[judgement.winner],
        left=Vote.Side.X,
        cast_at=None,
        state=Vote.State.COUNTED,
    )


def judgement_of(judge: str, place: str, verdict: Verdict) -> records.Judgement:
    """A pair is known by its number: two may set the same models side by side."""
    return records.Judgement(
        place=place,
        judge=JUDGES[judge].slug,
        question=str(verdict.id),
        x=str(verdict.model_x),
        y=str(verdict.model_y),
        left="x",
        verdict=VERDICTS[verdict.winner],
        external_id=f"{judge}:{verdict.id}",
    )
