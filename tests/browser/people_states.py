"""The pages about people and the trail: how to come there, and words that stand there."""

from datetime import UTC, datetime
from uuid import uuid4

from tests.browser.admin_states import admin, run
from tests.browser.somebody import Somebody, new_address

PEOPLE, EVENTS = "/admin/people", "/admin/events"
TABLE = "email,phone,groups,role\nnobody,,,\n{0},,office board,\n{1},,,boss\n"


def themself(ada: Somebody) -> None:
    """Open the page about Ada, who is an admin."""
    admin(ada)
    ada.open(f"{PEOPLE}?part={ada.address}")
    ada.page.locator("tbody a").first.click()
    ada.page.get_by_text("Id in the log").wait_for()


def somebody_else(ada: Somebody) -> None:
    """Open the page about somebody whom Ada has just added."""
    admin(ada)
    ada.open(f"{PEOPLE}/new")
    ada.page.get_by_label("Email address or phone number").fill(new_address())
    ada.page.get_by_label("Groups").fill("office a-group-with-a-very-long-name-for-a-page")
    ada.press("Add them")


def at(ada: Somebody, path: str) -> None:
    """Go on from the page about somebody to one that asks."""
    ada.open(f"{ada.path}/{path}")


def becomes(ada: Somebody, **values: str | None) -> None:
    """Have the person whose page is open be like that."""
    columns = ", ".join(f"{name} = ?" for name in values)
    user_id = ada.path.rpartition("/")[2].replace("-", "")
    run(ada.site, f"UPDATE users SET {columns} WHERE id = ?", *values.values(), user_id)
    ada.page.reload()


def many_people(ada: Somebody) -> None:
    somebody_else(ada)
    ada.open(f"{PEOPLE}?part=example")


def nobody_like_that(ada: Somebody) -> None:
    admin(ada)
    ada.open(f"{PEOPLE}?part=not-here&role=admin")


def person_shut_out(ada: Somebody) -> None:
    somebody_else(ada)
    becomes(ada, disabled_at=f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}.000000")


def shut_out(ada: Somebody) -> None:
    somebody_else(ada)
    at(ada, "disable")
    ada.press("Shut them out")


def ask_to_shut_out(ada: Somebody) -> None:
    somebody_else(ada)
    at(ada, "disable")


def ask_to_shut_out_oneself(ada: Somebody) -> None:
    themself(ada)
    at(ada, "disable")


def ask_to_unlock(ada: Somebody) -> None:
    somebody_else(ada)
    frozen_at = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}.000000"
    becomes(ada, disabled_at=frozen_at, disabled_by="owner")
    run(
        ada.site,
        "INSERT INTO credentials (id, user_id, kind, name, secret, counter, details, created_at) "
        "VALUES (?, ?, 'totp', 'My phone', '', 0, '{}', ?)",
        uuid4().hex,
        ada.path.rpartition("/")[2].replace("-", ""),
        frozen_at,
    )
    at(ada, "unlock")


def ask_to_delete(ada: Somebody) -> None:
    somebody_else(ada)
    at(ada, "delete")


def ask_to_delete_with_an_error(ada: Somebody) -> None:
    ask_to_delete(ada)
    ada.press("Delete them")


def ask_to_join(ada: Somebody) -> None:
    somebody_else(ada)
    at(ada, "group")


def ask_to_leave(ada: Somebody) -> None:
    somebody_else(ada)
    at(ada, "group/office/leave")


def ask_to_reset(ada: Somebody) -> None:
    themself(ada)
    ada.page.get_by_role("link", name="Take away").click()


def ask_to_reset_all(ada: Somebody) -> None:
    themself(ada)
    at(ada, "factors")


def new_person_with_errors(ada: Somebody) -> None:
    admin(ada)
    ada.open(f"{PEOPLE}/new")
    ada.page.get_by_label("Groups").fill("Office!")
    ada.press("Add them")


def many_to_add(ada: Somebody) -> None:
    admin(ada)
    ada.open(f"{PEOPLE}/import")


def preview_of_many(ada: Somebody) -> None:
    many_to_add(ada)
    text = TABLE.format(new_address(), new_address())
    ada.page.get_by_label("Text of the table").fill(text)
    ada.press("Show what it would do")


def trail(ada: Somebody) -> None:
    somebody_else(ada)
    ada.open(EVENTS)


def nothing_happened(ada: Somebody) -> None:
    admin(ada)
    ada.open(f"{EVENTS}?kind=not.here")


def unreadable_search(ada: Somebody) -> None:
    admin(ada)
    ada.open(f"{EVENTS}?ip=nowhere&since=soon")


PEOPLE_PAGES = {
    many_people: "Role and groups",
    nobody_like_that: "Nobody is like that.",
    themself: "and this is you",
    somebody_else: "They are signed in nowhere.",
    person_shut_out: "Shut out by an admin or operator",
    shut_out: "They cannot sign in any more.",
    ask_to_shut_out: "and you can let them in again",
    ask_to_shut_out_oneself: "This is you.",
    ask_to_unlock: "Take that away first",
    ask_to_delete: "to delete them.",
    ask_to_delete_with_an_error: "Type their first address to delete them",
    ask_to_join: "The first member makes the group.",
    ask_to_leave: "From the next request on they cannot open",
    ask_to_reset: "make sure first that it is them who asks",
    ask_to_reset_all: "Take all second proofs away?",
    new_person_with_errors: "There are 2 problems",
    many_to_add: "Paste a table out of a spreadsheet.",
    preview_of_many: "The lines that are wrong are left out.",
    trail: "When and from where",
    nothing_happened: "Nothing is like that.",
    unreadable_search: "There are 2 problems",
}
