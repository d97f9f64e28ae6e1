"""Guests on pages: let in until the end of a day, ended after one more question."""

import pytest

from otpapp.clock import utc_now
from otpapp.rules.gate import apps, guests, reading
from otpapp.rules.gate.rules import Rule
from tests.web.admin.test_apps import trail
from tests.web.helpers import keep_app, notice, problem, words

GUEST = "/admin/apps/wiki/guest"
BOB = "bob@client.example"
END = f"{GUEST}/1/end"
TYPED = {"who": "Bob@Client.Example", "path": "/office", "until": "2026-03-09"}


def here(app) -> list[tuple[str, str, str]]:
    with app.app_context():
        found = guests.of_app(apps.find("wiki"), utc_now())
        return [(one.key, one.path, f"{one.until:%Y-%m-%d %H:%M}") for one in found]


def test_a_guest_is_let_in_until_the_end_of_a_day(admin, app, wiki, alice):
    admin.get(GUEST)
    page = admin.follow(admin.submit(GUEST, **TYPED))
    assert notice(page) == "They are let in, as soon as they sign in."
    assert here(app) == [(BOB, "/office", "2026-03-10 00:00")]
    assert f"{BOB} /office until 10 March 2026, 00:00 UTC" in words(page.text)
    assert trail(app, alice, "guest.let_in") == [(BOB, True)]


def test_a_month_stands_there_at_first(admin, wiki):
    admin.get(GUEST)
    assert admin.page.form(GUEST)["until"] == "2026-04-02"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"who": "bob"}, "Enter an email address or a phone number"),
        ({"path": "/nope"}, "There is no rule for this path"),
        ({"until": "soon"}, "Write the last day as 2026-12-24"),
        ({"until": "2026-03-02"}, "That day is over"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(admin, app, wiki, typed, said):
    admin.get(GUEST)
    page = admin.submit(GUEST, **{**TYPED, **typed})
    assert page.status_code == 422
    assert problem(page).startswith(said)
    fields = admin.page.form(GUEST)
    wanted = {**TYPED, **typed}
    assert (fields["who"], fields["until"]) == (wanted["who"], wanted["until"])
    if "path" not in typed:
        assert '<option value="/office" selected>' in page.text
    assert here(app) == []


def test_nobody_becomes_a_guest_of_a_rule_that_another_admin_takes_away(
    admin, app, wiki, monkeypatch
):
    """They would pass the next rule of that path, whoever that is for."""
    admin.get(GUEST)
    parse = reading.end_of

    def another_admin_was_faster(day):
        monkeypatch.undo()
        keep_app(app, Rule("/", ("everyone",)))
        return parse(day)

    monkeypatch.setattr(reading, "end_of", another_admin_was_faster)
    page = admin.submit(GUEST, **TYPED)
    assert (page.status_code, problem(page)) == (422, "There is no rule for this path")
    assert here(app) == []


def test_today_is_a_day_too(admin, app, wiki):
    admin.get(GUEST)
    assert admin.submit(GUEST, **{**TYPED, "until": "2026-03-03"}).status_code == 303
    assert here(app) == [(BOB, "/office", "2026-03-04 00:00")]


def test_a_guest_is_ended_after_one_more_question(admin, app, wiki, alice):
    admin.get(GUEST)
    admin.submit(GUEST, **TYPED)
    admin.get("/admin/apps/wiki")
    (link,) = [one["href"] for one in admin.page.all("a") if "/end" in (one["href"] or "")]
    page = admin.get(link)
    assert "bob@client.example is a guest of Our wiki at /office until 10 March" in words(page.text)
    assert here(app)
    page = admin.follow(admin.submit(END))
    assert notice(page) == "They are let in no more."
    assert here(app) == []
    assert trail(app, alice, "guest.ended") == [(BOB, True)]
    assert "They are no guest any more." in words(admin.get(END).text)


def test_who_was_ended_while_the_page_was_open_is_told(admin, app, wiki):
    admin.get(GUEST)
    admin.submit(GUEST, **TYPED)
    admin.get(END)
    assert admin.submit(END).status_code == 303
    admin.get("/")
    token = admin.page.form("/sign-out")["csrf_token"]
    assert admin.post(END, data={"csrf_token": token}).status_code == 404


def test_a_guest_of_another_app_is_none_of_this_one(admin, app, wiki, books):
    admin.get(GUEST)
    admin.submit(GUEST, **TYPED)
    assert admin.get("/admin/apps/books/guest/1/end").status_code == 404


def test_no_address_of_a_page_names_a_guest_by_theirs(admin, app, wiki):
    admin.get(GUEST)
    admin.submit(GUEST, **TYPED)
    admin.get("/admin/apps/wiki")
    assert not [one for one in admin.page.all("a") if "bob" in (one["href"] or "")]
