from django.apps import AppConfig
from django.core.checks import register

from evaluations.checks import CHECKS


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for check in CHECKS:
            register(check)
