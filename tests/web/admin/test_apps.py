"""Apps on pages: nothing typed is lost, nothing goes by one click, and who did it is known."""

import pytest

from otpapp.clock import utc_now
from otpapp.extensions import db
from otpapp.models import Event
from otpapp.rules.gate import apps
from otpapp.rules.gate.rules import Rule
from otpapp.transaction import transaction
from tests.web.helpers import keep_app, notice, problem, title, words

WIKI = "https://wiki.example.org"
NEW = {"name": "docs", "title": "Our docs", "url": "https://Docs.example.org/"}


def plan(app, name: str = "wiki"):
    with app.app_context():
        found = apps.find(name)
        return apps.plan_of(found) if found else None


def trail(app, alice, kind: str) -> list[tuple[str, bool]]:
    """Return what each event of a kind is about, and whether Alice did it."""
    with app.app_context():
        found = db.session.query(Event).filter_by(kind=kind).order_by(Event.id)
        return [(one.subject, one.user_id == alice.user_id) for one in found]


def test_where_there_is_no_app_the_first_command_is_named(admin):
    page = words(admin.get("/admin/apps").text)
    assert "Nothing is behind the gate yet." in page
    assert "flask apps add wiki https://wiki.example.org" in page


def test_the_list_has_each_app_with_its_address(admin, wiki, books):
    page = words(admin.get("/admin/apps").text)
    assert "Our books books, https://books.example.org, 1 rule" in page
    assert f"Our wiki wiki, {WIKI}, 2 rules" in page


def test_an_app_is_shown_with_its_rules(admin, wiki):
    page = words(admin.get("/admin/apps/wiki").text)
    assert f"Name wiki Address {WIKI}" in page
    assert "/ everyone who is signed in" in page
    assert "/office the group office with two different proofs" in page
    assert "Nobody is let in until a date." in page


def test_an_app_without_a_rule_says_that_nobody_may_open_it(admin, app):
    keep_app(app)
    assert "There is no rule, so nobody may open it." in words(admin.get("/admin/apps/wiki").text)


def test_an_app_is_added_for_everyone_at_first(admin, app, alice):
    admin.get("/admin/apps/new")
    page = admin.follow(admin.submit("/admin/apps/new", **NEW))
    assert notice(page).startswith("It is behind the gate")
    assert page.request.path == "/admin/apps/docs"
    found = plan(app, "docs")
    assert (found.title, found.origin) == ("Our docs", "https://docs.example.org")
    assert found.rules == (Rule("/", ("everyone",)),)
    assert trail(app, alice, "app.added") == [("docs", True)]


def test_without_a_title_the_name_stands_in(admin, app):
    admin.get("/admin/apps/new")
    admin.submit("/admin/apps/new", **{**NEW, "title": "  "})
    assert plan(app, "docs").title == "docs"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "Docs"}, "A name has 1 to 40"),
        ({"url": "docs.example.org"}, "An address is scheme and host"),
        ({"url": "https://auth.example.org"}, "is the host of this site itself"),
        ({"title": "x" * 81}, "A title has 1 to 80"),
        ({"name": "wiki"}, "There is an app of this name already"),
        ({"url": WIKI}, "The host of this address is of another app already"),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_typed_is_lost(admin, app, wiki, typed, said):
    admin.get("/admin/apps/new")
    page = admin.submit("/admin/apps/new", **{**NEW, **typed})
    assert page.status_code == 422
    assert said in problem(page)
    assert title(page.text).startswith("Error: Add an app")
    fields = admin.page.form("/admin/apps/new")
    assert {name: fields[name] for name in NEW} == {**NEW, **typed}
    assert plan(app, "docs") is None
    assert plan(app).title == "Our wiki"


def test_all_that_is_wrong_is_said_at_once(admin):
    admin.get("/admin/apps/new")
    page = admin.submit("/admin/apps/new", name="?", title="", url="?")
    assert "There are 2 problems" in words(page.text)


def test_name_title_and_address_are_changed_and_rules_stay(admin, app, wiki, alice):
    rules = plan(app).rules
    admin.get("/admin/apps/wiki/edit")
    typed = {"name": "pages", "title": "Pages", "url": "https://pages.example.org"}
    page = admin.follow(admin.submit("/admin/apps/wiki/edit", **typed))
    assert page.request.path == "/admin/apps/pages"
    found = plan(app, "pages")
    assert (found.title, found.origin, found.rules) == ("Pages", typed["url"], rules)
    assert trail(app, alice, "app.changed") == [("pages", True)]


def test_what_cannot_be_changed_is_said(admin, app, wiki, books):
    for typed, said in (
        ({"name": "books"}, "There is an app of this name already"),
        (
            {"url": "https://books.example.org"},
            "The host of this address is of another app already",
        ),
        ({"url": "x"}, "An address is scheme and host"),
    ):
        admin.get("/admin/apps/wiki/edit")
        page = admin.submit("/admin/apps/wiki/edit", **typed)
        assert (page.status_code, said in problem(page)) == (422, True)
    assert plan(app).origin == WIKI


def test_what_somebody_changed_meanwhile_is_shown_beside_what_was_typed(admin, app, wiki):
    admin.get("/admin/apps/wiki/edit")
    keep_app(app, Rule("/theirs", ("anyone",)))
    page = admin.submit("/admin/apps/wiki/edit", title="Mine")
    assert page.status_code == 409
    assert problem(page).startswith("Somebody changed this while you did.")
    assert "How it is now" in words(page.text)
    assert "/theirs for anyone" in words(page.text)
    assert admin.page.form("/admin/apps/wiki/edit")["title"] == "Mine"
    assert plan(app).title == "Our wiki"
    assert admin.submit("/admin/apps/wiki/edit").status_code == 303
    assert plan(app).title == "Mine"
    assert [rule.path for rule in plan(app).rules] == ["/theirs"]


def test_an_app_is_removed_by_typing_its_name(admin, app, wiki, alice):
    page = admin.get("/admin/apps/wiki/remove")
    assert "Its 2 rules, its guests, its access keys and the requests" in words(page.text)
    refused = admin.submit("/admin/apps/wiki/remove", name="wik")
    assert refused.status_code == 422
    assert problem(refused) == "Type the name of the app to remove it"
    assert plan(app)
    page = admin.follow(admin.submit("/admin/apps/wiki/remove", name="wiki"))
    assert notice(page).startswith("It is removed.")
    assert plan(app) is None
    assert trail(app, alice, "app.removed") == [("wiki", True)]


@pytest.mark.parametrize("end", ["", "/edit", "/remove", "/rule", "/rule/remove", "/guest"])
def test_an_app_that_is_not_there_is_told(admin, end):
    page = admin.get(f"/admin/apps/nope{end}")
    assert page.status_code == 404
    assert "This app is not there any more." in words(page.text)


def test_what_was_removed_while_its_form_was_open_is_told(admin, app, wiki):
    admin.get("/admin/apps/wiki/edit")
    with app.app_context(), transaction():
        apps.remove("wiki", utc_now())
    assert admin.submit("/admin/apps/wiki/edit", title="Mine").status_code == 404


def test_a_title_is_text_and_never_a_tag(admin, app, wiki):
    admin.get("/admin/apps/wiki/edit")
    page = admin.follow(admin.submit("/admin/apps/wiki/edit", title="<b>R&D</b> {{ 7*7 }}"))
    assert "&lt;b&gt;R&amp;D&lt;/b&gt; {{ 7*7 }}" in page.text
