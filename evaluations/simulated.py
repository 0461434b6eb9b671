"""Is this database a simulation's? Its votes are nobody's, and all it shows says so."""

from django.db import DatabaseError, connection

from evaluations.models import Simulation

REFUSAL = "This database holds a simulation: it takes no real data and no real votes."

# A database is marked before anything else is written to it, and for ever.
_known: dict[str, Simulation | None] = {}


def simulation() -> Simulation | None:
    """The mark of the database in use; asked for once by each process."""
    name = connection.settings_dict["NAME"]
    if name not in _known:
        _known[name] = Simulation.objects.first()
    return _known[name]


def simulation_if_known() -> Simulation | None:
    """The same for pages that also show while the database is away."""
    try:
        return simulation()
    except DatabaseError:
        return None


def forget() -> None:
    """Ask again: the database has been marked, or another is in use."""
    _known.clear()
