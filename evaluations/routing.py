from typing import Any, cast

from channels.routing import URLRouter
from django.urls import path, re_path

from evaluations import consumers

websockets = URLRouter(
    [
        path("ws/battle/<uuid:battle_id>/", cast(Any, consumers.battle)),
        path("ws/leaderboard/", cast(Any, consumers.news)),
        re_path("", cast(Any, consumers.nothing)),
    ]
)
