"""How firm the table stands: what only the single votes can tell, in the background."""

from evaluations.auditing.alarms import Alarm, alarm
from evaluations.auditing.reading import read_votes
from evaluations.auditing.report import Report, SwapLine, leader_swap, report, swaps_of
from evaluations.auditing.running import (
    AuditUnderWay,
    latest,
    run_audit,
    run_due_audit,
)

__all__ = [
    "Alarm",
    "AuditUnderWay",
    "Report",
    "SwapLine",
    "alarm",
    "latest",
    "leader_swap",
    "read_votes",
    "report",
    "run_audit",
    "run_due_audit",
    "swaps_of",
]
