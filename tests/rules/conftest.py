"""The rules hold on SQLite and on PostgreSQL alike."""

import pytest

from tests.rules.desk import Desk


@pytest.fixture
def database_url(either_database) -> str:
    """Run every test of this folder on both kinds of database."""
    return either_database


@pytest.fixture
def desk(context, settings, clock) -> Desk:
    """The front desk of the app, at the time of the test's clock."""
    return Desk(settings, clock)
