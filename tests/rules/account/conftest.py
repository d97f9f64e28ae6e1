"""Somebody signed in who looks after their own identifiers."""

import pytest

from tests.rules.account.owner import Owner


@pytest.fixture
def owner(desk, alice) -> Owner:
    """Alice, signed in a year after she became a user."""
    return Owner(desk, alice.user_id)
