"""Models as judges: fill a template, ask in both orders, read the reply strictly."""

from evaluations.judging.orders import (
    INCONSISTENT,
    POSITION,
    BothOrders,
    both_orders,
    in_terms_of_sides,
)
from evaluations.judging.own import (
    is_related,
    own_sides,
    related_ids,
)
from evaluations.judging.pairs import Judging
from evaluations.judging.preparing import (
    MOST_BATTLES,
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
    "MOST_BATTLES",
    "POSITION",
    "SCORING",
    "BothOrders",
    "JudgingRefused",
    "both_orders",
    "check_template",
    "in_terms_of_sides",
    "is_related",
    "judge_called",
    "judge_from",
    "make_run",
    "newest_template",
    "next_version",
    "own_sides",
    "related_ids",
    "was_used",
]
