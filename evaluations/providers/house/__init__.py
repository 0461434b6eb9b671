"""House contestants: small programs that answer without any model server."""

from evaluations.providers.house import (
    coder,
    digest,
    explainer,
    librarian,
    penman,
    planner,
    reckoner,
    terse,
)
from evaluations.providers.house.program import Program, Request

PROGRAMS: dict[str, Program] = {
    module.PROGRAM.slug: module.PROGRAM
    for module in (
        librarian,
        reckoner,
        explainer,
        penman,
        digest,
        terse,
        coder,
        planner,
    )
}

__all__ = ["PROGRAMS", "Program", "Request"]
