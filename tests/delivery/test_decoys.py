"""A decoy costs its sender what a message costs, and reaches nobody (X12, X13)."""

import pytest

from otpapp.delivery.codes import NOBODY
from otpapp.delivery.mail import MailTransport
from otpapp.delivery.parcels import Mail
from otpapp.delivery.post import deliver_next
from otpapp.otp import hotp
from tests.helpers.people import ALICE

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
