"""Apps as a file on pages: what is saved can be read back, after a look at what it would do."""

from otpapp.rules.gate import files
from otpapp.rules.gate.rules import Rule
from tests.web.admin.test_apps import plan, trail
from tests.web.helpers import keep_app, notice, problem, words

IMPORT = "/admin/import"
DOCS = '[[apps]]\nname = "docs"\nurl = "https://docs.example.org"\n'


def test_what_is_saved_is_a_file_of_all_apps(admin, app, wiki, books):
    answer = admin.get("/admin/apps.toml")
    assert answer.mimetype == "application/toml"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="apps.toml"'
    assert answer.text == files.write([plan(app, "books"), plan(app, "wiki")])


def test_it_is_shown_before_it_is_done(admin, app, wiki, alice):
    text = admin.get("/admin/apps.toml").text.replace("Our wiki", "The wiki") + DOCS
    admin.get(IMPORT)
    page = admin.submit(IMPORT, text=text.replace("\n", "\r\n"))
    assert page.status_code == 200
    assert "wiki https://wiki.example.org would be changed" in words(page.text)
    assert "docs https://docs.example.org would be added" in words(page.text)
    assert (plan(app).title, plan(app, "docs")) == ("Our wiki", None)
    page = admin.follow(admin.submit(IMPORT, text=text))
    assert notice(page) == "All of it is done."
    assert plan(app).title == "The wiki"
    assert plan(app, "docs").rules == ()
    assert trail(app, alice, "app.added")[-1] == ("docs", True)


def test_what_stays_the_same_is_said(admin, wiki):
    text = admin.get("/admin/apps.toml").text
    admin.get(IMPORT)
    assert "wiki https://wiki.example.org stays the same" in words(
        admin.submit(IMPORT, text=text).text
    )


def test_every_fault_is_named_and_nothing_typed_is_lost(admin, app):
    text = DOCS + 'color = "red"\n' + DOCS.replace("docs", "Docs")
    admin.get(IMPORT)
    page = admin.submit(IMPORT, text=text)
    assert page.status_code == 422
    assert problem(page).startswith("There are 2 problems App 1 (docs): color is not known here")
    assert "App 2 (Docs): a name has 1 to 40" in problem(page)
    assert "color = &#34;red&#34;" in page.text
    assert plan(app, "docs") is None


def test_nothing_typed_at_all_is_a_fault(admin):
    admin.get(IMPORT)
    assert problem(admin.submit(IMPORT, text="")).startswith("A file of apps has tables")


def test_an_address_of_another_app_is_shown_and_cannot_be_done(admin, app, wiki):
    admin.get(IMPORT)
    text = DOCS.replace("docs.example.org", "wiki.example.org")
    page = admin.submit(IMPORT, text=text)
    assert "cannot be: its host is of another app already" in words(page.text)
    assert "seen" not in admin.page.form(IMPORT)
    assert admin.submit(IMPORT, text=text).status_code == 200
    assert plan(app, "docs") is None


def test_two_apps_may_swap_their_addresses(admin, app, wiki, books):
    text = admin.get("/admin/apps.toml").text
    swapped = text.replace("//wiki.", "//x.").replace("//books.", "//wiki.")
    swapped = swapped.replace("//x.", "//books.")
    admin.get(IMPORT)
    admin.submit(IMPORT, text=swapped)
    page = admin.follow(admin.submit(IMPORT, text=swapped))
    assert notice(page) == "All of it is done."
    assert plan(app).origin == "https://books.example.org"
    assert plan(app, "books").origin == "https://wiki.example.org"


def test_a_number_that_is_none_of_minutes_is_a_fault(admin, wiki):
    admin.get(IMPORT)
    for fresh in (-(10**20), -1, 10**20):
        rule = f'[[apps.rules]]\npath = "/"\nallow = ["everyone"]\nfresh = {fresh}\n'
        page = admin.submit(IMPORT, text=DOCS + rule)
        assert page.status_code == 422
        assert "fresh is 1 minute to 30 days" in problem(page)


def test_what_changed_since_it_was_shown_is_shown_once_more(admin, app, wiki):
    text = admin.get("/admin/apps.toml").text
    admin.get(IMPORT)
    admin.submit(IMPORT, text=text)
    keep_app(app, Rule("/theirs", ("anyone",)))
    page = admin.submit(IMPORT, text=text)
    assert "would be changed" in words(page.text)
    assert [rule.path for rule in plan(app).rules] == ["/theirs"]
    assert admin.submit(IMPORT, text=text).status_code == 303
    assert len(plan(app).rules) == 2


def test_a_text_that_was_changed_since_it_was_shown_is_shown_once_more(admin, app):
    admin.get(IMPORT)
    admin.submit(IMPORT, text=DOCS)
    page = admin.submit(IMPORT, text=DOCS + 'title = "Docs"\n')
    assert "would be added" in words(page.text)
    assert plan(app, "docs") is None
