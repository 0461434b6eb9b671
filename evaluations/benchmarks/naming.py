"""Which contestant is meant by a name that is used elsewhere: suggestions only."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from evaluations.models import Contestant

_BETWEEN: Final = re.compile(r"[\W_]+")
# What a model hub adds to the names of weights in its own format.
_ENDINGS: Final = {"hf"}


def normalised(name: str) -> str:
    """GPT-3.5 Turbo, gpt_3.5_turbo → gpt-3-5-turbo: marks part words, as in slugs."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return _BETWEEN.sub("-", folded).strip("-")


def _words(name: str) -> str:
    """llama-2-7b-chat-hf, LLaMA-2-Chat (7B) → 2 7b chat llama: in any order."""
    return " ".join(sorted({*normalised(name).split("-")} - _ENDINGS))


class Names:
    """The names that contestants go by: their own, those of an interface, then their
    words in another order.
    """

    def __init__(self, contestants: Iterable[Contestant]) -> None:
        own: dict[str, set[int]] = defaultdict(set)
        lent: dict[str, set[int]] = defaultdict(set)
        turned: dict[str, set[int]] = defaultdict(set)
        for contestant in contestants:
            for name in (contestant.slug, contestant.name, *contestant.aliases):
                own[normalised(name)].add(contestant.pk)
                turned[_words(name)].add(contestant.pk)
            # An interface calls a model maker/model; a table, mostly, by the latter.
            for name in (contestant.api_model, *contestant.aliases):
                lent[normalised(name)].add(contestant.pk)
                lent[normalised(name.rpartition("/")[2])].add(contestant.pk)
        self._kinds = ((normalised, own), (normalised, lent), (_words, turned))

    @classmethod
    def known(cls) -> "Names":
        """Those of all that can be meant, in one query; not of judges' connections."""
        players = Contestant.objects.filter(judge_only=False)
        return cls(players.only("slug", "name", "aliases", "api_model"))

    def meant_by(self, name: str) -> int | None:
        """The key of the one contestant of that name; None where none or several."""
        for spelt, kind in self._kinds:
            sought = spelt(name)
            if sought and (found := kind.get(sought)):
                return next(iter(found)) if len(found) == 1 else None
        return None
