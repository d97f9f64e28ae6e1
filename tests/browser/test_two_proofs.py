"""Two proofs in a real browser: by keys alone, without scripts, printed and saved."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.factor_states import by_app, new_recovery_codes
from tests.browser.somebody import Somebody
from tests.browser.test_keyboard import focused, tab_stops, type_and_enter

pytestmark = pytest.mark.browser
WAYS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


@WAYS
def test_the_whole_way_from_one_proof_to_two(somebody, scripts):
    ada = somebody(java_script_enabled=scripts)
    by_app(ada)
    expect(ada.page).to_have_title("Enter the code from your app – Example")
    ada.page.get_by_label("Code from your app").fill(ada.app_code())
    ada.press("Continue")
    expect(ada.page).to_have_title("You are signed in – Example")
    expect(ada.page.get_by_text("a code sent by email, an authenticator app")).to_be_visible()


@WAYS
def test_recovery_codes_can_be_saved_and_used(somebody, scripts):
    ada = somebody(java_script_enabled=scripts)
    new_recovery_codes(ada)
    shown = ada.page.locator(".codes li").all_inner_texts()
    with ada.page.expect_download() as download:
        ada.page.get_by_role("link", name="Save as a file").click()
    assert download.value.suggested_filename == "recovery-codes.txt"
    kept = Path(download.value.path()).read_bytes().decode()
    assert [line for line in kept.split("\r\n") if line.count("-") == 3] == shown
    ada.sign_out()
    ada.site.let_pass(minutes=2)
    ada.ask()
    ada.answer(ada.site.code_for(ada.address, nth=2))
    ada.page.get_by_role("link", name="Use a recovery code").click()
    ada.page.get_by_label("Recovery code").fill(shown[7])
    ada.press("Continue")
    expect(ada.page).to_have_title("You are signed in – Example")


def test_a_pasted_code_of_the_app_is_sent_by_itself(somebody):
    ada = somebody()
    by_app(ada)
    field = ada.page.get_by_label("Code from your app")
    code = ada.app_code()
    with ada.page.expect_navigation():
        field.evaluate(
            "(field, code) => { field.value = code; field.dispatchEvent(new InputEvent('input',"
            " {inputType: 'insertFromPaste'})); }",
            f"Your code: {code[:3]} {code[3:]}",
        )
    expect(ada.page).to_have_title("You are signed in – Example")


def test_paper_shows_the_codes_and_no_buttons(somebody):
    ada = somebody()
    new_recovery_codes(ada)
    ada.page.emulate_media(media="print")
    expect(ada.page.locator(".codes")).to_be_visible()
    expect(ada.page.get_by_role("link", name="Save as a file")).to_be_hidden()
    ada.open("/")
    expect(ada.page.get_by_role("heading", name="You are signed in")).to_be_hidden()


def test_the_print_button_is_there_only_with_scripts(somebody):
    ada, plain = somebody(), somebody(java_script_enabled=False)
    for one, count in ((ada, 1), (plain, 0)):
        new_recovery_codes(one)
        expect(one.button("Print")).to_have_count(count)


def test_keys_alone_lead_through_both_proofs(somebody):
    ada = somebody()
    by_app(ada)
    assert focused(ada) == "Code from your app"
    assert tab_stops(ada, 5) == [
        "Code from your app",
        "Trust this browser for 30 days",
        "Continue",
        "Use a recovery code",
        "Start again",
    ]
    ada.page.get_by_label("Code from your app").focus()
    type_and_enter(ada, ada.app_code())
    expect(ada.page).to_have_title("You are signed in – Example")


def test_a_wrong_code_is_read_out_first(somebody):
    ada: Somebody = somebody()
    by_app(ada)
    ada.page.get_by_label("Code from your app").focus()
    type_and_enter(ada, "000000")
    expect(ada.page.get_by_role("alert")).to_be_focused()
    expect(ada.page.get_by_role("alert")).to_contain_text("That code is not right.")
