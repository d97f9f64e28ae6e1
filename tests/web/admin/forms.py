"""How to come before each form of the admin pages, rule by rule; see tests/web/forms.py."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update

from otpapp.clock import utc_now
from otpapp.models import User
from otpapp.rules.gate import apps, guests, keys, people, requests
from otpapp.rules.gate.requests import Wish
from otpapp.rules.gate.rules import Rule
from otpapp.rules.visitor import Visitor
from otpapp.transaction import execute, transaction
from tests.helpers.browser import Browser
from tests.web.admin import people_forms
from tests.web.factors import half_way, with_app
from tests.web.helpers import keep_app

Setup = Callable[[Browser, object], tuple[str, dict[str, str]]]
WIKI = "/admin/apps/wiki"
OFFICE = Rule("/office", ("group:office",))
BOB = "bob@client.example"
DOCS = '[[apps]]\nname = "docs"\nurl = "https://docs.example.org"\n'
PLACES = {
    "/admin/apps/new": {"name": "docs", "url": "https://docs.example.org"},
    "/admin/apps/<name>/edit": {"title": "Changed"},
    "/admin/apps/<name>/remove": {"name": "wiki"},
    "/admin/apps/<name>/rule": {"path": "/new", "allow": "everyone"},
    "/admin/apps/<name>/guest": {"who": BOB, "path": "/", "until": "2026-04-01"},
    "/admin/apps/<name>/key": {"called": "sync", "path": "/api", "until": "2026-04-01"},
    "/admin/invitations/new": {"addresses": "dora@example.org"},
    "/admin/settings/test": {"who": "dora@example.org"},
    "/admin/why": {"who": "alice@example.org", "url": "https://wiki.example.org/"},
}


def as_admin(browser: Browser, clock) -> None:
    """Sign Alice in as an admin, by two proofs; there is a wiki, a guest of it and a key to it."""
    mine = with_app(browser, clock)
    with browser.application.app_context(), transaction():
        execute(update(User).values(role="admin"))
    keep_app(browser.application, Rule("/", ("everyone",)), OFFICE)
    with browser.application.app_context(), transaction():
        until = utc_now() + timedelta(days=9)
        guests.let_in(apps.find("wiki"), "/", BOB, until, utc_now())
        keys.make(apps.find("wiki"), "backup", "/", until, utc_now())
    half_way(browser)
    answer = browser.submit("/prove/totp", code=mine.code())
    assert answer.status_code == 303, answer.text


def at(rule: str) -> Setup:
    """Return what comes before the form of a page, filled in so that it would do something."""

    def come(browser: Browser, clock) -> tuple[str, dict[str, str]]:
        as_admin(browser, clock)
        action = rule.replace("<name>", "wiki")
        browser.get(action)
        return action, PLACES[rule]

    return come


def to_remove_a_rule(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Before the button that removes a rule."""
    as_admin(browser, clock)
    action = f"{WIKI}/rule/remove?of=/office"
    browser.get(action)
    return action, {}


def to_end_a_guest(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Before the button that ends a guest."""
    as_admin(browser, clock)
    action = f"{WIKI}/guest/1/end"
    browser.get(action)
    return action, {}


def to_end_a_key(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Before the button that ends a key."""
    as_admin(browser, clock)
    action = f"{WIKI}/key/end?called=backup"
    browser.get(action)
    return action, {}


def to_import(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Before a preview of what an import would do."""
    as_admin(browser, clock)
    browser.get("/admin/import")
    browser.submit("/admin/import", text=DOCS)
    return "/admin/import", {"text": DOCS}


def to_answer(browser: Browser, clock) -> tuple[str, dict[str, str]]:
    """Before a request for access, of Alice's own."""
    as_admin(browser, clock)
    settings = browser.application.extensions["otpapp.settings"]
    with browser.application.app_context(), transaction():
        wiki, alice = apps.find("wiki"), execute(User.__table__.select()).first()
        who = people.somebody(alice.id, wiki, (), utc_now())
        wish = Wish(wiki, "/office", "https://wiki.example.org/office", "please")
        requests.ask(wish, who, Visitor(), settings, utc_now())
    browser.get("/admin/requests/1")
    return "/admin/requests/1", {"verdict": "granted"}


def to_change_an_invitation(what: str) -> Setup:
    """Return what comes before a button of the page of an invitation."""

    def come(browser: Browser, clock) -> tuple[str, dict[str, str]]:
        as_admin(browser, clock)
        browser.get("/admin/invitations/new")
        browser.submit("/admin/invitations/new", addresses="dora@example.org")
        browser.get("/admin/invitations/1")
        return f"/admin/invitations/1/{what}", {}

    return come


ADMIN_SETUPS: dict[str, Setup] = {
    **{rule: at(rule) for rule in PLACES},
    "/admin/apps/<name>/rule/remove": to_remove_a_rule,
    "/admin/apps/<name>/guest/<int(max=9007199254740992):number>/end": to_end_a_guest,
    "/admin/apps/<name>/key/end": to_end_a_key,
    "/admin/import": to_import,
    "/admin/requests/<int(max=9007199254740992):number>": to_answer,
    **{
        f"/admin/invitations/<int(max=9007199254740992):number>/{what}": to_change_an_invitation(
            what
        )
        for what in ("resend", "withdraw")
    },
    **people_forms.setups(as_admin),
}
