from django.urls import URLPattern, URLResolver, path

from evaluations.api import api
from evaluations.views import (
    about,
    consent,
    contestant,
    data,
    health,
    home,
    judge,
    leaderboard,
    me,
    privacy,
    votes,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.show, name="home"),
    path("judge", judge.judge, name="judge"),
    path("judge/pause", judge.judge_pause, name="judge_pause"),
    path("judge/<uuid:battle_id>", judge.judge_battle, name="judge_battle"),
    path("judge/<uuid:battle_id>/vote", votes.vote, name="vote"),
    path("judge/<uuid:battle_id>/undo", votes.undo, name="undo"),
    path("judge/<uuid:battle_id>/reasons", votes.reasons, name="reasons"),
    path("judge/<uuid:battle_id>/skip", votes.skip_battle, name="skip"),
    path("judge/<uuid:battle_id>/report", votes.report_battle, name="report"),
    path("consent", consent.consent, name="consent"),
    path("me", me.me, name="me"),
    path("me/votes/<uuid:vote_id>/withdraw", me.withdraw, name="withdraw"),
    path("leaderboard", leaderboard.show, name="leaderboard"),
    path("models/<slug:slug>", contestant.show, name="contestant"),
    path("data", data.show, name="data"),
    path("data/<slug:version>/<path:name>", data.download, name="dump_file"),
    path("about", about.show, name="about"),
    path("privacy", privacy.show, name="privacy"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", api.urls),
]
