"""An admin in a browser, with the fresh proof that changes ask for, and two apps."""

from collections.abc import Callable

import pytest

from otpapp.extensions import db
from otpapp.models import User
from otpapp.rules.gate.rules import Rule
from otpapp.transaction import transaction
from tests.helpers.browser import Browser
from tests.web.helpers import keep_app, sign_in


@pytest.fixture
def overrides() -> dict:
    """One proof is enough for admins here; what two ask for is tested apart."""
    return {"proofs_of_admins": "one"}


@pytest.fixture
def promoted(app, alice) -> None:
    """Alice is an admin."""
    with app.app_context(), transaction():
        db.session.get(User, alice.user_id).role = "admin"


@pytest.fixture
def admin(client, promoted) -> Browser:
    """Alice's browser, signed in as an admin a moment ago."""
    sign_in(client)
    return client


@pytest.fixture
def admin_of(make_client, promoted) -> Callable[..., Browser]:
    """Return a browser of Alice's as an admin, signed in at a site with other settings."""

    def arrive(**changes: object) -> Browser:
        browser = make_client(**changes)
        sign_in(browser)
        return browser

    return arrive


@pytest.fixture
def wiki(app) -> None:
    """An app for everyone who is signed in, with a part for an office."""
    keep_app(app, Rule("/", ("everyone",)), Rule("/office", ("group:office",), "two"))


@pytest.fixture
def books(app) -> None:
    """Another app."""
    keep_app(app, Rule("/", ("everyone",)), name="books")
