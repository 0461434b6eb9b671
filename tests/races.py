"""Two connections at once, one of which is in the midst of something."""

import threading
from collections.abc import Callable

from django.db import connection, transaction

from tests.live import wait_until


def in_thread(work: Callable[[], object]) -> threading.Thread:
    """Begin it in a thread with a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def someone_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def while_held(hold: Callable[[], object], act: Callable[[], object]) -> None:
    """Do the one thing in the midst of a transaction that has done the other."""
    held, tried = threading.Event(), threading.Event()

    def hold_on() -> None:
        with transaction.atomic():
            hold()
            held.set()
            tried.wait(10)

    holder = in_thread(hold_on)
    held.wait(10)
    actor = in_thread(act)
    wait_until(lambda: someone_waits() or not actor.is_alive(), pause=0.01)
    tried.set()
    for thread in (holder, actor):
        thread.join()
