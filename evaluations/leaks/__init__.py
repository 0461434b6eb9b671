"""Does an answer tell who wrote it? Looks at assistant text only, never at prompts."""

from evaluations.leaks.registry import Leak, Registry
from evaluations.leaks.watch import Watch

__all__ = ["Leak", "Registry", "Watch"]
