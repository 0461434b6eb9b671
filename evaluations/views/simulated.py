"""What every page is given, so that made-up votes are never taken for real ones."""

from django.http import HttpRequest

from evaluations.models import Simulation
from evaluations.simulated import simulation_if_known


def simulation(request: HttpRequest) -> dict[str, Simulation | None]:
    """A context processor: the mark of a simulation's database, else None."""
    return {"simulation": simulation_if_known()}
