"""The rules hold on SQLite and on PostgreSQL alike."""

import pytest

from otpapp.otp.keys import sealer
from tests.helpers.people import Person, add_person
from tests.rules.desk import Desk


@pytest.fixture
def database_url(either_database) -> str:
    """Run every test of this folder on both kinds of database."""
    return either_database


@pytest.fixture
def desk(context, settings, clock) -> Desk:
    """The front desk of the app, at the time of the test's clock."""
    return Desk(settings, clock)


@pytest.fixture
def zoe(context, settings) -> Person:
    """Somebody whose number comes after Alice's, as Bob's comes before it."""
    person = Person("email", "zoe.the.last@example.org", b"11223344556677889900")
    return add_person(person, sealer(settings.secrets))
