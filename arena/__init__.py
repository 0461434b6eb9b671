"""How the arena runs: settings, doors, processes and local services."""

# Tasks that a web process enqueues go to this app's broker, so it is made early.
from arena.celery import app as celery_app

__all__ = ["celery_app"]
