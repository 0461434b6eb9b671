"""Which battles a judge is asked about, and which answers it scores."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from evaluations.models import Answer, Battle, Prompt, PromptSet, Run, Vote
from evaluations.models.battles import BattleQuerySet
from evaluations.models.prompts import digest_of

# Counted by people, as against a judge's verdict.
VOTED = Exists(Vote.objects.counted().filter(battle=OuterRef("pk")))


def battles_for(run: Run) -> list[int]:
    """The battles of a judging run by primary key; the same rows give the same choice.

    Those with people's votes come before the rest, each from the newest on; a number
    without a set means the newest, whether anybody has voted on them or not.
    """
    chosen = _judgeable()
    if run.prompt_set_id:
        chosen = chosen.filter(prompt__prompt_set=run.prompt_set_id)
    if run.voted_only:
        chosen = chosen.filter(VOTED)
    if run.prompt_set_id or not run.battle_limit:
        chosen = chosen.order_by(VOTED.desc(), "-pk")
    else:
        chosen = chosen.order_by("-pk")
    return list(chosen.values_list("pk", flat=True)[: run.battle_limit])


def _judgeable() -> BattleQuerySet:
    """What may be shown to somebody else's model: never what was asked in private."""
    ready = Battle.objects.ready().exclude(mode=Battle.Mode.CONTROL)
    return ready.filter(prompt__state=Prompt.State.APPROVED)


def answers_for(run: Run) -> list[int]:
    """The answers of a scoring run by primary key: all to its set, turn by turn."""
    if run.prompt_set is None:
        return []
    prompts = list(run.prompt_set.prompts.approved().order_by("pk"))
    found = _answers_by_digest(prompt.first_digest for prompt in prompts)
    chosen: dict[int, None] = {}
    for prompt in prompts:
        # Prompts that begin alike share their first answers.
        chosen |= dict.fromkeys(one.pk for one in found.get(prompt.first_digest, []))
    longer = [(p, one) for p in prompts for one in found.get(p.first_digest, [])]
    turn = 1
    while longer := [(p, one) for p, one in longer if len(p.turns) > turn]:
        longer = _next_turn(longer, turn)
        chosen |= dict.fromkeys(one.pk for _, one in longer)
        turn += 1
    return list(chosen)


def _next_turn(
    before: list[tuple[Prompt, Answer]], turn: int
) -> list[tuple[Prompt, Answer]]:
    """The same contestants' answers to what their prompts ask next."""
    asked = {
        (prompt.pk, one.pk): digest_of([*one.conversation, _user(prompt.turns[turn])])
        for prompt, one in before
    }
    found = _answers_by_digest(asked.values())
    return [
        (prompt, later)
        for prompt, one in before
        for later in found.get(asked[prompt.pk, one.pk], [])
        if later.contestant_id == one.contestant_id
    ]


def _answers_by_digest(digests: Iterable[str]) -> dict[str, list[Answer]]:
    """Ready first answers of contestants that play; a second one checks judgements."""
    ready = Answer.objects.ready().for_queue().filter(replicate=0)
    ready = ready.filter(contestant__judge_only=False)
    by_digest: dict[str, list[Answer]] = {}
    for one in ready.filter(messages_digest__in=set(digests)).order_by(
        "contestant", "pk"
    ):
        by_digest.setdefault(one.messages_digest, []).append(one)
    return by_digest


def prompt_of(answer: Answer, *, prompt_set: PromptSet) -> Prompt | None:
    """The set's prompt that an answer belongs to, for its reference."""
    questions = questions_of(answer)
    first = digest_of([_user(questions[0])])
    prompts = prompt_set.prompts.filter(first_digest=first).order_by("pk")
    fitting = (p for p in prompts if p.turns[: len(questions)] == questions)
    return next(fitting, None)


def questions_of(answer: Answer) -> list[str]:
    return [one["content"] for one in answer.messages if one["role"] == "user"]


def replies_of(answer: Answer) -> list[str]:
    """What the contestant said turn by turn, this answer at the end."""
    before = [m["content"] for m in answer.messages if m["role"] == "assistant"]
    return [*before, answer.text]


def _user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}
