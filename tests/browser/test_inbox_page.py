"""The inbox refreshes itself, and leaves what is open as it is."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.somebody import Somebody, new_number

pytestmark = pytest.mark.browser
SOON = 3000  # milliseconds


@pytest.fixture
def reader(somebody) -> Somebody:
    """Somebody who has the inbox open."""
    reader = somebody()
    reader.open("/inbox")
    return reader


def letter(reader: Somebody, address: str) -> Locator:
    """The letter to `address` on the open page."""
    return reader.page.locator(".letter").filter(has=reader.page.get_by_text(address, exact=True))


def test_a_mail_shows_up_by_itself(reader, somebody):
    ada = somebody()
    ada.ask()
    mine = letter(reader, ada.address)
    expect(mine).to_be_visible(timeout=SOON)
    expect(mine.get_by_role("heading")).to_have_text(f"{ada.code} is your Example sign-in code")
    expect(reader.page.locator(".letter").first).to_contain_text(ada.address)


def test_a_text_message_shows_up_by_itself(reader, somebody):
    ada = somebody(address=new_number())
    ada.ask()
    expect(letter(reader, ada.address).locator(".bubble")).to_contain_text(ada.code, timeout=SOON)


def test_a_mail_shows_its_text_its_html_and_its_source(reader, somebody):
    ada = somebody()
    ada.ask()
    mine = letter(reader, ada.address)
    expect(mine.get_by_label("Text of the mail")).to_contain_text("It works once")
    mine.get_by_text("As HTML").click()
    frame = mine.locator("iframe").content_frame
    expect(frame.get_by_text(ada.code, exact=True)).to_be_visible()
    expect(frame.locator("body")).to_contain_text("Enter it only at")
    mine.get_by_text("Source with headers").click()
    source = mine.get_by_label("Source of the mail")
    expect(source).to_contain_text("Auto-Submitted: auto-generated")
    expect(source).to_contain_text(f"To: {ada.address}")


def test_what_is_open_stays_open_when_a_message_comes(reader, somebody):
    ada, ben = somebody(), somebody()
    ada.ask()
    mine = letter(reader, ada.address)
    mine.get_by_text("Source with headers").click()
    reader.page.evaluate("scrollTo(0, 120)")
    mine.evaluate("letter => { letter.kept = true; }")
    ben.ask()
    expect(letter(reader, ben.address)).to_be_visible(timeout=SOON)
    expect(mine.get_by_label("Source of the mail")).to_be_visible()
    assert mine.evaluate("letter => letter.kept") is True


def test_without_script_the_inbox_reloads_itself(somebody):
    reader, ada = somebody(java_script_enabled=False), somebody()
    reader.open("/inbox")
    ada.ask()
    expect(letter(reader, ada.address)).to_be_visible(timeout=6000)


def test_a_message_is_shown_once_however_long_the_page_is_open(reader, somebody):
    ada = somebody()
    ada.ask()
    expect(letter(reader, ada.address)).to_be_visible(timeout=SOON)
    with reader.page.expect_response("**/inbox"), reader.page.expect_response("**/inbox"):
        pass
    expect(letter(reader, ada.address)).to_have_count(1)
