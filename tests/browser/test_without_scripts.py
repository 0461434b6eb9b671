"""The whole way in a real browser that runs no script (UX J19, J20)."""

from playwright.sync_api import expect

from evaluations.models import Vote
from tests.browser.scenes import make_pair


def test_consent_vote_reasons_undo_and_next_work_without_scripts(open_page):
    for number in range(2):
        make_pair(number=number)
    page = open_page(java_script_enabled=False, tolerating="403 (Forbidden)")
    page.goto("/judge")
    first = page.url

    page.get_by_role("button", name="A is better").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Agree and cast my vote").click()
    expect(page.locator(".who")).to_contain_text("You preferred")
    assert page.url == first

    page.get_by_role("checkbox", name="Clearer").check(force=True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("checkbox", name="Clearer")).to_be_checked()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Tie").click()
    expect(page.locator(".who")).to_contain_text("You called it a tie")
    page.get_by_role("link", name="Next pair").click()
    expect(page.get_by_role("button", name="Both bad")).to_be_enabled()
    assert page.url != first
    page.go_back()

    expect(page.locator(".who")).to_contain_text("You called it a tie")
    assert Vote.objects.standing().get().verdict == "tie"


def test_nothing_that_needs_scripts_is_shown(open_page):
    make_pair()
    page = open_page(java_script_enabled=False)
    page.goto("/judge")

    expect(page.get_by_role("switch")).to_have_count(0)
    expect(page.get_by_role("button", name="Copy answer A")).to_be_hidden()
    expect(page.get_by_role("button", name="Switch between")).to_be_hidden()
    expect(page.locator(".keys")).to_be_hidden()
