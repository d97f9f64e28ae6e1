"""How to come before each form of the account pages, rule by rule; see tests/web/forms.py."""

from collections.abc import Callable

from otpapp.extensions import db
from otpapp.models import Challenge
from otpapp.rules import challenges
from tests.helpers.browser import Browser
from tests.web.helpers import sign_in

Setup = Callable[[Browser, object], tuple[str, dict[str, str]]]
ADDRESSES = "/account/identifiers"
NEW = "alice.two@new.example"


def to_add(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, about to add an address."""
    sign_in(browser)
    browser.get(f"{ADDRESSES}/new")
    return f"{ADDRESSES}/new", {"identifier": NEW}


def to_prove(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, with the code that was sent to a new address."""
    action, typed = to_add(browser, clock)
    browser.follow(browser.submit(action, **typed))
    return f"{ADDRESSES}/code", {"code": _newest_code(browser)}


def to_send_again(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, about to have that code sent once more."""
    to_prove(browser, clock)
    clock.advance(minutes=2)
    browser.get(f"{ADDRESSES}/code")
    return f"{ADDRESSES}/code/resend", {}


def to_choose(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, with two addresses, about to put the newer one first."""
    action, typed = to_prove(browser, clock)
    browser.submit(action, **typed)
    browser.get(ADDRESSES)
    return next(one["action"] for one in browser.page.forms if "/first" in one["action"]), {}


def to_remove(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, with two addresses, about to remove one."""
    first, _ = to_choose(browser, clock)
    action = first.replace("/first", "/remove")
    browser.get(action)
    return action, {}


def to_leave(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, about to delete it all."""
    sign_in(browser)
    browser.get("/account/delete")
    return "/account/delete", {}


def to_keep(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, about to keep it after all."""
    action, _ = to_leave(browser, clock)
    browser.follow(browser.submit(action))
    return f"{action}/keep", {}


def _newest_code(browser: Browser) -> str:
    app = browser.application
    with app.app_context():
        asked = db.session.query(Challenge).order_by(Challenge.id.desc()).first()
        return challenges.code_of(asked, app.extensions["otpapp.settings"])


_ONE = f"{ADDRESSES}/<int(max=9007199254740992):number>"
ACCOUNT_SETUPS: dict[str, Setup] = {
    f"{ADDRESSES}/new": to_add,
    f"{ADDRESSES}/code": to_prove,
    f"{ADDRESSES}/code/resend": to_send_again,
    f"{_ONE}/first": to_choose,
    f"{_ONE}/remove": to_remove,
    "/account/delete": to_leave,
    "/account/delete/keep": to_keep,
}
