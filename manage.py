#!/usr/bin/env python
"""The command line of the arena: `python manage.py help`."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - it is typed with any Python
    sys.exit("Open Arena needs Python 3.11 or newer.")

from django.core.management import execute_from_command_line

from arena.local.command import services_for


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arena.settings")
    # Of matrices as small as a rating table's, threads only wait for each other; and
    # with one the same votes give the same table, bit by bit.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with services_for(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
