"""Models as judges: fill a template, ask in both orders, read the reply strictly."""

from evaluations.judging.orders import (
    INCONSISTENT,
    POSITION,
    BothOrders,
    both_orders,
    combined_verdicts,
    in_terms_of_sides,
)
from evaluations.judging.own import (
    is_own,
    is_related,
    own_sides,
    related_ids,
    with_own_answers,
    with_own_sides,
)
from evaluations.judging.pairs import Judging
from evaluations.judging.preparing import (
    JudgingRefused,
    judge_called,
    judge_from,
    make_run,
    newest_template,
)
from evaluations.judging.scores import Scoring
from evaluations.judging.templates import check_template, next_version, was_used

# The kinds of run that ask a judge.
JUDGING, SCORING = Judging(), Scoring()

__all__ = [
    "INCONSISTENT",
    "JUDGING",
    "POSITION",
    "SCORING",
    "BothOrders",
    "JudgingRefused",
    "both_orders",
    "check_template",
    "combined_verdicts",
    "in_terms_of_sides",
    "is_own",
    "is_related",
    "judge_called",
    "judge_from",
    "make_run",
    "newest_template",
    "next_version",
    "own_sides",
    "related_ids",
    "was_used",
    "with_own_answers",
    "with_own_sides",
]
