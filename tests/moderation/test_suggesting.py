import pytest

from evaluations import moderation
from evaluations.live import pooling
from evaluations.models import Prompt
from evaluations.voting import BadVote, ConsentNeeded
from tests.factories import make_visitor

pytestmark = pytest.mark.django_db


def suggest(visitor, text: str = "Why is the sky blue?") -> Prompt:
    return moderation.suggest(
        visitor=visitor, text=text, language="en", category="knowledge"
    )


def test_a_suggestion_waits_for_approval():
    visitor = make_visitor()

    prompt = suggest(visitor, " Why?\r\nAnd how? \0")

    assert prompt.turns == ["Why?\nAnd how?"]
    assert (prompt.origin, prompt.state) == ("volunteer", "pending")
    assert prompt.prompt_set.licence == "CC BY 4.0"
    assert prompt.suggestion.volunteer == visitor.volunteer
    assert list(pooling.waiting()) == [prompt]


def test_nobody_suggests_without_consent():
    with pytest.raises(ConsentNeeded):
        suggest(make_visitor(consented=False))


@pytest.mark.parametrize(
    ("text", "refusal"),
    [(" \n", BadVote), ("x" * (moderation.LONGEST + 1), moderation.TooLong)],
)
def test_what_is_empty_or_too_long_is_refused(text, refusal):
    with pytest.raises(refusal):
        suggest(make_visitor(), text)

    assert not Prompt.objects.exists()


def test_one_volunteer_suggests_so_many_a_day(settings):
    settings.ARENA_SUGGESTIONS_PER_DAY = 2
    visitor = make_visitor()
    suggest(visitor, "One?")
    suggest(visitor, "Two?")

    with pytest.raises(moderation.TooManySuggestions):
        suggest(visitor, "Three?")

    assert suggest(make_visitor(), "Three?")


def test_the_same_words_come_in_once():
    suggest(make_visitor())

    with pytest.raises(moderation.AlreadySuggested):
        suggest(make_visitor())

    assert Prompt.objects.count() == 1


def test_a_suggestion_is_taken_back_while_it_waits():
    visitor = make_visitor()
    prompt = suggest(visitor)

    with pytest.raises(moderation.SuggestionUnknown):
        moderation.take_back(visitor=make_visitor(), prompt_id=prompt.public_id)
    with pytest.raises(moderation.SuggestionUnknown):
        moderation.take_back(
            visitor=make_visitor(consented=False), prompt_id=prompt.public_id
        )
    moderation.take_back(visitor=visitor, prompt_id=prompt.public_id)

    assert not Prompt.objects.exists()


def test_what_is_approved_is_not_taken_back():
    visitor = make_visitor()
    prompt = suggest(visitor)
    pooling.approve(prompts=Prompt.objects.all())

    with pytest.raises(moderation.SuggestionUnknown):
        moderation.take_back(visitor=visitor, prompt_id=prompt.public_id)
