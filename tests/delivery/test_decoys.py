"""A decoy costs its sender what a message costs, and reaches nobody (X12, X13)."""

import time
from collections.abc import Callable

import pytest

from otpapp.delivery.codes import NOBODY
from otpapp.delivery.mail import MailTransport
from otpapp.delivery.parcels import Mail
from otpapp.delivery.post import deliver_next
from otpapp.otp import hotp
from tests.helpers.people import ALICE
from tests.helpers.work import watched

STRANGER = "stranger@example.org"


class Spying(MailTransport):
    """A real transport that keeps what it was given."""

    parcels: list[Mail]

    def send(self, parcel, seconds: float) -> None:
        """Keep it, and hand it over."""
        self.parcels.append(parcel)
        super().send(parcel, seconds)

    def probe(self, parcel, seconds: float) -> None:
        """Keep it, and hand nothing over."""
        self.parcels.append(parcel)
        super().probe(parcel, seconds)


@pytest.fixture
def parcel_for(outbox, mailbox):
    """Return what is composed for somebody."""
    transport = Spying(outbox.settings)

    def parcel_for(who: str) -> Mail:
        transport.parcels = []
        outbox.ask(who)
        with outbox.app.app_context():
            assert deliver_next("email", transport, outbox.settings)
        (parcel,) = transport.parcels
        return parcel

    yield parcel_for
    with outbox.app.app_context():
        transport.close()


@pytest.fixture
def send(outbox, smtp, clock) -> Callable[[str], None]:
    """Ask for a code and let the sender have it; all that it sends goes to the scripted server."""
    outbox.transport(mail_port=smtp.port)

    def send(who: str) -> None:
        clock.advance(minutes=15)
        outbox.ask(who)
        outbox.send_next()

    return send


def test_a_decoy_is_written_like_a_mail_and_addressed_to_nobody(parcel_for, mailbox, alice):
    real, decoy = parcel_for(ALICE.address), parcel_for(STRANGER)
    assert (real.to, decoy.to) == (ALICE.address, NOBODY)
    assert len(decoy.text) == pytest.approx(len(real.text), abs=2)
    assert len(decoy.html) == pytest.approx(len(real.html), abs=2)
    assert [mail["To"] for mail in mailbox.mails] == [ALICE.address]


def test_a_decoy_s_mail_holds_no_code(parcel_for, monkeypatch):
    made = []
    monkeypatch.setattr(hotp, "code", lambda *asked: made.append(asked) or "123456")
    decoy = parcel_for(STRANGER)
    assert decoy.text.startswith("000000 ")
    assert [key for key, *_ in made] == [bytes(20)]


def test_a_decoy_costs_the_sender_the_same_statements(outbox, mailbox, alice):
    work = {}
    for who in (ALICE.address, STRANGER):
        outbox.ask(who)
        with outbox.app.app_context(), watched() as work[who]:
            outbox.send_next()
    assert work[ALICE.address]
    assert work[STRANGER] == work[ALICE.address]


def test_a_decoy_has_as_many_words_with_the_server_and_names_nobody(send, smtp, alice):
    for who in (ALICE.address, STRANGER, ALICE.address):
        send(who)
    mail, rehearsal = ["MAIL", "RCPT", "DATA"], ["MAIL", "NOOP", "NOOP", "RSET"]
    assert smtp.conversations == [["EHLO", *mail, *rehearsal, *mail]]
    assert len(smtp.mails) == 2


def test_a_decoy_takes_as_long_as_the_mail_before_it(send, smtp, alice):
    smtp.pauses["."] = 0.2
    send(ALICE.address)
    began = time.monotonic()
    send(STRANGER)
    assert time.monotonic() - began >= 0.2
