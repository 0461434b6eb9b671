"""The public programming interface: read only, open to every origin."""

from evaluations.api.judges import router as judges
from evaluations.api.prompts import router as prompts
from evaluations.api.public import api
from evaluations.api.tables import router

# The tables end with the answer to all addresses that are nobody’s.
api.add_router("", judges)
api.add_router("", prompts)
api.add_router("", router)

__all__ = ["api"]
