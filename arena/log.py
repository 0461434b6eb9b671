import logging
import time


class UtcFormatter(logging.Formatter):
    """Log lines in UTC, whatever the clock of the machine shows."""

    converter = staticmethod(time.gmtime)
    default_msec_format = "%s.%03d"


def is_no_readiness_probe(record: logging.LogRecord) -> bool:
    """Leave out that the arena is not ready yet: whoever asks is told so already."""
    return getattr(getattr(record, "request", None), "path", "") != "/readyz"


def without_clients_traceback(record: logging.LogRecord) -> bool:
    """Leave out the traceback where it was the client that sent broken text."""
    error = record.exc_info and record.exc_info[1]
    if isinstance(error, UnicodeDecodeError) and "from client" in str(record.msg):
        record.exc_info = None
    return True
