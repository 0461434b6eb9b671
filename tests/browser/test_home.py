"""The first page in a browser: a pair to judge, and the consent over it."""

import pytest
from playwright.sync_api import expect

from evaluations.models import Vote
from tests.browser.reading import first_page

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_vote_leads_through_the_consent_to_the_reveal(open_page):
    page = open_page()
    first_page(page)

    page.get_by_role("button", name="A is better").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Start judging").click()

    page.wait_for_url("**/judge/*")
    expect(page.locator("[data-outcome]")).to_contain_text("You preferred")
    assert Vote.objects.get().verdict == "a"


def test_who_does_not_agree_stays_and_nothing_is_kept(open_page):
    page = open_page()
    first_page(page)

    page.get_by_role("button", name="A is better").click()
    page.get_by_role("button", name="Just look around").click()

    expect(page.get_by_role("dialog")).to_be_hidden()
    assert not Vote.objects.exists()


def test_a_second_vote_needs_no_second_consent(open_page):
    page = open_page()
    first_page(page)
    page.goto("/consent")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Start judging").click()
    page.goto("/")

    page.get_by_role("button", name="Tie").click()

    page.wait_for_selector("[data-outcome]")
    assert Vote.objects.get().verdict == "tie"


def test_the_bar_never_hides_the_end_of_an_answer(open_page):
    page = open_page(viewport={"width": 1280, "height": 600})
    first_page(page)

    answers = page.locator(".answers")
    answers.evaluate(
        "e => scrollTo(0, scrollY + e.getBoundingClientRect().bottom - 470)"
    )

    bar = page.locator(".votebar").bounding_box()
    box = answers.bounding_box()
    assert box["y"] + box["height"] <= bar["y"] + 1
