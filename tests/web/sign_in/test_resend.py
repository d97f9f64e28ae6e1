"""Sending again: the same code while it still lasts, then a new one, and never too often."""

import re

from tests.helpers.mailbox import code_in
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, WRONG, field, notice, problem, reference, rows, words


def test_the_same_code_is_sent_once_more(client, mailbox, alice, clock):
    letters = reference(client.ask(ALICE))
    mailbox.deliver()
    clock.advance(seconds=30)
    page = client.follow(client.submit("/sign-in/code/resend"))
    assert notice(page) == "We sent the same code once more."
    assert reference(page) == letters
    assert [code_in(mail) for mail in mailbox.deliver()] == [RFC_CODES[1]] * 2
    assert client.answer(RFC_CODES[1]).status_code == 303


def test_with_exactly_three_minutes_left_it_is_still_the_same_code(client, alice, clock):
    client.ask(ALICE)
    clock.advance(minutes=7)
    page = client.follow(client.submit("/sign-in/code/resend"))
    assert notice(page) == "We sent the same code once more."


def test_with_less_than_three_minutes_left_a_new_code_takes_its_place(
    client, mailbox, alice, clock
):
    client.ask(ALICE)
    clock.advance(minutes=7, seconds=1)
    page = client.follow(client.submit("/sign-in/code/resend"))
    assert notice(page) == "We sent a new code. The one before no longer works."
    assert code_in(mailbox.newest_for(ALICE)) == RFC_CODES[2]
    assert "until 12:17 UTC" in words(page.text)
    assert client.answer(RFC_CODES[1]).status_code == 422
    assert client.answer(RFC_CODES[2]).status_code == 303


def test_tries_stay_spent_when_a_new_code_is_sent(client, alice, clock):
    client.ask(ALICE)
    for _ in range(3):
        client.answer(WRONG)
    clock.advance(minutes=8)
    client.follow(client.submit("/sign-in/code/resend"))
    assert problem(client.answer(WRONG)).endswith("1 try left.")


def test_the_wait_grows_from_one_message_to_the_next(client, alice, clock):
    client.ask(ALICE)
    for wait in (30, 60, 120, 120):
        clock.advance(seconds=wait - 3)
        assert client.submit("/sign-in/code/resend").status_code == 429
        clock.advance(seconds=3)
        client.follow(client.submit("/sign-in/code/resend"))


def test_a_countdown_that_runs_two_seconds_fast_is_not_punished(client, alice, clock):
    client.ask(ALICE)
    clock.advance(seconds=28)
    assert client.submit("/sign-in/code/resend").status_code == 303


def test_the_button_is_there_without_script_and_says_when_it_works(client, alice, clock):
    page = client.ask(ALICE)
    assert "You can ask again at 12:00:30 UTC" in words(page.text)
    assert "Send it again" in words(page.text)
    clock.advance(seconds=30)
    assert "You can ask again at" not in words(client.get("/sign-in/code").text)


def test_two_clicks_send_once(client, mailbox, alice, clock):
    client.ask(ALICE)
    mailbox.deliver()
    clock.advance(seconds=30)
    form = client.page.form("/sign-in/code/resend")
    assert client.post("/sign-in/code/resend", data=form).status_code == 303
    assert client.post("/sign-in/code/resend", data=form).status_code == 429
    assert len(mailbox.deliver()) == 2


def test_a_refused_wish_writes_no_message(client, app, alice):
    client.ask(ALICE)
    before = rows(app)["messages"]
    client.submit("/sign-in/code/resend")
    assert rows(app)["messages"] == before


def test_a_mail_server_that_is_down_changes_nothing_on_the_page(make_client, alice):
    client = make_client(mail_port=9)
    assert "a code is on its way" in words(client.ask(ALICE).text)


def test_what_was_typed_is_kept_when_it_is_too_soon(client, alice):
    client.ask(ALICE)
    answer = client.submit("/sign-in/code/resend", code="28 7")
    assert answer.status_code == 429
    assert field(client.page, "code")["value"] == "28 7"


def how_often(page) -> str:
    """Return what the code page says of how many more messages there may be."""
    found = re.search(
        r"You can (?:ask for it \d more times?|ask again at [^.]*)\.", words(page.text)
    )
    return found[0] if found else ""


def test_how_many_messages_there_are_is_counted_before_they_are_used_up(client, alice, clock):
    said = [how_often(client.ask(ALICE))]
    while len(said) < 5:
        clock.advance(seconds=121)
        said.append(how_often(client.follow(client.submit("/sign-in/code/resend"))))
    assert said == [
        *("You can ask for it 4 more times.", "You can ask for it 3 more times."),
        *("You can ask for it 2 more times.", "You can ask for it 1 more time."),
        "You can ask again at 13:00 UTC.",
    ]


def test_a_network_s_last_messages_are_counted_too(make_client, alice):
    client = make_client(limit_sends_per_ip=3)
    said = [how_often(client.ask(f"nobody{number}@example.org")) for number in range(3)]
    assert said == [
        *("You can ask for it 2 more times.", "You can ask for it 1 more time."),
        "You can ask again at 13:00 UTC.",
    ]
