"""On a phone that can, the code of a text message fills itself in (WebOTP)."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.somebody import Somebody, new_number

pytestmark = pytest.mark.browser

# A browser that has the interface; `hand(code)` is the text message coming in.
CAPABLE = """
window.OTPCredential = class {};
const waiting = [];
window.asked = [];
window.hand = (code) => waiting.forEach((take) => take({ code }));
Object.defineProperty(navigator, "credentials", { value: {
    get: (options) => {
        window.asked.push(options);
        return new Promise((take, refuse) => {
            waiting.push(take);
            if (window.declined) refuse(new DOMException("declined", "AbortError"));
            options.signal.addEventListener("abort", () => { window.stopped = true; });
        });
    },
} });
"""
DECLINED = "window.declined = true;"


@pytest.fixture
def ada(somebody) -> Somebody:
    """Somebody whose phone has the interface, with a code on its way by text message."""
    ada = somebody(address=new_number(), init=CAPABLE)
    ada.ask()
    return ada


def test_the_last_line_of_the_message_binds_the_code_to_this_host(ada):
    host = urlsplit(ada.site.url).hostname
    message = ada.site.newest(ada.address)
    assert message.splitlines()[-1] == f"@{host} #{ada.code}"
    assert len(message) <= 160


def test_the_code_of_the_message_is_filled_in_and_sent(ada):
    expect(ada.page.locator("form[data-web-otp]")).to_have_count(1)
    assert ada.page.evaluate("window.asked.map((one) => one.otp.transport)") == [["sms"]]
    with ada.page.expect_request(lambda asked: asked.method == "POST") as sent:
        ada.page.evaluate("code => window.hand(code)", ada.code)
    assert re.search(rf"\bcode={ada.code}\b", sent.value.post_data)
    expect(ada.page).to_have_title("You are signed in – Example")


def test_sending_the_form_by_hand_ends_the_wait(ada):
    stay = "document.querySelector('form').addEventListener('submit', e => e.preventDefault())"
    ada.page.evaluate(stay)
    ada.button("Continue").click()
    assert ada.page.evaluate("window.stopped") is True


def test_whoever_declines_types_the_code(somebody):
    ada = somebody(address=new_number(), init=DECLINED + CAPABLE)
    ada.sign_in()
    expect(ada.page).to_have_title("You are signed in – Example")


def test_a_code_sent_by_mail_waits_for_no_text_message(somebody):
    ada = somebody(init=CAPABLE)
    ada.ask()
    expect(ada.page.locator("form[data-web-otp]")).to_have_count(0)
    assert ada.page.evaluate("window.asked") == []


def test_a_browser_without_the_interface_is_left_alone(somebody):
    ada = somebody(address=new_number(), init="delete window.OTPCredential;")
    ada.sign_in()
    expect(ada.page).to_have_title("You are signed in – Example")
