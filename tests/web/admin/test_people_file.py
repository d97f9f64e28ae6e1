"""People out of a spreadsheet: shown line by line first, then done, and wrong lines stop nobody."""

import pytest

from otpapp.rules.people import directory
from otpapp.rules.people.directory import Wanted
from tests.web.admin.people_forms import MIA, PEOPLE, add_mia
from tests.web.helpers import ALICE, notice, problem, words

IMPORT = f"{PEOPLE}/import"
HEAD = "email,phone,groups,role\n"


def everybody(app) -> dict[str, tuple[str, ...]]:
    with app.app_context():
        found = directory.page(Wanted(), app.extensions["otpapp.settings"]).people
        return {one.keys[0]: (one.role, *one.groups) for one in found}


def show(admin, text: str):
    admin.get(IMPORT)
    return admin.submit(IMPORT, text=text)


def test_a_form_of_a_file_is_shown_before_anything_is_typed(admin):
    page = words(admin.get(IMPORT).text)
    assert "email,phone,groups,role" in page
    assert "For more than some hundred people: flask users import" in page


def test_each_line_is_shown_before_it_is_done(admin, app):
    add_mia(app)
    text = HEAD + f"new@example.org,,office board,admin\n{MIA},+12025550143,board,\n{ALICE},,,\n"
    page = show(admin, text.replace("\n", "\r\n"))
    assert page.status_code == 200
    said = words(page.text)
    assert "new@example.org line 2 Is new in board, office; admin" in said
    assert f"{MIA}, +1 202-555-0143 line 3 Is changed gets +1 202-555-0143; in board" in said
    assert f"{ALICE} line 4 Stays the same" in said
    assert everybody(app) == {ALICE: ("admin",), MIA: ("member", "office")}
    page = admin.follow(admin.submit(IMPORT, text=text))
    assert notice(page) == "All of it is done."
    assert everybody(app) == {
        ALICE: ("admin",),
        MIA: ("member", "board"),
        "new@example.org": ("admin", "board", "office"),
    }


def test_the_trail_names_who_did_it(admin, app):
    text = HEAD + "new@example.org,,,\n"
    show(admin, text)
    admin.submit(IMPORT, text=text)
    assert f"user.created by {ALICE} new@example.org" in words(admin.get("/admin/events").text)


def test_wrong_lines_are_named_and_left_out(admin, app):
    text = HEAD + "nobody,,,\nnew@example.org,,,\nother@example.org,,,boss\n"
    page = show(admin, text)
    assert page.status_code == 422
    assert problem(page).startswith("There are 2 problems Line 2: nobody: enter an email address")
    assert "Line 4: boss is no role" in problem(page)
    assert "The lines that are wrong are left out." in page.text
    assert admin.submit(IMPORT, text=text).status_code == 303
    assert set(everybody(app)) == {ALICE, "new@example.org"}


@pytest.mark.parametrize("text", ["", "name\nx", HEAD + "nobody,,,\n"])
def test_where_no_line_is_right_nothing_can_be_done(admin, text):
    page = show(admin, text)
    assert page.status_code == 422
    assert ">Show what it would do</button>" in page.text
    assert admin.submit(IMPORT, text=text).status_code == 422


def test_where_nothing_would_change_that_is_said(admin):
    text = HEAD + f"{ALICE},,,\n"
    assert "Nothing would change." in show(admin, text).text
    assert admin.submit(IMPORT, text=text).status_code == 200


def test_another_text_is_shown_anew(admin, app):
    show(admin, HEAD + "new@example.org,,,\n")
    page = admin.submit(IMPORT, text=HEAD + "other@example.org,,,\n")
    assert "other@example.org line 2 Is new" in words(page.text)
    assert set(everybody(app)) == {ALICE}


def test_what_another_admin_changed_meanwhile_is_shown_first(admin, app):
    text = HEAD + f"{MIA},,board,\n"
    show(admin, text)
    add_mia(app)
    page = admin.submit(IMPORT, text=text)
    assert page.status_code == 422
    assert problem(page).startswith("Something of this was changed meanwhile.")
    assert "line 2 Is changed" in words(page.text)
    assert everybody(app)[MIA] == ("member", "office")
    assert admin.submit(IMPORT, text=text).status_code == 303
    assert everybody(app)[MIA] == ("member", "board")


def test_a_line_that_cannot_be_done_after_all_is_named(admin, app):
    """The last admin stays one, whatever a file says."""
    text = HEAD + f"{ALICE},,,member\nnew@example.org,,,\n"
    show(admin, text)
    page = admin.submit(IMPORT, text=text)
    assert page.status_code == 422
    assert problem(page) == f"Line 2: {ALICE} is the last admin who can sign in, and stays one."
    assert everybody(app) == {ALICE: ("admin",), "new@example.org": ("member",)}


def test_more_than_a_form_may_hold_is_refused(admin):
    page = show(admin, HEAD + "x" * 20_000)
    assert page.status_code == 413
    assert "Send less." in page.text
