"""What tests of factors do in a browser again and again."""

from dataclasses import dataclass
from datetime import datetime

from tests.helpers.authenticator import app_code
from tests.helpers.browser import Browser
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, part, sign_in, words

SECURITY = "/account/security"


@dataclass
class App:
    """An authenticator app that holds one key, at the time of the test's clock."""

    key: str
    clock: object

    def code(self, seconds: int = 0) -> str:
        """Return what it shows now, or so many seconds later."""
        now: datetime = self.clock.now  # type: ignore[attr-defined]
        return app_code(self.key, datetime.fromtimestamp(now.timestamp() + seconds, now.tzinfo))


def shown_key(page: str) -> str:
    """Return the key that a page shows for an authenticator app."""
    return part(page, 'class="key"')


def enrol_app(browser: Browser, clock, name: str = "My phone") -> App:
    """Add an authenticator app in a browser that may do so now; return the app."""
    page = browser.get(f"{SECURITY}/app")
    assert page.status_code == 200, page.location
    app = App(shown_key(page.text), clock)
    answer = browser.submit(f"{SECURITY}/app", name=name, code=app.code())
    assert answer.status_code == 303, words(answer.text)
    return app


def with_app(browser: Browser, clock) -> App:
    """Sign Alice in, give her an authenticator app, and sign her out."""
    sign_in(browser)
    app = enrol_app(browser, clock)
    browser.get("/")
    browser.submit("/sign-out")
    clock.advance(minutes=2)
    return app


def half_way(browser: Browser, number: int = 2, **changes: str):
    """Prove Alice's `number`-th code, where one more proof is demanded; return its page."""
    browser.ask(ALICE, **changes)
    answer = browser.answer(RFC_CODES[number])
    assert answer.location.startswith("/prove"), answer.location
    return browser.follow(browser.follow(answer))
