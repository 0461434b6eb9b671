"""What a run may still spend: what was spent, and what is under way, count."""

from collections import Counter
from decimal import Decimal

from evaluations.models import Answer, Contestant, Run
from evaluations.runs.spending import (
    CHARACTERS_A_TOKEN,
    Usage,
    price,
    spent_on,
    usage_of,
)

Messages = list[dict[str, str]]


class Budget:
    """Allow the calls of one step, under the lock of the run.

    A call is counted with the most tokens that any answer of its contestant took so
    far, or with its own length where that is more. Where nothing was measured yet,
    one call goes first and the others wait.
    """

    def __init__(self, run: Run) -> None:
        self.refusal = ""
        self._limit = run.spend_limit
        if self._limit is None:
            return
        ids = list(run.items.order_by().values_list("contestant", flat=True).distinct())
        self._usage = usage_of(kind=run.kind, contestant_ids=ids)
        self._coming = Counter[int]()
        self._reserved = Decimal(0)
        coming = run.items.under_way().filter(paid=True).values("answer")
        for one in Answer.objects.filter(pk__in=coming).select_related("contestant"):
            # What a lost worker had begun is paid as well.
            calls = one.claims + (one.state == Answer.State.QUEUED)
            self.take(one.contestant, one.messages, calls=calls)
        # Read last: a call that ends meanwhile counts twice, and never not at all.
        self._spent = spent_on(run)

    def allows(self, contestant: Contestant, messages: Messages) -> bool:
        """Say whether this call, at its most, stays within the limit."""
        if self._limit is None:
            return True
        usage = self._usage[contestant.pk]
        cost = _most(contestant, usage, messages)
        if cost and not usage.answers and self._coming[contestant.pk]:
            return False
        if self._spent + self._reserved + cost <= self._limit:
            return True
        self.refusal = (
            f"The next call could pass the limit of US$ {self._limit.normalize():f}: "
            f"US$ {self._spent:.4f} are spent."
        )
        return False

    def take(
        self, contestant: Contestant, messages: Messages, *, calls: int = 1
    ) -> None:
        """Count a call that is made now as under way."""
        if self._limit is None:
            return
        most = _most(contestant, self._usage[contestant.pk], messages)
        self._reserved += calls * most
        self._coming[contestant.pk] += 1


def _most(contestant: Contestant, usage: Usage, messages: Messages) -> Decimal:
    """What a call may cost at most, as far as one knows (US$)."""
    characters = sum(len(message["content"]) for message in messages)
    prompt = max(usage.most_prompt, characters / CHARACTERS_A_TOKEN)
    return price(contestant, prompt, usage.most_completion)
