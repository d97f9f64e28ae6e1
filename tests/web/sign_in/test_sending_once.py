"""Only a POST sends, and the same form sends once."""

from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, WRONG, notice, reference, rows


def test_looking_at_pages_sends_nothing(client, app, alice):
    page = client.ask(ALICE)
    before = rows(app)
    for path in ("/sign-in", "/sign-in/code", "/sign-in/code/resend", page.request.full_path):
        for _ in range(3):
            client.get(path)
            client.head(path)
            client.options(path)
    assert rows(app) == before
    client.get(page.request.full_path)
    assert client.answer(RFC_CODES[1]).status_code == 303


def test_the_same_form_sent_twice_is_one_request_for_a_code(client, mailbox, app, alice):
    client.get("/sign-in")
    form = {**client.page.form("/sign-in"), "identifier": ALICE}
    first = client.post("/sign-in", data=form)
    second = client.post("/sign-in", data=form)
    assert first.location == second.location
    assert len(rows(app)["challenges"]) == 1
    assert len(mailbox.deliver()) == 1


def test_the_same_form_sent_twice_at_once_is_one_request_for_a_code(client, app, alice):
    client.get("/sign-in")
    form = {**client.page.form("/sign-in"), "identifier": ALICE}
    held = client.get_cookie("__Host-otpapp", domain="auth.example.org").value
    first = client.post("/sign-in", data=form)
    client.set_cookie("__Host-otpapp", held, domain="auth.example.org")  # not yet answered
    second = client.post("/sign-in", data=form)
    assert first.location == second.location
    assert len(rows(app)["challenges"]) == 1


def test_asking_again_for_the_same_address_points_to_the_code_that_is_there(
    client, mailbox, alice, clock
):
    letters = reference(client.ask(ALICE))
    mailbox.deliver()
    clock.advance(minutes=2)
    page = client.ask("ALICE@example.org")
    assert notice(page) == "We already sent a code at 12:00 UTC. It still works."
    assert reference(page) == letters
    assert len(mailbox.deliver()) == 1
    assert client.answer(RFC_CODES[1]).status_code == 303


def test_a_note_is_said_once(client, alice):
    client.ask(ALICE)
    page = client.ask(ALICE)
    assert notice(page)
    assert not notice(client.get(page.request.full_path))


def test_the_form_of_a_page_left_open_still_works_when_its_code_ran_out(client, alice, clock):
    client.get("/sign-in")
    form = {**client.page.form("/sign-in"), "identifier": ALICE}
    client.post("/sign-in", data=form)
    clock.advance(minutes=11)  # and the back button
    client.follow(client.post("/sign-in", data=form))
    assert client.answer(RFC_CODES[2]).status_code == 303


def test_the_form_of_a_page_left_open_still_works_when_its_code_is_locked(client, alice, clock):
    client.get("/sign-in")
    form = {**client.page.form("/sign-in"), "identifier": ALICE}
    client.follow(client.post("/sign-in", data=form))
    for _ in range(5):
        client.answer(WRONG)
    clock.advance(minutes=1)
    client.follow(client.post("/sign-in", data=form))
    assert client.answer(RFC_CODES[2]).status_code == 303
