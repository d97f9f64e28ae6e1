"""What an invitation says, by mail and by text message, and how it fares in the outbox."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from otpapp.delivery import invitations as written
from otpapp.delivery import sweeping
from otpapp.delivery.codes import SMS_LENGTH
from otpapp.extensions import db
from otpapp.models import Invitation, Message
from otpapp.transaction import transaction
from tests.conftest import NOON
from tests.delivery.servers import ScriptedSmtp
from tests.helpers.mailbox import free_port, text_of
from tests.rules.desk import Desk
from tests.rules.people.crowd import add
from tests.rules.people.guests_to_be import DORA, invite, link, resend, row, withdraw

PORTAL = "https://auth.example.org"


@pytest.fixture
def desk(outbox, settings, clock) -> Iterator[Desk]:
    """The front desk, beside the outbox."""
    with outbox.app.app_context():
        yield Desk(settings, clock)


def html_of(mail) -> str:
    return mail.get_body(("html",)).get_content()


def test_it_says_who_invites_to_what_until_when_and_has_one_link(desk, mailbox):
    invite(desk, by=add(desk, "boss@example.org", role="admin"))
    (mail,) = mailbox.deliver()
    assert (mail["To"], mail["Auto-Submitted"]) == (DORA, "auto-generated")
    assert mail["Subject"] == "You are invited to Example"
    address = f"{PORTAL}/invited/{link(desk)}"
    assert text_of(mail).splitlines() == [
        "boss@example.org invites you to Example.",
        "",
        f"Accept it: {address}",
        "The link works until 10 March 2026, 12:00 UTC. Then you sign in with codes that we send "
        "you here.",
        "",
        "You expected nothing of the kind? There is nothing to do.",
    ]
    assert html_of(mail).count("https://") == 1
    assert address in html_of(mail)


def test_at_the_command_line_nobody_in_particular_invites(desk, mailbox):
    invite(desk)
    (mail,) = mailbox.deliver()
    assert text_of(mail).splitlines()[0] == "You are invited to Example."


def test_it_is_written_when_it_is_sent_so_that_the_newest_link_stands_in_it(desk, mailbox):
    invite(desk)
    old = link(desk)
    resend(desk)
    (mail,) = mailbox.deliver()
    assert link(desk) in text_of(mail)
    assert old not in text_of(mail)


@pytest.mark.parametrize(
    ("name", "url", "said"),
    [
        ("Example", PORTAL, "You are invited to Example. Accept it until 10 Mar: "),
        ("The association of friends of trees", PORTAL, "You are invited. Accept it until 10 Mar"),
        ("Příklad", PORTAL, "You are invited. Accept it until 10 Mar: "),
        ("Example", f"https://{'a-long-name-' * 5}x.example.org", "You are invited: https://"),
    ],
)
def test_a_text_message_says_as_much_as_fits(desk, name, url, said):
    desk.use(site_name=name, public_url=url)
    invite(desk, "+12025550143")
    sent = written.compose(row(), "<x@y>", desk.settings)
    assert sent.to == "+12025550143"
    assert sent.body.startswith(said)
    assert sent.body.endswith(f"{url}/invited/{link(desk)}")
    assert len(sent.body) <= SMS_LENGTH or said.endswith("https://")


def test_its_sending_is_an_event(desk, outbox, mailbox):
    invite(desk)
    mailbox.deliver()
    (told,) = outbox.events("invitation.sent")
    assert (told.subject, told.detail) == (DORA, outbox.row.message_id)


def test_a_code_goes_before_it(desk, outbox, mailbox, alice):
    invite(desk)
    outbox.ask(alice)
    outbox.send_next()
    assert [mail["To"] for mail in mailbox.mails] == [alice.address]
    assert len(mailbox.deliver()) == 2


def test_it_is_tried_again_like_a_notice(desk, outbox, mailbox):
    invite(desk)
    outbox.send_next(mail_port=free_port())
    assert outbox.row.due_at == NOON + timedelta(minutes=1)
    desk.clock.advance(minutes=1)
    assert len(mailbox.deliver()) == 1


def test_where_the_box_is_not_there_it_is_given_up_and_the_reason_is_kept(desk, outbox):
    with ScriptedSmtp() as smtp:
        invite(desk)
        smtp.replies["RCPT"] = "550 no such box"
        outbox.send_next(mail_port=smtp.port)
    assert outbox.row.outcome == "given_up"
    assert outbox.row.error
    assert len(outbox.events("invitation.given_up")) == 1


@pytest.mark.parametrize("end", ["withdrawn", "ran out", "gone"])
def test_what_is_over_is_not_sent(desk, outbox, mailbox, end):
    invite(desk)
    if end == "withdrawn":
        withdraw(desk)
    elif end == "ran out":
        desk.clock.advance(days=7)
    else:
        with transaction():
            db.session.query(Message).update({"invitation_id": None})
    assert mailbox.deliver() == []
    assert (outbox.row.outcome, outbox.row.error) == (
        "given_up",
        "it was over before it could be sent",
    )


def test_a_sweep_takes_those_that_ran_out_long_ago(desk, settings):
    invite(desk)
    sweeping.sweep(settings, desk.clock.advance(days=36))
    assert db.session.query(Invitation).count() == 1
    sweeping.sweep(settings, desk.clock.advance(days=1))
    assert db.session.query(Invitation).count() == 0
