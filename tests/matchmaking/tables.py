"""Published tables for draws, made with as few words as a test needs."""

from evaluations.models import Leaderboard, Rating


def publish(ratings, votes=100) -> Leaderboard:
    """A table with these (contestant, rating, standard error, group)."""
    table = Leaderboard.objects.create(
        **{"method": "made", "parameters": {}, "watermark": 0, "votes": votes},
        **{"code_version": "", "digest": "", "volunteers": 1},
    )
    for contestant, rating, error, group in ratings:
        Rating.objects.create(
            **{"leaderboard": table, "contestant": contestant, "group": group},
            **{"rating": rating, "rating_low": 0, "rating_high": 0},
            **{"standard_error": error, "rank_low": 1, "rank_high": 1, "votes": votes},
            **dict.fromkeys(("wins", "losses", "ties", "both_bad"), 0),
            provisional=False,
        )
    return table
