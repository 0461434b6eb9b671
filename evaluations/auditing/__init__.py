"""How firm the table stands: what only the single votes can tell, in the background."""

from evaluations.auditing.alarms import Alarm, alarm
from evaluations.auditing.reading import read_votes
from evaluations.auditing.report import Report, report
from evaluations.auditing.running import (
    AuditUnderWay,
    design_effects,
    latest,
    run_audit,
    run_due_audit,
)

__all__ = [
    "Alarm",
    "AuditUnderWay",
    "Report",
    "alarm",
    "design_effects",
    "latest",
    "read_votes",
    "report",
    "run_audit",
    "run_due_audit",
]
