"""The outbox holds on SQLite and on PostgreSQL alike."""

import pytest


@pytest.fixture
def database_url(either_database) -> str:
    """Run every test of this folder on both kinds of database."""
    return either_database
