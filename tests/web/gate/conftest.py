"""Two apps behind the gate, and who stands before it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from otpapp.clock import utc_now
from otpapp.rules.gate import apps
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.rules import Rule
from otpapp.transaction import transaction
from tests.helpers.browser import new_browser
from tests.web.gate.walker import BOOKS, WIKI, Walker

RULES = (
    Rule("/", ("everyone",)),
    Rule("/office", ("group:office",)),
    Rule("/vault", ("everyone",), "two"),
    Rule("/fresh", ("everyone",), "one", timedelta(minutes=5)),
    Rule("/public", ("anyone",)),
)


@pytest.fixture
def keep(app) -> Callable[..., None]:
    """Return what keeps an app: `keep("wiki", WIKI, Rule("/", ("everyone",)))`."""

    def keep(name: str, origin: str, *rules: Rule) -> None:
        with app.app_context(), transaction():
            apps.keep(Plan(name, name.capitalize(), origin, rules), utc_now())

    return keep


@pytest.fixture
def walker(client, alice, keep) -> Walker:
    """A browser before two apps; Alice may sign in."""
    keep("wiki", WIKI, *RULES)
    keep("books", BOOKS, Rule("/", ("everyone",)))
    return Walker(client)


@pytest.fixture
def other(app, walker) -> Walker:
    """Another browser before the same apps."""
    return Walker(new_browser(app))
