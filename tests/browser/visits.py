"""Ways through the arena that several tests begin with."""

from playwright.sync_api import Page


def agree(page: Page) -> None:
    """Consent, and be on the first pair."""
    page.goto("/consent")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Start judging").click()
    page.wait_for_url("**/judge/*")
