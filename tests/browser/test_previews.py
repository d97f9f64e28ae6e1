"""The HTML of a message stands in a frame that asks as an admin, has its style and runs nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.settings_states import messages

pytestmark = pytest.mark.browser


def test_the_frame_shows_the_mail_in_its_own_style_and_without_power(somebody):
    ada = somebody()
    messages(ada)
    frame = ada.page.frame_locator("iframe").first
    code = frame.get_by_text("123456", exact=True).last
    expect(code).to_be_visible()
    expect(code).to_have_css("font-size", "32px")
    inside = ada.page.frames[1]
    assert inside.url.endswith("/admin/settings/messages/1/html")
    assert ada.page.evaluate("document.querySelector('iframe').contentDocument") is None
