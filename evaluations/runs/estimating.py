"""What a planned run will ask and cost, and what that is based on."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from django.db.models import Max

from evaluations.models import Answer, Contestant, Run, RunItem
from evaluations.models.prompts import digest_of
from evaluations.runs.evaluation import conversation
from evaluations.runs.kinds import KINDS
from evaluations.runs.spending import Usage, price, usage_of

BATCH = 500
Said = dict[tuple[int, int | None], list[str]]


@dataclass(frozen=True)
class EstimateLine:
    """What one contestant is asked."""

    contestant: Contestant
    # Of all its items these have their answer already.
    answered: int
    calls: int
    usage: Usage

    @property
    def prompt_tokens(self) -> int:
        return round(self.calls * self.usage.prompt)

    @property
    def completion_tokens(self) -> int:
        return round(self.calls * self.usage.completion)

    @property
    def cost(self) -> Decimal:
        """US$."""
        return price(self.contestant, self.prompt_tokens, self.completion_tokens)

    @property
    def minutes(self) -> float:
        """What its calls a minute let through, at the soonest."""
        return self.calls / self.contestant.requests_per_minute

    @property
    def basis(self) -> str:
        """Where the tokens and the price come from, in words."""
        if not self.calls:
            return "nothing to ask"
        has_price = self.contestant.price_in or self.contestant.price_out
        return self.usage.basis + ("" if has_price else "; no price entered")


@dataclass(frozen=True)
class Estimate:
    """The lines of all contestants, and their sums."""

    lines: Sequence[EstimateLine]

    @property
    def answered(self) -> int:
        return sum(line.answered for line in self.lines)

    @property
    def calls(self) -> int:
        return sum(line.calls for line in self.lines)

    @property
    def prompt_tokens(self) -> int:
        return sum(line.prompt_tokens for line in self.lines)

    @property
    def completion_tokens(self) -> int:
        return sum(line.completion_tokens for line in self.lines)

    @property
    def cost(self) -> Decimal:
        """US$."""
        return sum((line.cost for line in self.lines), Decimal(0))

    @property
    def minutes(self) -> float:
        return max((line.minutes for line in self.lines), default=0.0)


def estimate(*, run: Run) -> Estimate:
    """What is left to ask of a planned run, and what it will cost."""
    contestants = Contestant.objects.filter(pk__in=run.items.values("contestant"))
    usage = usage_of(
        kind=run.kind, contestant_ids=list(contestants.values_list("pk", flat=True))
    )
    answered, calls = Counter[int](), Counter[int]()
    for item, has_answer in _looked_up(run):
        (answered if has_answer else calls)[item.contestant_id] += 1
    return Estimate(
        [
            EstimateLine(one, answered[one.pk], calls[one.pk], usage[one.pk])
            for one in contestants
        ]
    )


def _looked_up(run: Run) -> Iterator[tuple[RunItem, bool]]:
    """Every item of a run, and whether its answer is there."""
    said: Said = defaultdict(list)
    last = run.items.aggregate(last=Max("turn"))["last"] or 0
    for turn in range(1, last + 1):
        # What was said in the turn before is known for all by now.
        items = run.items.filter(turn=turn).with_what_is_asked().iterator(BATCH)
        while batch := list(islice(items, BATCH)):
            yield from _of_batch(run, batch, said)


def _of_batch(
    run: Run, batch: Sequence[RunItem], said: Said
) -> Iterator[tuple[RunItem, bool]]:
    digests = {item.pk: _digest(run, item, said) for item in batch}
    ready = Answer.objects.ready().filter(
        contestant__in={item.contestant_id for item in batch},
        messages_digest__in=set(digests.values()),
        replicate=0,
    )
    texts = {
        (contestant, digest): text
        for contestant, digest, text in ready.values_list(
            "contestant", "messages_digest", "text"
        )
    }
    for item in batch:
        text = texts.get((item.contestant_id, digests[item.pk]))
        if text is not None:
            said[item.contestant_id, item.prompt_id].append(text)
        yield item, text is not None


def _digest(run: Run, item: RunItem, said: Said) -> str:
    """Of what will be asked; empty where that depends on what nobody has said yet."""
    if item.prompt is None:
        messages = KINDS[run.kind].messages(item)
        return digest_of(messages) if messages else ""
    before = said[item.contestant_id, item.prompt_id]
    if len(before) < item.turn - 1:
        return ""
    return digest_of(conversation(item.prompt, before))
