"""How to come before each form of the pages about people and the trail; see forms.py."""

from collections.abc import Callable
from uuid import UUID

from otpapp.clock import utc_now
from otpapp.rules import groups, identifiers, roles, users
from otpapp.rules.factors import credentials
from otpapp.transaction import transaction
from otpapp.web.admin.deed_routes import DEED
from tests.helpers.browser import Browser

Before = Callable[[Browser, object], None]
Setup = Callable[[Browser, object], tuple[str, dict[str, str]]]
PEOPLE, EVENTS = "/admin/people", "/admin/events"
MIA = "mia@example.org"
TABLE = "email,groups\nnew@example.org,office\n"
ONE = f"{PEOPLE}/<uuid:number>"
PLACES = {
    DEED: ("/disable", {}),
    "/unlock": ("/unlock", {}),
    "/delete": ("/delete", {"who": MIA}),
    "/group": ("/group", {"name": "board"}),
    "/group/<name>/leave": ("/group/office/leave", {}),
    "/factors": ("/factors", {}),
}


def add_mia(app) -> UUID:
    """Add somebody who is in a group and has a second proof."""
    settings = app.extensions["otpapp.settings"]
    with app.app_context(), transaction():
        owner = users.create(identifiers.parse(MIA, settings), settings, utc_now())
        assert owner
        groups.add(owner.user_id, "office", utc_now())
        roles.give(owner.user_id, "member", utc_now())
        credentials.add(owner.user_id, "totp", "My phone", b"k" * 20, utc_now(), settings)
    return owner.user_id


def setups(as_admin: Before) -> dict[str, Setup]:
    """Return what comes before each form, by its rule; `as_admin` signs an admin in."""

    def at(path: str, typed: dict[str, str]) -> Setup:
        def come(browser: Browser, clock) -> tuple[str, dict[str, str]]:
            as_admin(browser, clock)
            action = f"{PEOPLE}/{add_mia(browser.application)}{path}"
            browser.get(action)
            return action, typed

        return come

    def to_add(browser: Browser, clock) -> tuple[str, dict[str, str]]:
        as_admin(browser, clock)
        browser.get(f"{PEOPLE}/new")
        return f"{PEOPLE}/new", {"who": "new@example.org", "role": "member"}

    def to_import(browser: Browser, clock) -> tuple[str, dict[str, str]]:
        as_admin(browser, clock)
        browser.get(f"{PEOPLE}/import")
        browser.submit(f"{PEOPLE}/import", text=TABLE)
        return f"{PEOPLE}/import", {"text": TABLE}

    def to_export(browser: Browser, clock) -> tuple[str, dict[str, str]]:
        as_admin(browser, clock)
        browser.get(EVENTS)
        return f"{EVENTS}/export", {"file": "csv"}

    of_one = {f"{ONE}{rule}": at(path, typed) for rule, (path, typed) in PLACES.items()}
    many = {f"{PEOPLE}/new": to_add, f"{PEOPLE}/import": to_import, f"{EVENTS}/export": to_export}
    return {**of_one, **many}
