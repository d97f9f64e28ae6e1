"""A test mail from a page in a browser, through a real mail server, and what the page then says."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.admin_states import admin
from tests.browser.looks import assert_axe_finds_nothing
from tests.browser.site import Site
from tests.browser.somebody import new_number
from tests.helpers.mailbox import Mailbox, mail_at
from tests.helpers.served import served

pytestmark = pytest.mark.browser


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server of this test alone."""
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def site_with_mail(chromium, tmp_path, mailbox) -> Iterator[Site]:
    """A server whose mail really goes out; its text messages stand in the inbox."""
    with served(tmp_path, **mail_at(mailbox.port)) as server:
        yield Site(server.url, tmp_path / "served.sqlite3")


def test_the_mail_arrives_and_the_page_says_so(site_with_mail, mailbox, somebody):
    ada = somebody(at=site_with_mail, address=new_number())
    admin(ada)
    ada.open("/admin/settings/test")
    ada.page.get_by_label("Email address or phone number").fill("dora@example.org")
    ada.press("Send it")
    expect(ada.page.get_by_role("status")).to_have_text("Handed over. Look whether it arrives.")
    assert [mail["To"] for mail in mailbox.mails] == ["dora@example.org"]
    assert_axe_finds_nothing(ada)
