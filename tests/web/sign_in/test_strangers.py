"""Nobody can find out who has a user here (X12, X14): every page of a walk is compared."""

import re

import pytest

from tests.conftest import NOON
from tests.delivery.servers import ScriptedSmtp
from tests.helpers.browser import Browser, new_browser
from tests.helpers.mailbox import free_port
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, STRANGER, WRONG, delivery, disable, is_in, notice, words

PER_REQUEST = (
    r'(name="(?:csrf_token|form_id|ref)" type="hidden" value=)"[^"]*"',
    r"([?&]ref=)[A-Z]{3}",
    r'(class="reference">)[A-Z]{3}',
    r"(\(reference )[A-Z]{3}",
)


def seen(answer, address: str) -> tuple:
    """Return all that an answer shows, without what differs with each request."""
    body = f"{answer.text}\n{answer.location}".replace("<wbr>", "")
    for pattern in PER_REQUEST:
        body = re.sub(pattern, r"\1…", body)
    cookies = [re.sub(r"=[^;]*", "", one, count=1) for one in answer.headers.getlist("Set-Cookie")]
    headers = {
        name: value for name, value in answer.headers if name not in ("Set-Cookie", "Location")
    }
    return answer.status_code, headers, cookies, body.replace(address, "ADDRESS")


def walk(browser: Browser, address: str, clock, mailbox) -> list[tuple]:
    """Do everything that a stranger can do with an address; return what they saw."""
    answers = []

    def look(answer):
        answers.append(answer)
        mailbox.deliver()
        return look(browser.follow(answer)) if answer.status_code == 303 else answer

    def ask():
        browser.get("/sign-in")
        return look(browser.submit("/sign-in", identifier=address))

    ask()
    look(browser.submit("/sign-in/code/resend"))
    form = browser.page.form("/sign-in/code")
    for number in range(7):
        look(browser.post("/sign-in/code", data={**form, "code": f"00000{number}"}))
    ask()
    for minutes in (1, 2, 3, 4):
        clock.advance(minutes=minutes)
        ask()
        look(browser.submit("/sign-in/code", code=WRONG))
        look(browser.post("/sign-in/code/resend", data=browser.page.form("/sign-in/code")))
    page = answers[-1].request.full_path
    clock.advance(minutes=11)
    look(browser.get(page))
    look(browser.post("/sign-in/code", data={**form, "code": WRONG}))
    ask()
    return [seen(answer, address) for answer in answers]


def assert_same(app, clock, mailbox, one: str, other: str) -> None:
    first = walk(new_browser(app), one, clock, mailbox)
    clock.now = NOON
    second = walk(new_browser(app), other, clock, mailbox)
    assert len(first) > 20
    for step, (left, right) in enumerate(zip(first, second, strict=True)):
        assert left == right, step


@pytest.fixture
def overrides():
    return {"limit_sends_per_ip": 100, "limit_failures_per_ip": 100}


def test_a_stranger_and_a_user_see_the_same_pages(app, clock, mailbox, alice):
    assert_same(app, clock, mailbox, ALICE, STRANGER)
    assert {tuple(one) for one in mailbox.receivers} == {(ALICE,)}


def test_a_disabled_user_sees_what_a_stranger_sees(app, clock, mailbox, alice):
    disable(app, alice, clock.now)
    assert_same(app, clock, mailbox, ALICE, STRANGER)
    assert not mailbox.mails


def test_a_stranger_s_number_and_a_user_s_number_see_the_same_pages(app, clock, mailbox, bob):
    assert_same(app, clock, mailbox, "+1 202-555-0143", "+1 202-555-0144")


@pytest.mark.parametrize("address", [ALICE, STRANGER])
def test_we_already_sent_names_the_same_minute_for_everybody(
    app, client, clock, mailbox, alice, address
):
    client.ask(address)
    clock.advance(minutes=2)
    mailbox.deliver()  # by a slow mail server
    clock.advance(minutes=1)
    client.follow(client.submit("/sign-in/code/resend"))
    clock.advance(minutes=1)
    mailbox.deliver()
    assert notice(client.ask(address)) == "We already sent a code at 12:00 UTC. It still works."


def test_a_user_disabled_after_asking_is_not_let_in(app, client, clock, alice):
    client.ask(ALICE)
    disable(app, alice, clock.now)
    answer = client.answer(RFC_CODES[1])
    assert answer.status_code == 422
    assert "That code is not right." in answer.text
    assert not is_in(client)


@pytest.mark.parametrize("address", [ALICE, STRANGER])
def test_a_mail_server_that_is_down_is_told_to_everybody_alike(
    make_client, clock, mailbox, alice, address
):
    client = make_client(mail_port=free_port())
    mailbox.attach(client.application)
    page = client.ask(address).request.full_path
    assert not notice(client.get(page))
    mailbox.deliver()
    other = new_browser(client.application)
    for shown in (client.get(page), other.ask("somebody.else@example.org")):
        assert delivery(shown)[0] == "failing"
        assert "If this address can sign in, a code waits to be sent." in words(shown.text)


def test_a_mail_server_that_is_down_tells_nothing_about_an_address(
    make_client, clock, mailbox, alice
):
    seen_by = []
    for address in (STRANGER, ALICE):
        clock.now = NOON
        client = make_client(mail_port=free_port())
        mailbox.attach(client.application)
        seen_by.append(walk(client, address, clock, mailbox))
    assert seen_by[0] == seen_by[1]
    assert sum("cannot reach the mail server" in body for *_, body in seen_by[0]) > 3


def test_a_refused_receiver_is_told_to_nobody(make_client, clock, mailbox, alice):
    with ScriptedSmtp({"RCPT": "550 no such user"}) as refusing:
        client = make_client(mail_port=refusing.port)
        mailbox.attach(client.application)
        page = client.ask(ALICE).request.full_path
        mailbox.deliver()
        assert delivery(client.get(page))[0] == "going"
