"""What calls cost: those that were made, and those that may come next, in US$."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Avg, Count, DecimalField, F, Max, Sum, TextField
from django.db.models.functions import Cast, Coalesce, Greatest, Length

from evaluations.models import Answer, Contestant, Run, RunItem

MILLION: Final = 1_000_000
# Where a server reports none: of English text, as OpenAI's help on tokens says.
CHARACTERS_A_TOKEN: Final = 4
ENDED = (Answer.State.READY, Answer.State.FAILED)
MONEY = DecimalField(max_digits=20, decimal_places=8)

# Prompt and answer tokens of a call of which nothing was measured, by kind of run.
ROUGH: Final = {
    Run.Kind.EVALUATION: (100, 400),
    Run.Kind.JUDGING: (1_500, 300),
    Run.Kind.SCORING: (1_000, 200),
    Run.Kind.BENCHMARK: (200, 200),
}
# The answers to people say nothing of how long a judge's prompts are.
LIKE_ANY_ANSWER = (Run.Kind.EVALUATION, Run.Kind.BENCHMARK)


@dataclass(frozen=True)
class Usage:
    """Tokens of one call to a contestant: the mean, and the most, of what is known."""

    prompt: float
    completion: float
    most_prompt: int
    most_completion: int
    # How many answers it was measured on; none where it is a rough guess.
    answers: int

    @property
    def basis(self) -> str:
        if self.answers:
            return f"mean of {self.answers:,} earlier answers"
        return f"rough guess: {self.prompt:.0f} + {self.completion:.0f} tokens a call"


def prompt_tokens(path: str = "") -> Any:
    """SQL: what the server counted, else a token for so many characters."""
    text = Length(Cast(f"{path}messages", TextField()))
    return Coalesce(f"{path}prompt_tokens", text / CHARACTERS_A_TOKEN)


def completion_tokens(path: str = "") -> Any:
    """SQL: as `prompt_tokens`, of what was said and thought."""
    text = Length(f"{path}text") + Length(f"{path}reasoning")
    return Coalesce(f"{path}completion_tokens", text / CHARACTERS_A_TOKEN)


def cost_of_item(path: str = "") -> Any:
    """SQL: the price of an item's answer.

    An answer whose worker was lost in the midst was asked for twice and counts twice.
    """
    free = Decimal(0)
    price_in = Coalesce(f"{path}contestant__price_in", free, output_field=MONEY)
    price_out = Coalesce(f"{path}contestant__price_out", free, output_field=MONEY)
    answer = f"{path}answer__"
    dear = prompt_tokens(answer) * price_in + completion_tokens(answer) * price_out
    times = Greatest(F(f"{answer}claims"), 1)
    return Cast(dear * times / MILLION, MONEY)


def spent_on(run: Run) -> Decimal:
    """What the answers have cost that this run asked for (US$)."""
    paid = run.items.filter(paid=True, answer__state__in=ENDED)
    spent: Decimal | None = paid.aggregate(spent=Sum(cost_of_item()))["spent"]
    return run.spent_before + (spent or 0)


def price(contestant: Contestant, prompt: float, completion: float) -> Decimal:
    """US$ of so many tokens; a price that was not entered is none."""
    dollars = Decimal(prompt) * (contestant.price_in or 0)
    dollars += Decimal(completion) * (contestant.price_out or 0)
    return dollars / MILLION


def usage_of(*, kind: str, contestant_ids: Collection[int]) -> dict[int, Usage]:
    """What a call of this kind takes from each contestant.

    Measured on its answers in runs of the kind; else, where they are alike, on all
    that it was asked here; else a rough guess.
    """
    known = _measured_in_runs(kind, contestant_ids)
    if kind in LIKE_ANY_ANSWER:
        known = _measured_anywhere(set(contestant_ids) - known.keys()) | known
    prompt, completion = ROUGH[Run.Kind(kind)]
    guess = Usage(prompt, completion, prompt, completion, 0)
    return dict.fromkeys(contestant_ids, guess) | known


def _measured_in_runs(kind: str, contestant_ids: Collection[int]) -> dict[int, Usage]:
    items = RunItem.objects.filter(
        run__kind=kind,
        contestant__in=contestant_ids,
        answer__state=Answer.State.READY,
    )
    return _usage(items.order_by(), "answer__")


def _measured_anywhere(contestant_ids: Collection[int]) -> dict[int, Usage]:
    answers = Answer.objects.ready().filter(
        contestant__in=contestant_ids, origin=Answer.Origin.FETCH
    )
    return _usage(answers, "")


def _usage(rows: Any, path: str) -> dict[int, Usage]:
    asked, said = prompt_tokens(path), completion_tokens(path)
    measured = rows.values_list("contestant").annotate(
        mean_prompt=Avg(asked),
        mean_completion=Avg(said),
        most_prompt=Max(asked),
        most_completion=Max(said),
        measured=Count("pk"),
    )
    return {
        contestant: Usage(float(prompt), float(completion), *rest)
        for contestant, prompt, completion, *rest in measured
    }
