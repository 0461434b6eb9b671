import threading
from collections import Counter
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection, transaction
from django.utils import timezone

from evaluations import leaderboard, voting
from evaluations.models import Audit, Leaderboard, Tally, TallyChange, TallyMark, Vote
from tests.factories import (
    make_battle,
    make_contestant,
    make_prompt,
    make_visitor,
    vote_for,
)
from tests.test_voting import let_window_pass
from tests.views.tables import publish_table


def count_votes(battle, verdicts):
    """Cast and settle votes; the first contestant is the one shown left."""
    for verdict in verdicts:
        let_window_pass(vote_for(battle, verdict))
    voting.settle_votes()


Cell = tuple[str, int, int, str]


def tallies() -> dict[Cell, tuple[int, ...]]:
    rows = Tally.objects.filter(count__gt=0)
    return {
        (row.slice, row.first_id, row.second_id, row.outcome): (
            row.count,
            *row.style_sums,
            *row.style_products,
        )
        for row in rows
    }


def recount() -> dict[Cell, tuple[int, ...]]:
    """The tallies once more, straight from the ledger, by other means."""
    counted: dict[Cell, Counter[int]] = {}
    standing = Vote.objects.counted().filter(battle__withdrawn_at=None)
    for vote in standing.select_related("battle__prompt__prompt_set"):
        sides = vote.battle.contestant_x_id, vote.battle.contestant_y_id
        first, second = sides if vote.left == "x" else sides[::-1]
        form = vote.style or [0, 0, 0, 0]
        products = [a * b for n, a in enumerate(form) for b in form[n:]]
        prompt = vote.battle.prompt
        slices = {"all", f"language:{prompt.language}"}
        slices |= {f"category:{name}" for name in prompt.categories}
        slices.add(f"set:{prompt.prompt_set.slug}")
        for name in slices:
            cell = counted.setdefault((name, first, second, vote.verdict), Counter())
            cell.update(dict(enumerate([1, *form, *products])))
    return {cell: tuple(sums[n] for n in range(15)) for cell, sums in counted.items()}


def overall() -> int:
    return sum(sums[0] for cell, sums in tallies().items() if cell[0] == "all")


@pytest.mark.django_db(transaction=True)
def test_tallies_equal_a_recount_after_votes_flags_and_withdrawals():
    battle, visitor = make_battle(), make_visitor()
    withdrawn = vote_for(battle, visitor=visitor)
    let_window_pass(withdrawn)
    count_votes(battle, ["a", "b", "tie", "both_bad", "a"])
    leaderboard.roll_up()

    voting.withdraw_vote(visitor=visitor, vote_id=withdrawn.public_id)
    voting.flag_vote(vote=Vote.objects.counted().first(), rule="r", reason="s")
    leaderboard.roll_up()

    assert tallies() == recount()
    assert overall() == 4


@pytest.mark.django_db(transaction=True)
def test_rolling_up_twice_takes_nothing_twice():
    count_votes(make_battle(), ["a", "a"])

    assert leaderboard.roll_up() == 2
    assert leaderboard.roll_up() == 0

    assert tallies() == recount()


@pytest.mark.django_db(transaction=True)
def test_a_slow_transaction_is_not_skipped():
    battle = make_battle()
    slow, quick = vote_for(battle, "a"), vote_for(battle, "b")
    written, may_commit = threading.Event(), threading.Event()

    def settle_slowly():
        with transaction.atomic():
            let_window_pass(slow)
            voting.settle_votes()
            written.set()
            may_commit.wait(10)
        connection.close()

    thread = threading.Thread(target=settle_slowly)
    thread.start()
    written.wait(10)
    let_window_pass(quick)
    voting.settle_votes()
    early = leaderboard.roll_up()
    may_commit.set()
    thread.join()
    late = leaderboard.roll_up()

    # The quick one has a later transaction than the slow one, so it waits as well.
    assert (early, late) == (0, 2)
    assert tallies() == recount()


@pytest.mark.django_db(transaction=True)
def test_rebuilding_gives_the_same_tallies():
    count_votes(make_battle(), ["a", "b", "tie"])
    leaderboard.roll_up()
    before = tallies()

    leaderboard.rebuild_tallies()
    count_votes(make_battle(), ["a"])
    leaderboard.roll_up()

    assert before.items() <= tallies().items()
    assert tallies() == recount()


@pytest.mark.django_db(transaction=True)
def test_a_restored_database_is_counted_anew():
    count_votes(make_battle(), ["a", "b"])
    leaderboard.roll_up()
    TallyMark.objects.update(transaction=2**60)
    TallyChange.objects.update(transaction=2**60)
    count_votes(make_battle(), ["tie"])

    leaderboard.roll_up()

    assert tallies() == recount()


@pytest.mark.django_db(transaction=True)
def test_a_table_is_published_when_votes_came_and_only_then():
    assert leaderboard.publish() is None
    count_votes(make_battle(), ["a", "a", "b"])

    published = leaderboard.publish()

    assert published is not None
    assert published.votes == 3
    assert published.volunteers == 3
    assert published.ratings.count() == 2
    assert leaderboard.publish() is None
    assert leaderboard.latest() == Leaderboard.objects.get(adjustment="")


@pytest.mark.django_db(transaction=True)
def test_the_winner_stands_above_the_loser():
    winner, loser = make_contestant(), make_contestant()
    for _ in range(4):
        battle = make_battle(winner, loser)
        visitor = make_visitor()
        left = voting.left_side(token=visitor.token, battle_id=battle.public_id)
        vote = vote_for(battle, "a" if left == "x" else "b", visitor=visitor)
        let_window_pass(vote)
    voting.settle_votes()

    group = leaderboard.groups(leaderboard=leaderboard.publish())[0]

    lines = [(row.contestant, row.rating.wins) for row in group.provisional]
    assert lines == [(winner, 4), (loser, 0)]
    assert group.rows == []
    above, below = (row.rating for row in group.provisional)
    outlook = leaderboard.expected(rating=above, opponent=below)
    assert outlook.win > outlook.tie > outlook.loss


@pytest.mark.django_db(transaction=True)
def test_groups_that_no_vote_connects_stand_apart():
    first, second = make_battle(), make_battle()
    count_votes(first, ["a", "a"])
    count_votes(second, ["b"])
    lonely = make_contestant()

    published = leaderboard.publish()
    groups = leaderboard.groups(leaderboard=published)

    assert [group.number for group in groups] == [1, 2]
    assert {row.contestant_id for row in published.ratings.all()} == {
        first.contestant_x_id,
        first.contestant_y_id,
        second.contestant_x_id,
        second.contestant_y_id,
    }
    assert lonely in leaderboard.unrated(leaderboard=published)


@pytest.mark.django_db
def test_of_past_hours_and_days_the_last_table_stays():
    def published(moment, name="all"):
        table = publish_table(slice=name)
        Leaderboard.objects.filter(pk=table.pk).update(published_at=moment)
        return table

    def ago(hour, minute):
        """So long after an hour of half a day ago."""
        start = timezone.now().replace(minute=0, second=0) - timedelta(hours=12)
        return start + timedelta(hours=hour, minutes=minute)

    published("2026-01-01T08:00Z")
    kept = [published("2026-01-01T20:00Z"), published("2026-01-02T07:00Z")]
    kept.append(published("2026-01-02T06:00Z", "language:en"))
    published(ago(0, 5))
    kept += [published(ago(0, 50)), published(ago(1, 10))]
    kept += [published(timezone.now()) for _ in range(2)]

    assert leaderboard.thin_out() == 2

    assert set(Leaderboard.objects.all()) == set(kept)


def measured(answer, **style):
    answer.style = {"tokens": 10, "headings": 0, "list_items": 0, "bold": 0} | style
    answer.save()


@pytest.mark.django_db(transaction=True)
def test_a_vote_says_how_the_answers_differed_in_form_as_they_were_shown():
    battle = make_battle()
    turn = battle.turns.get()
    measured(turn.answer_x, tokens=300, bold=1)
    measured(turn.answer_y, tokens=100, headings=2)

    votes = [vote_for(battle) for _ in range(12)]

    as_shown = {"x": [500, -1000, 0, 1000], "y": [-500, 1000, 0, -1000]}
    found = {vote.left: Vote.objects.get(pk=vote.pk).style for vote in votes}
    assert found == as_shown


@pytest.mark.django_db(transaction=True)
def test_answers_that_were_never_measured_count_as_alike():
    battle = make_battle()
    measured(battle.turns.get().answer_x)

    count_votes(battle, ["a"])
    leaderboard.roll_up()

    assert Vote.objects.get().style is None
    assert tallies() == recount()


@pytest.mark.django_db(transaction=True)
def test_votes_count_in_their_language_and_in_each_category_once():
    prompt = make_prompt(language="de", categories=["coding", "coding", "writing"])
    battle = make_battle(prompt=prompt)
    measured(battle.turns.get().answer_x, tokens=30)
    measured(battle.turns.get().answer_y)
    withdrawn = vote_for(battle, visitor=(visitor := make_visitor()))
    let_window_pass(withdrawn)
    count_votes(battle, ["a", "tie"])
    leaderboard.roll_up()
    voting.withdraw_vote(visitor=visitor, vote_id=withdrawn.public_id)

    leaderboard.roll_up()

    slices = {cell[0] for cell in tallies()}
    kinds = {"language:de", "category:coding", "category:writing", "set:made"}
    assert slices == {"all", *kinds}
    assert tallies() == recount()
    leaderboard.rebuild_tallies()
    assert tallies() == recount()


@pytest.mark.django_db(transaction=True)
def test_each_slice_and_size_class_has_a_table_of_its_own():
    small, tiny = (make_contestant(parameters_b=b, provider="openai") for b in (2, 3))
    large = make_contestant(parameters_b=70, provider="openai")
    german = make_prompt(language="de", categories=["coding"])
    count_votes(make_battle(small, large, german), ["a", "a", "tie"])
    count_votes(make_battle(small, tiny), ["a", "b"])

    leaderboard.publish_slices()

    plain = Leaderboard.objects.filter(adjustment="")
    votes = {table.slice: table.votes for table in plain}
    assert votes == {
        "all": 5,
        "language:de": 3,
        "language:en": 2,
        "category:coding": 3,
        "category:mathematics": 2,
        "set:made": 5,
        "size:phone": 5,
    }
    of_size = leaderboard.latest("size:phone").ratings.all()
    assert {line.contestant for line in of_size} == {small, tiny}
    assert {line.rank_high for line in of_size} == {2}
    assert leaderboard.publish_slices() == 0


@pytest.mark.django_db(transaction=True)
def test_each_set_of_questions_has_a_table_of_its_own():
    x, y = make_contestant(), make_contestant()
    longest = "k" * 80
    count_votes(make_battle(x, y, make_prompt(set=longest)), ["a", "tie", "b"])
    count_votes(make_battle(x, y), ["a", "a"])

    leaderboard.publish_slices(careful=True)

    for slug, votes in ((longest, 3), ("made", 2)):
        for adjustment in ("", "style"):
            table = leaderboard.latest(f"set:{slug}", adjustment)
            assert table.votes == votes
            assert leaderboard.verify(f"set:{slug}", adjustment) == []


@pytest.mark.django_db(transaction=True)
def test_votes_from_before_sets_had_slices_are_counted_anew():
    count_votes(make_battle(prompt=make_prompt(set="koala")), ["a", "b"])
    leaderboard.roll_up()
    Tally.objects.filter(slice="set:koala").delete()
    migration = import_module("evaluations.migrations.0014_slices_of_sets")
    with connection.cursor() as cursor:
        cursor.execute(migration.COUNT_ANEW)

    leaderboard.roll_up()

    assert {cell[0] for cell in tallies()} >= {"all", "set:koala"}
    assert tallies() == recount()
    count_votes(make_battle(prompt=make_prompt(set="koala")), ["a"])
    assert leaderboard.roll_up() == 1
    assert tallies() == recount()


@pytest.mark.django_db(transaction=True)
def test_a_category_that_lost_its_votes_has_no_table_any_more():
    prompt = make_prompt(categories=["riddles"])
    count_votes(make_battle(prompt=prompt), ["a", "b"])
    leaderboard.publish_slices(careful=True)
    prompt.categories = ["puzzles"]
    prompt.save()
    leaderboard.count_again(prompt=prompt)

    leaderboard.publish_slices(careful=True)

    names = {name for name, _ in leaderboard.tables()}
    assert names == {"all", "language:en", "category:puzzles", "set:made"}
    assert leaderboard.publish_slices(careful=True) == 0


@pytest.mark.django_db(transaction=True)
def test_contestants_with_long_numbers_are_rated_like_any_other():
    x, y = (make_contestant(pk=pk) for pk in (2**55 + 1, 2**55 + 2))
    count_votes(make_battle(x, y), ["a", "b", "tie"])

    lines = leaderboard.publish().ratings.all()

    assert {line.contestant_id: line.votes for line in lines} == {x.pk: 3, y.pk: 3}


@pytest.mark.django_db(transaction=True)
def test_a_table_that_came_quickly_gets_careful_rank_ranges_later():
    count_votes(make_battle(), ["a", "a", "b"])
    quick = leaderboard.publish()

    leaderboard.publish_slices(careful=True)
    careful = leaderboard.latest()
    count_votes(make_battle(), ["a"])
    leaderboard.publish()
    with_others = leaderboard.latest()

    assert quick.parameters["rank_ranges"] == "bonferroni"
    assert careful.parameters["rank_ranges"] == "max-t step-down"
    assert careful.digest == quick.digest
    # Its bounds were made for other groups.
    assert with_others.parameters["rank_ranges"] == "bonferroni"


@pytest.mark.django_db(transaction=True)
def test_a_few_more_votes_take_the_careful_bound_over():
    battle = make_battle()
    count_votes(battle, ["a", "a", "b"])
    leaderboard.publish_slices(careful=True)
    before = leaderboard.latest().parameters

    count_votes(battle, ["tie"])
    after = leaderboard.publish().parameters
    count_votes(battle, ["a", "b"])
    outgrown = leaderboard.publish().parameters

    assert after["rank_bounds"] == before["rank_bounds"]
    assert (after["rank_ranges"], after["rank_bound_votes"]) == ("max-t step-down", 3)
    assert (outgrown["rank_ranges"], outgrown["rank_bound_votes"]) == ("bonferroni", 6)


@pytest.mark.django_db(transaction=True)
def test_style_control_holds_length_equal():
    brief, wordy = make_contestant(), make_contestant()
    for tokens in (10, 20, 40, 80):
        # The longer answer wins, whoever wrote it.
        for own, other, wins in ((tokens, 30, tokens > 30), (30, tokens, tokens < 30)):
            battle = make_battle(brief, wordy)
            turn = battle.turns.get()
            measured(turn.answer_x, tokens=own)
            measured(turn.answer_y, tokens=other)
            for _ in range(4):
                visitor = make_visitor()
                left = voting.left_side(token=visitor.token, battle_id=battle.public_id)
                longer = "a" if wins == (left == "x") else "b"
                let_window_pass(vote_for(battle, longer, visitor=visitor))
    voting.settle_votes()

    leaderboard.publish()

    table = leaderboard.latest("all", "style")
    length, *_, position = table.coefficients
    assert table.method == "contextual-bradley-terry"
    assert (length["name"], position["name"]) == ("length", "position")
    assert 0 < length["low"] < length["elo"] < length["high"]
    assert position["low"] < 0 < position["high"]
    assert table.votes == leaderboard.latest().votes == 32


@pytest.mark.django_db(transaction=True)
def test_every_figure_of_a_table_comes_out_again():
    small, tiny = (make_contestant(parameters_b=b, provider="openai") for b in (2, 3))
    for battle in (make_battle(small, tiny), make_battle(), make_battle(tiny, small)):
        measured(battle.turns.get().answer_x, tokens=30)
        measured(battle.turns.get().answer_y)
        count_votes(battle, ["a", "b", "tie", "a", "both_bad"])
    leaderboard.publish_slices(careful=True)

    tables = leaderboard.tables()

    assert {("size:phone", ""), ("all", "style"), ("language:en", "style")} < set(
        tables
    )
    assert [leaderboard.verify(*table) for table in tables] == [[]] * len(tables)
    leaderboard.latest().ratings.filter(contestant=small).update(rank_low=9)
    wrong = f"{small.slug}: rank_low is 1, published was 9."
    assert leaderboard.verify() == [wrong]


@pytest.mark.django_db(transaction=True)
def test_a_table_takes_the_newest_audit_in():
    battle = make_battle()
    count_votes(battle, ["a", "b", "tie", "a"])
    leaderboard.publish()
    before = {line.contestant_id: line for line in leaderboard.latest().ratings.all()}
    slug = battle.contestant_x.slug
    audit = Audit.objects.create(
        method="m",
        parameters={},
        watermark=1,
        code_version="v",
        digest="d",
        votes=4,
        volunteers=4,
        results={"effects": {slug: 4.0}, "pooled_effect": 4.0},
        started_at=timezone.now(),
    )

    leaderboard.publish_slices()

    table = leaderboard.latest()
    assert table.parameters["audit"] == audit.pk
    for line in table.ratings.all():
        assert line.design_effect == 4
        narrow = before[line.contestant_id].standard_error
        assert line.standard_error == pytest.approx(2 * narrow)
    assert leaderboard.verify() == []


@pytest.mark.django_db(transaction=True)
def test_tallies_that_moved_on_are_not_taken_for_an_error_of_the_table():
    count_votes(make_battle(), ["a", "b"])
    leaderboard.publish()
    count_votes(make_battle(), ["a"])
    leaderboard.roll_up()

    (sentence,) = leaderboard.verify()

    assert "have changed since" in sentence
    assert leaderboard.verify("category:none") == ["There is no such table."]


@pytest.mark.django_db(transaction=True)
def test_a_table_of_former_code_is_published_anew_and_never_verified():
    count_votes(make_battle(), ["a", "b"])
    former = leaderboard.publish()
    del former.parameters["audit"], former.parameters["group_sizes"]
    former.save()

    (sentence,) = leaderboard.verify()
    assert "former code" in sentence
    leaderboard.publish_slices()

    assert leaderboard.latest().pk > former.pk
    assert leaderboard.verify() == []


@pytest.mark.django_db(transaction=True)
def test_a_vote_about_to_count_has_all_counted_again_as_well():
    battle = make_battle()
    assert not leaderboard.count_again(prompt=battle.prompt)
    vote_for(battle)

    # It may be noted under the former category at this very moment.
    assert leaderboard.count_again(prompt=battle.prompt)
