"""The public programming interface: read only, open to every origin."""

from evaluations.api.public import api
from evaluations.api.tables import router

api.add_router("", router)

__all__ = ["api"]
