"""How to come before each form that a browser must not be made to send: rule by rule."""

from collections.abc import Callable

from otpapp.rules.gate.rules import Rule
from tests.helpers.browser import Browser, new_browser
from tests.helpers.people import RFC_CODES, RFC_KEY
from tests.web.account.forms import ACCOUNT_SETUPS
from tests.web.admin.forms import ADMIN_SETUPS
from tests.web.factors import SECURITY, App, enrol_app, half_way, shown_key, with_app
from tests.web.helpers import ALICE, keep_app, sign_in

SESSIONS = "/account/sessions"
NUMBER = "<int(max=9007199254740992):number>"
Setup = Callable[[Browser, object], tuple[str, dict[str, str]]]


def by_app(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Half way in, before the page that takes the code of an app."""
    app = with_app(browser, clock)
    half_way(browser)
    return "/prove/totp", {"code": app.code()}


def to_cancel(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Half way in, about to start again."""
    by_app(browser, clock)
    return "/prove/cancel", {}


def by_code(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in for a while, about to have a code sent for a risky page."""
    sign_in(browser)
    clock.advance(minutes=11)
    browser.follow(browser.get(f"{SECURITY}/app"))
    return "/prove/code", {}


def to_enrol(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, with the code of a new app."""
    sign_in(browser)
    page = browser.get(f"{SECURITY}/app")
    return f"{SECURITY}/app", {"code": App(shown_key(page.text), clock).code()}


def to_enrol_token(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, with two codes of a token."""
    sign_in(browser)
    browser.get(f"{SECURITY}/token")
    typed = {"typed": RFC_KEY.hex(), "code": RFC_CODES[3], "after": RFC_CODES[4]}
    return f"{SECURITY}/token", typed


def to_make_codes(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, about to make recovery codes."""
    sign_in(browser)
    enrol_app(browser, clock)
    browser.get(f"{SECURITY}/recovery-codes")
    return f"{SECURITY}/recovery-codes", {}


def to_remove(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, about to remove an app."""
    sign_in(browser)
    enrol_app(browser, clock)
    browser.get(SECURITY)
    (link,) = [one["href"] for one in browser.page.all("a") if one["href"].endswith("/remove")]
    browser.get(link)
    return link, {}


def to_distrust(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, in a browser that is trusted."""
    app = with_app(browser, clock)
    half_way(browser)
    browser.submit("/prove/totp", code=app.code(), trust="yes")
    browser.get(SESSIONS)
    return _first(browser, "/distrust"), {}


def to_forget(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, in a browser that is known."""
    sign_in(browser)
    browser.get(SESSIONS)
    return _first(browser, "/forget"), {}


def to_end_one(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, here and elsewhere."""
    sign_in(new_browser(browser.application))
    clock.advance(minutes=2)
    sign_in(browser, 2)
    browser.get(SESSIONS)
    return _first(browser, "/end"), {}


def to_export(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, about to save all that is stored."""
    sign_in(browser)
    browser.get("/account/export")
    return "/account/export", {}


def _first(browser: Browser, end: str) -> str:
    """Return where the open page's first form of this kind posts to."""
    return next(one["action"] for one in browser.page.forms if one["action"].endswith(end))


def to_end_elsewhere(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, about to sign out everywhere else."""
    sign_in(browser)
    browser.get(f"{SESSIONS}/elsewhere")
    return f"{SESSIONS}/elsewhere", {}


def to_ask_for_access(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Signed in, refused by the rule of an app."""
    keep_app(browser.application, Rule("/", ("group:staff",)))
    sign_in(browser)
    browser.get("/gate/ask?rd=https://wiki.example.org/")
    return "/gate/ask", {"words": "for a report"}


SETUPS: dict[str, Setup] = {
    "/prove/<any(totp, hotp, password, recovery):factor>": by_app,
    "/prove/cancel": to_cancel,
    "/prove/code": by_code,
    f"{SECURITY}/app": to_enrol,
    f"{SECURITY}/token": to_enrol_token,
    f"{SECURITY}/recovery-codes": to_make_codes,
    f"{SECURITY}/<uuid:number>/remove": to_remove,
    f"{SESSIONS}/elsewhere": to_end_elsewhere,
    f"{SESSIONS}/{NUMBER}/end": to_end_one,
    f"{SESSIONS}/browsers/{NUMBER}/forget": to_forget,
    f"{SESSIONS}/browsers/{NUMBER}/distrust": to_distrust,
    "/account/export": to_export,
    "/gate/ask": to_ask_for_access,
    **ACCOUNT_SETUPS,
    **ADMIN_SETUPS,
}


def signed_out(browser: Browser, action: str, clock) -> dict[str, str]:
    """Come before a form of somebody who has yet to sign in, or to sign out."""
    if action == "/sign-out":
        sign_in(browser)
        browser.get("/")
    elif action == "/sign-in":
        browser.get("/sign-in")
    else:
        browser.ask(ALICE)
        clock.advance(minutes=1)
    return {"identifier": ALICE, "code": RFC_CODES[1]}
