"""What tests of delivery need on top: the outbox, servers, certificates, short time-outs."""

from collections.abc import Callable, Iterator

import pytest

from otpapp.delivery import smtp as line
from tests.delivery.notices import Factors
from tests.delivery.outbox_steps import Outbox
from tests.delivery.servers import ScriptedSmtp, SmsGateway
from tests.helpers.certificates import Authority


@pytest.fixture
def outbox(app, mailbox) -> Iterator[Outbox]:
    """The app's outbox; nothing is sent before the test says so."""
    outbox = Outbox(app)
    yield outbox
    outbox.close()


@pytest.fixture
def gateway() -> Iterator[SmsGateway]:
    """An SMS gateway on loopback."""
    with SmsGateway() as gateway:
        yield gateway


@pytest.fixture
def smtp() -> Iterator[ScriptedSmtp]:
    """A mail server whose replies the test may change."""
    with ScriptedSmtp() as server:
        yield server


@pytest.fixture
def authority(tmp_path) -> Authority:
    """A certificate authority that nobody trusts yet."""
    return Authority(tmp_path)


@pytest.fixture
def short_time_outs(monkeypatch) -> None:
    """A second where the product waits for many; a busy machine still answers within it."""
    monkeypatch.setattr(line, "OPERATION_SECONDS", 0.8)
    monkeypatch.setattr(line, "TOTAL_SECONDS", 2.5)


@pytest.fixture
def factors_of(app, settings) -> Callable[..., Factors]:
    """Return the factors of a person, whose identifier is verified."""

    def of(person) -> Factors:
        factors = Factors(app, settings, person.user_id)
        factors.verify()
        return factors

    return of
