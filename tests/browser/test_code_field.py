"""The code field: a paste signs in, typing waits for the button, nothing is sent twice."""

import pytest
from playwright.sync_api import expect

from tests.browser.somebody import Somebody, slow_answers

pytestmark = pytest.mark.browser
SIGNED_IN = "You are signed in – Example"
CLIPBOARD = ["clipboard-read", "clipboard-write"]
AUTOFILL = """(field, code) => {
    field.value = code;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
}"""
A_MOMENT = 400  # milliseconds


@pytest.fixture
def ada(somebody) -> Somebody:
    """Somebody with a code on its way; `sent` are the forms her browser has posted since."""
    ada = somebody(permissions=CLIPBOARD)
    ada.ask()
    ada.sent = []
    ada.page.on("request", lambda asked: ada.sent.append(asked) if asked.method == "POST" else None)
    return ada


def paste(ada: Somebody, text: str) -> None:
    """Paste as people do: the clipboard and Ctrl+V."""
    ada.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    ada.field.focus()
    ada.page.keyboard.press("Control+V")


@pytest.mark.parametrize(
    "words",
    [
        "{0}{1}",
        "Your code is {0} {1}",
        "{0}-{1}",
        " {0}{1}\t",
        "{0}{1} is your Example sign-in code (reference BCD).\nIt works until 14:03 UTC.",
    ],
)
def test_pasting_the_message_signs_in_without_a_click(ada, words):
    paste(ada, words.format(ada.code[:3], ada.code[3:]))
    expect(ada.page).to_have_title(SIGNED_IN)
    assert len(ada.sent) == 1


@pytest.mark.parametrize(
    "words", ["Your code is on its way", "12345", "1234567", "123456 or 654321"]
)
def test_pasting_what_holds_no_single_code_sends_nothing(ada, words):
    paste(ada, words)
    ada.page.wait_for_timeout(A_MOMENT)
    assert not ada.sent
    expect(ada.field).to_have_value(words)


def test_typing_all_digits_sends_nothing_until_the_button_is_pressed(ada):
    ada.field.press_sequentially(ada.code)
    ada.page.wait_for_timeout(A_MOMENT)
    assert not ada.sent
    ada.press("Continue")
    expect(ada.page).to_have_title(SIGNED_IN)


def test_what_the_phone_fills_in_is_sent_once(ada):
    ada.field.evaluate(AUTOFILL, ada.code)
    expect(ada.page).to_have_title(SIGNED_IN)
    assert len(ada.sent) == 1


def test_two_events_of_one_autofill_send_one_form(ada):
    twice = (
        f"(field, code) => {{ for (const ms of [0, 60]) setTimeout({AUTOFILL}, ms, field, code) }}"
    )
    code = ada.code
    with slow_answers(ada) as forms:
        ada.field.evaluate(twice, code)
        ada.page.wait_for_timeout(A_MOMENT)
    assert len(forms) == 1
    expect(ada.page).to_have_title(SIGNED_IN)


def test_after_a_wrong_paste_the_page_sends_nothing_by_itself(ada):
    paste(ada, ada.wrong_code)
    expect(ada.page.get_by_role("alert")).to_contain_text("That code is not right.")
    ada.page.wait_for_timeout(A_MOMENT)
    assert len(ada.sent) == 1
    expect(ada.field).to_have_value("")
    paste(ada, ada.code)
    expect(ada.page).to_have_title(SIGNED_IN)


def test_after_a_wrong_code_a_program_that_fills_it_in_again_sends_nothing(ada):
    wrong = ada.wrong_code
    ada.field.evaluate(AUTOFILL, wrong)
    expect(ada.page.get_by_role("alert")).to_contain_text("That code is not right.")
    ada.field.evaluate(AUTOFILL, wrong)
    ada.page.wait_for_timeout(A_MOMENT)
    assert len(ada.sent) == 1


def test_asking_again_too_soon_keeps_what_was_typed(ada):
    ada.field.fill("28 7")
    ada.page.locator("#resend").evaluate("button => { button.hidden = false }")
    ada.press("Send it again")
    expect(ada.page.get_by_role("alert")).to_contain_text("You can ask again in")
    expect(ada.field).to_have_value("28 7")


def test_spaces_and_dashes_may_be_typed(ada):
    ada.field.press_sequentially(f"{ada.code[:3]} - {ada.code[3:]}")
    ada.press("Continue")
    expect(ada.page).to_have_title(SIGNED_IN)


def test_the_field_is_made_for_codes(ada):
    for name, value in {"inputmode": "numeric", "autocomplete": "one-time-code"}.items():
        expect(ada.field).to_have_attribute(name, value)
    expect(ada.field).to_be_focused()
    assert ada.field.evaluate("field => parseFloat(getComputedStyle(field).fontSize)") >= 17
