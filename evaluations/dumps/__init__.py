"""Published data: built by a worker into files, downloaded by anyone, verifiable."""

from evaluations.dumps.building import build_dump
from evaluations.dumps.folders import folder_of
from evaluations.dumps.requesting import (
    DumpUnderWay,
    build_due_dump,
    cancel_dump,
    publish_dump,
    request_dump,
    withdraw_dump,
)
from evaluations.dumps.verification import DumpBroken, Verified, verify

__all__ = [
    "DumpBroken",
    "DumpUnderWay",
    "Verified",
    "build_due_dump",
    "build_dump",
    "cancel_dump",
    "folder_of",
    "publish_dump",
    "request_dump",
    "verify",
    "withdraw_dump",
]
