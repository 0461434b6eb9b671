"""The arena's own programs, asked in this process without any network."""

import re

import httpx2

from evaluations.providers.answer import GrowingAnswer
from evaluations.providers.base import (
    Cancelled,
    Completion,
    Connection,
    OnText,
    ProviderError,
    Request,
    never,
)
from evaluations.providers.house import PROGRAMS
from evaluations.providers.watch import Watch

# A few words with the space after them, as a model's tokens come in small groups.
_PIECES = re.compile(r"\s*(?:\S+\s*){1,4}")


class HousePrograms:
    def stream(
        self,
        connection: Connection,
        request: Request,
        *,
        client: httpx2.Client,
        on_text: OnText | None = None,
        cancelled: Cancelled = never,
    ) -> Completion:
        """Run the program that the API model names."""
        program = PROGRAMS.get(connection.api_model)
        if program is None:
            raise ProviderError(
                "http",
                "There is no house program of this name; choose one of "
                f"{', '.join(sorted(PROGRAMS))}.",
                status=404,
                permanent=True,
            )
        watch = Watch(request.timeouts, cancelled)
        answer = GrowingAnswer(request, watch, on_text)
        answer.name_model(program.slug)
        for piece in _PIECES.findall(program.answer(request.messages)):
            watch.check()
            answer.add_text(piece)
        answer.finish("stop")
        return answer.completion()
