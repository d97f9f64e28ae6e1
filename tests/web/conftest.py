"""Browsers of a site whose settings differ."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from otpapp import create_app
from otpapp.extensions import db
from tests.helpers import quick
from tests.helpers.browser import Browser, new_browser


@pytest.fixture
def make_client(app, settings) -> Callable[..., Browser]:
    """Return a browser of a site with other settings on the database of `app`."""
    made = []

    def make(**changes: object) -> Browser:
        other = create_app(replace(settings, **changes))
        other.jinja_env.bytecode_cache = quick.TEMPLATES
        made.append(other)
        return new_browser(other)

    yield make
    for other in made:
        with other.app_context():
            db.engine.dispose()
