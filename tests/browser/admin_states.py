"""The pages of admins and of asking for access: how to come there, and words that stand there."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import quote

from tests.browser.site import PATIENCE, Site
from tests.browser.somebody import Somebody, new_address

_programs = count(1)
OFFICE = "https://wiki.example.org/office/plan?year=2026"
RULES = (
    {"path": "/", "allow": ["everyone"], "proofs": "one"},
    {"path": "/office", "allow": ["group:office", "bob@example.org"], "proofs": "two", "fresh": 15},
    {"path": "/office/" + "a-long-name-" * 8, "allow": ["anyone"], "proofs": "one"},
)
WORDS = "For the yearly report: the numbers of 2025 are in there, and I have to file it by Friday."


def run(site: Site, statement: str, *values: object) -> None:
    """Write one statement into the database of the served site."""
    with closing(sqlite3.connect(site.database, timeout=PATIENCE)) as connection, connection:
        connection.execute(statement, values)


def put_wiki(site: Site) -> None:
    """Have a wiki behind the gate, with a guest."""
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}.000000"
    later = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d %H:%M:%S}.000000"
    run(
        site,
        "INSERT OR IGNORE INTO apps (name, title, origin, rules, created_at, changed_at) "
        "VALUES ('wiki', 'Our wiki', 'https://wiki.example.org', ?, ?, ?)",
        json.dumps(RULES),
        now,
        now,
    )
    run(
        site,
        "INSERT INTO guests (app_id, path, key, until, created_at) "
        "SELECT id, '/office', 'carol.with.a.long.name@client.example', ?, ? FROM apps "
        "WHERE name = 'wiki' AND NOT EXISTS (SELECT 1 FROM guests)",
        later,
        now,
    )


def asking(ada: Somebody) -> None:
    put_wiki(ada.site)
    ada.sign_in(f"/sign-in?next={quote(f'/gate/ask?rd={quote(OFFICE)}', safe='')}")


def asking_with_an_error(ada: Somebody) -> None:
    asking(ada)
    ada.press("Ask for access")


def asked(ada: Somebody) -> None:
    asking(ada)
    ada.page.get_by_label("Why do you need it?").fill(WORDS)
    ada.press("Ask for access")


def nothing_to_ask_for(ada: Somebody) -> None:
    put_wiki(ada.site)
    ada.sign_in("/sign-in?next=/gate/ask%3Frd%3Dhttps://wiki.example.org/")


def admin(ada: Somebody) -> None:
    """Sign in by two proofs, as an admin."""
    put_wiki(ada.site)
    ada.add_app()
    run(
        ada.site,
        "UPDATE users SET role = 'admin' WHERE id IN "
        "(SELECT user_id FROM identifiers WHERE address = ?)",
        ada.address,
    )
    ada.open("/admin/apps")


def apps(ada: Somebody) -> None:
    admin(ada)


def wiki_page(ada: Somebody) -> None:
    admin(ada)
    ada.page.get_by_role("link", name="Our wiki").click()


def new_app_page(ada: Somebody) -> None:
    admin(ada)
    ada.open("/admin/apps/new")


def new_app_page_with_errors(ada: Somebody) -> None:
    new_app_page(ada)
    ada.press("Add this app")


def edit_app(ada: Somebody) -> None:
    admin(ada)
    ada.open("/admin/apps/wiki/edit")


def stale_app(ada: Somebody) -> None:
    edit_app(ada)
    run(ada.site, "UPDATE apps SET title = title || '!' WHERE name = 'wiki'")
    ada.press("Change it")
    run(ada.site, "UPDATE apps SET title = 'Our wiki' WHERE name = 'wiki'")


def remove_app(ada: Somebody) -> None:
    admin(ada)
    ada.open("/admin/apps/wiki/remove")


def rule_page(ada: Somebody) -> None:
    admin(ada)
    ada.open("/admin/apps/wiki/rule?of=/office")


def rule_page_with_an_error(ada: Somebody) -> None:
    rule_page(ada)
    ada.page.get_by_label("Who may open it").fill("nobody")
    ada.press("Change this rule")


def remove_rule(ada: Somebody) -> None:
    admin(ada)
    ada.open("/admin/apps/wiki/rule/remove?of=/office")


def guest_page(ada: Somebody) -> None:
    admin(ada)
    ada.open("/admin/apps/wiki/guest")


def end_guest(ada: Somebody) -> None:
    admin(ada)
    ada.open("/admin/apps/wiki")
    ada.page.get_by_role("link", name="End for carol").click()


def key_page(ada: Somebody) -> None:
    admin(ada)
    ada.open("/admin/apps/wiki/key")


def key_shown(ada: Somebody) -> None:
    key_page(ada)
    ada.page.get_by_label("Name of the program").fill(f"backup-{next(_programs)}")
    ada.press("Make a key")


def end_key(ada: Somebody) -> None:
    key_page(ada)
    name = f"a-program-with-a-long-name-{next(_programs)}"
    ada.page.get_by_label("Name of the program").fill(name)
    ada.press("Make a key")
    ada.open(f"/admin/apps/wiki/key/end?called={name}")


def importing(ada: Somebody) -> None:
    admin(ada)
    ada.open("/admin/import")


def import_preview(ada: Somebody) -> None:
    importing(ada)
    text = '[[apps]]\nname = "docs"\nurl = "https://docs.example.org"\n'
    ada.page.get_by_label("Text of the file").fill(text)
    ada.press("Show what it would do")


def requests(ada: Somebody) -> None:
    asked(ada.open_tab(new_address()))
    ada.page.context.clear_cookies()
    admin(ada)
    ada.open("/admin/requests")


def one_request(ada: Somebody) -> None:
    requests(ada)
    ada.page.get_by_role("link", name="wants Our wiki").last.click()


def granted(ada: Somebody) -> None:
    one_request(ada)
    ada.press("Grant access")


def why(ada: Somebody) -> None:
    admin(ada)
    ada.open("/admin/why")
    ada.page.get_by_label("Email address or phone number").fill(ada.address)
    ada.page.get_by_label("Address that they want to open").fill(OFFICE)
    ada.press("Tell me why")


def unsent(ada: Somebody) -> None:
    rule_page(ada)
    ada.site.let_pass(minutes=11)
    ada.press("Change this rule")


def unsent_by_nobody(ada: Somebody) -> None:
    rule_page(ada)
    ada.page.context.clear_cookies()
    ada.press("Change this rule")


ADMIN = {
    asking: "A few words for whoever decides.",
    asking_with_an_error: "Say in a few words why you need it",
    asked: "You asked for access",
    nothing_to_ask_for: "Our wiki is open to you",
    apps: "Save all as a file",
    wiki_page: "Who may open what",
    new_app_page: "As people read it",
    new_app_page_with_errors: "There are 2 problems",
    edit_app: "Change Our wiki",
    stale_app: "How it is now",
    remove_app: "Type wiki to remove it.",
    rule_page: "Rule for /office of Our wiki",
    rule_page_with_an_error: "Nobody names nobody",
    remove_rule: "Remove the rule for /office?",
    guest_page: "They are let in until its end",
    end_guest: "Let them in no more?",
    key_page: "The key opens this and all below it",
    key_shown: "This is the only time that we show it",
    end_key: "From the next request on the program is refused",
    importing: "You see what it would do",
    import_preview: "would be added",
    requests: "Requests for access",
    one_request: "Would pass",
    unsent: "This needs a fresh proof that it is you.",
    unsent_by_nobody: "You are signed out by now.",
    granted: "Access is granted, and they are told.",
    why: "wiki is for the group office and bob@example.org at /office.",
}
