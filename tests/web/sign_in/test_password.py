"""The password before the code, as strangers, owners and people without one see it."""

import re
from dataclasses import replace

import pytest

from otpapp.rules.factors import password
from otpapp.transaction import transaction
from tests.helpers.browser import new_browser
from tests.web.factors import SECURITY, enrol_app
from tests.web.helpers import (
    ALICE,
    STRANGER,
    field,
    is_in,
    notice,
    problem,
    title,
    words,
)
from tests.web.sign_in.test_strangers import seen

GOOD = "seven purple elephants"
ASK, NONE = "/sign-in/password", "/sign-in/password/none"


@pytest.fixture
def overrides() -> dict:
    """A site that takes passwords."""
    return {"passwords": True}


@pytest.fixture
def chosen(app, alice, settings, clock):
    """Alice has a password."""
    with app.app_context(), transaction():
        password.enrol(alice.user_id, password.hashed(GOOD), settings, clock.now)


def come_in(browser, mailbox):
    """Give the password, then the code."""
    browser.ask(ALICE)
    browser.follow(browser.submit(ASK, password=GOOD))
    return browser.answer(mailbox.code_for(ALICE))


def test_the_password_then_the_code_and_one_is_in(client, mailbox, chosen):
    page = client.ask(ALICE)
    assert title(page.text) == "Enter your password – Example"
    assert mailbox.deliver() == []
    page = client.follow(client.submit(ASK, password=GOOD))
    assert title(page.text) == "Enter your code – Example"
    assert client.answer(mailbox.code_for(ALICE)).location == "/"
    assert "a password, a code sent by email" in words(client.get("/").text)


def test_where_passwords_are_taken_no_more_an_open_page_leads_to_a_new_start(client, app, chosen):
    client.ask(ALICE)
    app.extensions["otpapp.settings"] = replace(app.extensions["otpapp.settings"], passwords=False)
    page = client.get("/sign-in/code")
    assert "Enter your code" not in page.text
    assert [a for a in client.page.all("a") if a["href"] == "/sign-in"]


def test_choices_of_the_entry_page_hold_to_the_end(client, mailbox, chosen):
    client.get("/sign-in?next=/account/security")
    client.follow(client.submit("/sign-in", identifier=ALICE, stay="keep"))
    client.follow(client.submit(ASK, password=GOOD))
    assert client.answer(mailbox.code_for(ALICE)).location == "/account/security"
    assert "stays signed in" in words(client.get("/").text)


def test_after_the_password_alone_every_way_leads_to_the_code(client, mailbox, chosen):
    client.ask(ALICE)
    client.submit(ASK, password=GOOD)
    assert not is_in(client)
    page = client.follow(client.follow(client.get("/")))
    assert title(page.text) == "A code by message – Example"
    assert ALICE in page.text.replace("<wbr>", "")


def test_a_code_can_be_asked_for_again_on_the_way(client, mailbox, chosen, clock):
    client.ask(ALICE)
    client.submit(ASK, password=GOOD)
    clock.advance(minutes=1)
    client.get("/prove/code")
    page = client.follow(client.submit("/prove/code"))
    assert title(page.text) == "Enter your code – Example"
    assert client.answer(mailbox.code_for(ALICE)).location == "/"


def test_asked_for_too_soon_it_says_when(client, mailbox, chosen):
    client.ask(ALICE)
    client.submit(ASK, password=GOOD)
    client.get("/prove/code")
    page = client.submit("/prove/code")
    assert page.status_code == 429
    assert "You can ask again" in problem(page)


def test_with_an_app_the_app_is_asked_for_and_a_code_is_one_link_away(
    client, mailbox, alice, clock, chosen
):
    come_in(client, mailbox)
    app = enrol_app(client, clock)
    client.get("/")
    client.submit("/sign-out")
    clock.advance(minutes=2)
    client.ask(ALICE)
    page = client.follow(client.follow(client.submit(ASK, password=GOOD)))
    assert title(page.text) == "Enter the code from your app – Example"
    assert "Have a code sent" in words(page.text)
    assert client.submit("/prove/totp", code=app.code()).location == "/"


def test_a_wrong_password_says_so_and_five_end_it(client, chosen):
    client.ask(ALICE)
    said = [problem(client.submit(ASK, password="not that one")) for _ in range(4)]
    assert said == [
        "That password is not right.",
        *(f"That password is not right. {left} tries left." for left in (3, 2)),
        "That password is not right. 1 try left.",
    ]
    page = client.follow(client.submit(ASK, password="not that one"))
    assert notice(page) == "Too many wrong answers. For your safety you have to start again."


def test_an_empty_password_costs_no_try(client, chosen):
    client.ask(ALICE)
    for _ in range(9):
        assert problem(client.submit(ASK, password="")) == "Enter your password"
    assert client.submit(ASK, password=GOOD).status_code == 303


def test_a_limit_says_when_it_ends(make_client, chosen):
    browser = make_client(limit_failures_per_ip=1)
    browser.ask(ALICE)
    browser.submit(ASK, password="not that one")
    page = browser.submit(ASK, password=GOOD)
    assert page.status_code == 429
    assert page.headers["Retry-After"]
    assert problem(page).startswith("Too many wrong codes from your network.")


def test_who_has_none_goes_on_with_a_code(client, mailbox, alice):
    client.ask(ALICE)
    page = client.follow(client.submit(NONE))
    assert title(page.text) == "Enter your code – Example"
    assert client.answer(mailbox.code_for(ALICE)).location == "/"


def test_and_is_not_asked_again_in_that_browser(client, mailbox, alice, clock):
    client.ask(ALICE)
    client.follow(client.submit(NONE))
    client.answer(mailbox.code_for(ALICE))
    client.get("/")
    client.submit("/sign-out")
    clock.advance(minutes=2)
    assert title(client.ask(ALICE).text) == "Enter your code – Example"


def test_strangers_have_no_codes_sent_to_who_has_one(client, mailbox, chosen):
    client.ask(ALICE)
    client.follow(client.submit(NONE))
    assert mailbox.deliver() == []


def walk(browser, address: str, clock, mailbox) -> list[tuple]:
    """Do what a stranger can do with an address; return what they saw."""
    answers = []

    def look(answer):
        answers.append(seen(answer, address))
        mailbox.deliver()
        return look(browser.follow(answer)) if answer.status_code == 303 else answer

    browser.get("/sign-in")
    look(browser.submit("/sign-in", identifier=address))
    for typed in ("", "not that one", "nor that one"):
        look(browser.submit(ASK, password=typed))
    look(browser.submit(NONE))
    look(browser.submit("/sign-in/code", code="000000"))
    clock.advance(minutes=2)
    look(browser.submit("/sign-in/code/resend"))
    clock.advance(minutes=2)
    browser.get("/sign-in")
    look(browser.submit("/sign-in", identifier=address))
    clock.advance(minutes=2)
    browser.get("/sign-in")
    browser.delete_cookie("__Host-otpapp", domain="auth.example.org")
    browser.get("/sign-in")
    look(browser.submit("/sign-in", identifier=address))
    for number in range(6):
        if ASK in browser.html:
            look(browser.submit(ASK, password=f"number {number}"))
    return answers


@pytest.mark.parametrize("has_one", [True, False], ids=["with a password", "without"])
def test_strangers_see_the_same_whoever_they_ask_for(app, alice, clock, mailbox, request, has_one):
    """X12."""
    if has_one:
        request.getfixturevalue("chosen")
    start = clock.now
    known = walk(new_browser(app), ALICE, clock, mailbox)
    clock.now = start
    nobody = walk(new_browser(app), STRANGER, clock, mailbox)
    assert len(known) > 15
    for one, other in zip(known, nobody, strict=True):
        assert one == other


@pytest.mark.parametrize("action", [ASK, NONE])
@pytest.mark.parametrize("how", ["no token", "elsewhere"])
def test_the_forms_are_guarded(client, mailbox, chosen, action, how):
    """X08."""
    client.ask(ALICE)
    form = {**client.page.form(action), "password": GOOD}
    headers = {"Origin": "https://evil.example"} if how == "elsewhere" else {}
    if how == "no token":
        del form["csrf_token"]
    assert client.post(action, data=form, headers=headers).status_code == 400
    assert mailbox.deliver() == []
    assert not is_in(client)


@pytest.mark.parametrize("path", [ASK, f"{ASK}?ref=ABC"])
def test_without_a_sign_in_there_is_no_page(client, alice, path):
    assert title(client.get(path).text) == "No code was asked for here – Example"


def test_a_form_that_was_open_for_too_long_starts_again(client, chosen, clock):
    client.ask(ALICE)
    form = client.page.form(ASK)
    clock.advance(minutes=11)
    for action in (ASK, NONE):
        page = client.follow(client.post(action, data={**form, "password": GOOD}))
        assert notice(page) == "That took too long. For your safety you have to start again."
        assert field(client.page, "identifier")["value"] == ALICE
    page = client.get(f"/sign-in/code?ref={form['ref']}")
    assert title(client.follow(client.follow(page)).text) == "Sign in – Example"


def test_who_is_signed_in_is_asked_for_nothing(client, mailbox, chosen):
    come_in(client, mailbox)
    assert client.get(ASK).location == "/sign-in"
    client.get("/")
    token = client.page.form("/sign-out")["csrf_token"]
    assert client.post(NONE, data={"csrf_token": token}).location == "/sign-in"
    form = {"csrf_token": token, "password": GOOD}
    assert client.post(ASK, data=form).location == "/sign-in"


def test_the_page_of_the_code_leads_to_that_of_the_password(client, chosen):
    page = client.ask(ALICE)
    found = re.search(r"ref=[A-Z]{3}", page.request.full_path)
    assert client.get(f"/sign-in/code?{found[0]}").location == f"{ASK}?{found[0]}"


def test_a_site_without_passwords_has_no_such_page(make_client, chosen):
    browser = make_client(passwords=False)
    assert browser.get(ASK).status_code == 404
    assert browser.get(f"{SECURITY}/password").status_code == 404
    assert title(browser.ask(ALICE).text) == "Enter your code – Example"


def test_the_entry_page_promises_no_life_without_passwords(client, make_client):
    assert "no password to remember" not in client.get("/sign-in").text
    assert "no password to remember" in make_client(passwords=False).get("/sign-in").text
