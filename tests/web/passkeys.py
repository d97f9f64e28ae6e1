"""What tests of passkeys do in a browser without scripts: they fetch the options and fill in."""

from tests.helpers.browser import Browser
from tests.helpers.passkeys import Passkey
from tests.web.helpers import sign_in, words

ENROL = "/account/security/passkey"
PROVE = "/prove/passkey"
ENTRY = "/sign-in/passkey"


def ask(browser: Browser, action: str):
    """Fetch the options of the open page's form that posts to `action`, as its script does."""
    token = browser.page.form(action)["csrf_token"]
    return browser.post(f"{action}/options", headers={"X-CSRFToken": token})


def options(browser: Browser, action: str) -> dict:
    """Return those options."""
    answer = ask(browser, action)
    assert answer.status_code == 200, answer.text
    return answer.json


def enrol(browser: Browser, name: str = "", **how) -> Passkey:
    """Make a passkey in a browser that may do so now."""
    page = browser.get(ENROL)
    assert page.status_code == 200, page.location
    made = Passkey(**how)
    answer = browser.submit(ENROL, name=name, passkey=made.make(options(browser, ENROL)))
    assert answer.status_code == 303, words(answer.text)
    return made


def with_passkey(browser: Browser, clock, **how) -> Passkey:
    """Sign Alice in, give her a passkey, and sign her out; her next code is the second."""
    sign_in(browser)
    made = enrol(browser, **how)
    browser.get("/")
    browser.submit("/sign-out")
    clock.advance(minutes=2)
    return made


def send(browser: Browser, made: Passkey, action: str, fields: dict | None = None, **wrong):
    """Let a passkey answer the open page's form, wrong in one thing if any."""
    signed = made.sign(options(browser, action), **wrong)
    return browser.submit(action, passkey=signed, **(fields or {}))


def ready(browser: Browser, clock, action: str) -> dict[str, str]:
    """Return what fills one of these forms, or asks for its options, so that it does something."""
    page = action.removesuffix("/options")
    if page == ENROL:
        sign_in(browser)
        browser.get(ENROL)
        return {**browser.page.form(ENROL), "passkey": Passkey().make(options(browser, ENROL))}
    made = with_passkey(browser, clock)
    browser.get("/sign-in")
    if page == PROVE:
        send(browser, made, ENTRY)
        clock.advance(minutes=11)
        browser.get(PROVE)
    return {**browser.page.form(page), "passkey": made.sign(options(browser, page))}
