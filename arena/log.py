import logging
import time


class UtcFormatter(logging.Formatter):
    """Log lines in UTC, whatever the clock of the machine shows."""

    converter = time.gmtime
    default_msec_format = "%s.%03d"
