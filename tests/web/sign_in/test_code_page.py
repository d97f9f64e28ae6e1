"""The code page: one field, easy to fill by hand, by paste and by the phone itself."""

import pytest

from tests.helpers.browser import new_browser
from tests.helpers.mailbox import text_of
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, WRONG, field, notice, problem, reference, title, words

CODE = RFC_CODES[1]  # 287082
DIGITS = {
    "fullwidth": 0xFF10,
    "Arabic-Indic": 0x660,
    "extended Arabic-Indic": 0x6F0,
    "Devanagari": 0x966,
    "Bengali": 0x9E6,
    "Tamil": 0xBE6,
    "Thai": 0xE50,
    "Tibetan": 0xF20,
    "Khmer": 0x17E0,
    "Mongolian": 0x1810,
    "mathematical bold": 0x1D7CE,
    "NKo": 0x7C0,
}


def test_the_field_takes_codes_from_phones_password_managers_and_pastes(client, alice):
    client.ask(ALICE)
    code = field(client.page, "code")
    assert code["type"] == "text"
    assert code["inputmode"] == "numeric"
    assert code["autocomplete"] == "one-time-code"
    assert code["maxlength"] == "64"
    assert code["spellcheck"] == "false"
    assert code["autocapitalize"] == "off"
    assert code["aria-describedby"] == "code-hint"
    assert "required" in code
    assert "autofocus" in code
    assert "pattern" not in code


def test_the_page_says_where_the_code_went_and_until_when_it_works(client, alice):
    page = client.ask("Alice@example.org")
    assert title(page.text) == "Enter your code – Example"
    assert "Alice@example.org" in words(page.text)
    assert "6 digits." in words(page.text)
    assert "It works for 10 minutes, until 12:10 UTC" in words(page.text)
    assert 'datetime="2026-03-03T12:10:00Z"' in page.text


def test_the_page_and_the_mail_show_the_same_reference(client, mailbox, alice):
    letters = reference(client.ask(ALICE))
    assert len(letters) == 3
    assert f"(reference {letters})" in text_of(mailbox.newest_for(ALICE))


@pytest.mark.parametrize(
    "typed",
    [
        *("287 082", "287-082", "2 8 7 0 8 2", " 287082\n", "287.082", "287\u2013082"),
        *("Your code is 287082.", "287082 is your Example sign-in code", "287\u00a0082"),
    ],
)
def test_spaces_dashes_and_words_around_the_code_do_no_harm(client, alice, typed):
    client.ask(ALICE)
    assert client.answer(typed).status_code == 303


@pytest.mark.parametrize("zero", DIGITS.values(), ids=DIGITS)
def test_digits_of_every_script_are_digits(client, alice, zero):
    client.ask(ALICE)
    wrong = client.answer("".join(chr(zero) for _ in WRONG))
    assert (wrong.status_code, problem(wrong)[:26]) == (422, "That code is not right. Ch")
    assert client.answer("".join(chr(zero + int(digit)) for digit in CODE)).status_code == 303


@pytest.mark.parametrize("typed", ["²²²²²²", "①②③④⑤⑥", "⅕⅕⅕⅕⅕⅕", "ⅠⅡⅢⅣⅤⅥ", "一二三四五六"])
def test_numbers_that_are_no_digits_cost_no_try(client, alice, typed):
    client.ask(ALICE)
    for _ in range(6):
        assert problem(client.answer(typed)) == "Enter the 6-digit code"
    assert client.answer(CODE).status_code == 303


def test_a_wrong_code_is_cleared_when_the_page_comes_back(client, alice):
    client.ask(ALICE)
    answer = client.answer("123456")
    assert field(client.page, "code")["value"] == ""
    assert "123456" not in answer.text


def test_a_problem_is_announced_and_leads_to_the_field(client, alice):
    client.ask(ALICE)
    answer = client.answer(WRONG)
    assert title(answer.text) == "Error: Enter your code – Example"
    assert {"href": "#code"} in client.page.all("a")
    code = field(client.page, "code")
    assert code["aria-invalid"] == "true"
    assert code["aria-describedby"] == "code-error code-hint"
    assert "autofocus" not in code
    assert 'role="alert"' in answer.text


def test_a_code_works_only_once(client, alice, clock):
    client.ask(ALICE)
    assert client.answer(CODE).status_code == 303
    client.get("/")
    client.submit("/sign-out")
    clock.advance(minutes=1)
    client.ask(ALICE)
    assert client.answer(CODE).status_code == 422


def test_a_code_works_only_in_the_browser_that_asked(client, app, alice):
    client.ask(ALICE)
    other = new_browser(app)
    other.ask("carol@example.org")
    assert other.answer(CODE).status_code == 422
    assert client.answer(CODE).status_code == 303


def test_a_browser_that_never_asked_is_told_so(client, app, alice):
    letters = reference(client.ask(ALICE))
    other = new_browser(app)
    page = other.get(f"/sign-in/code?ref={letters}")
    assert "Codes work only in the browser that asked." in words(page.text)
    assert "Send a code to this browser" in words(page.text)
    other.get("/sign-in")
    token = other.page.form("/sign-in")["csrf_token"]
    sent = {"csrf_token": token, "ref": letters, "code": CODE}
    answer = other.post("/sign-in/code", data=sent)
    assert answer.status_code == 422
    assert "Codes work only in the browser that asked." in words(answer.text)


def test_a_code_that_ran_out_before_it_was_typed_leads_to_a_new_one(client, alice, clock):
    page = client.ask(ALICE)
    clock.advance(minutes=10)
    page = client.get(page.request.full_path)
    assert "That code ran out" in words(page.text)
    assert "ran out at 12:10 UTC" in words(page.text)
    assert "Send a new code" in words(page.text)
    page = client.follow(client.submit("/sign-in/code/resend"))
    assert notice(page) == "We sent a new code. The one before no longer works."
    assert client.answer(RFC_CODES[2]).status_code == 303


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        (ALICE, "Look into the spam folder, and check the spelling of the address."),
        ("+1 202-555-0143", "Check the number, and whether the phone has a signal."),
    ],
)
def test_what_to_look_at_fits_the_channel(client, address, hint):
    client.ask(address)
    assert hint in words(client.html)
