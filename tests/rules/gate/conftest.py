"""Somebody who asks for access, and an admin who answers."""

import pytest

from tests.rules.gate.asking import RULES, Desk


@pytest.fixture
def asking(desk, alice, zoe) -> Desk:
    """Alice is refused by the rules of the wiki; Zoe is the admin. All addresses are verified."""
    asking = Desk(desk.settings, desk.clock, alice, zoe)
    asking.keep(*RULES)
    asking.verify()
    asking.promote()
    return asking
