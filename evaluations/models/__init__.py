"""The rows of the arena; the database enforces what must hold."""

from evaluations.models.answers import Answer
from evaluations.models.audits import Audit
from evaluations.models.battles import Battle, BattleTurn, Report, Skip
from evaluations.models.benchmarks import (
    Benchmark,
    BenchmarkItem,
    BenchmarkResult,
    BenchmarkScore,
)
from evaluations.models.connections import ConnectionTest
from evaluations.models.contestants import Contestant, ContestantChange
from evaluations.models.dumps import Dump
from evaluations.models.imports import ImportJob
from evaluations.models.judging import (
    Judge,
    JudgeScore,
    JudgeTemplate,
    JudgeVerdict,
    Reading,
)
from evaluations.models.live import LiveBattle, LiveTurn
from evaluations.models.moderation import Decision, PromptEmbedding, Suggestion
from evaluations.models.prompts import Prompt, PromptSet
from evaluations.models.ratings import Leaderboard, Rating
from evaluations.models.runs import Run, RunItem
from evaluations.models.simulations import Simulation
from evaluations.models.studies import Study
from evaluations.models.tallies import Tally, TallyChange, TallyMark
from evaluations.models.volunteers import Volunteer
from evaluations.models.votes import Vote

__all__ = [
    "Answer",
    "Audit",
    "Battle",
    "BattleTurn",
    "Benchmark",
    "BenchmarkItem",
    "BenchmarkResult",
    "BenchmarkScore",
    "ConnectionTest",
    "Contestant",
    "ContestantChange",
    "Decision",
    "Dump",
    "ImportJob",
    "Judge",
    "JudgeScore",
    "JudgeTemplate",
    "JudgeVerdict",
    "Leaderboard",
    "LiveBattle",
    "LiveTurn",
    "Prompt",
    "PromptEmbedding",
    "PromptSet",
    "Rating",
    "Reading",
    "Report",
    "Run",
    "RunItem",
    "Simulation",
    "Skip",
    "Study",
    "Suggestion",
    "Tally",
    "TallyChange",
    "TallyMark",
    "Volunteer",
    "Vote",
]
