"""Access keys on pages: made for a program, shown once, ended after one more question."""

import pytest

from otpapp.clock import utc_now
from otpapp.rules.gate import apps, keys
from tests.web.admin.test_apps import trail
from tests.web.helpers import notice, part, problem, words

KEY = "/admin/apps/wiki/key"
TYPED = {"called": "backup", "path": "/api/", "until": "2026-03-09"}
END = f"{KEY}/end?called=backup"


def here(app) -> list[tuple[str, str, str]]:
    with app.app_context():
        found = keys.of_app(apps.find("wiki"), utc_now())
        return [(one.name, one.path, f"{one.until:%Y-%m-%d %H:%M}") for one in found]


def make(admin):
    admin.get(KEY)
    return admin.submit(KEY, **TYPED)


def test_a_key_is_shown_once_and_kept_nowhere(admin, app, wiki, alice):
    page = make(admin)
    token = part(page.text, 'class="key"')
    assert token.startswith("otpk_")
    assert page.headers["Cache-Control"] == "no-store"
    assert here(app) == [("backup", "/api", "2026-03-10 00:00")]
    assert trail(app, alice, "access_key.made") == [("backup", True)]
    shown = admin.get("/admin/apps/wiki")
    assert token not in shown.text
    assert "backup /api until 10 March 2026, 00:00 UTC, not used yet" in words(shown.text)


def test_sent_once_more_it_makes_no_second_key(admin, app, wiki):
    make(admin)
    page = make(admin)
    assert page.status_code == 422
    assert problem(page).startswith("A program of this name has a key already")
    assert len(here(app)) == 1


def test_three_months_stand_there_at_first(admin, wiki):
    admin.get(KEY)
    fields = admin.page.form(KEY)
    assert (fields["until"], fields["path"]) == ("2026-06-01", "/")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"called": "Back up"}, "A name has 1 to 40"),
        ({"called": ""}, "A name has 1 to 40"),
        ({"path": "api"}, "A path begins with /"),
        ({"path": "/a/../b"}, "A path begins with /"),
        ({"until": "soon"}, "Write the last day as 2026-12-24"),
        ({"until": "2026-03-02"}, "That day is over"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(admin, app, wiki, typed, said):
    admin.get(KEY)
    wanted = {**TYPED, **typed}
    page = admin.submit(KEY, **wanted)
    assert page.status_code == 422
    assert problem(page).startswith(said)
    fields = admin.page.form(KEY)
    assert {name: fields[name] for name in wanted} == wanted
    assert here(app) == []


def test_a_key_is_ended_after_one_more_question(admin, app, wiki, alice):
    make(admin)
    admin.get("/admin/apps/wiki")
    (link,) = [one["href"] for one in admin.page.all("a") if "/key/end?" in (one["href"] or "")]
    page = admin.get(link)
    assert "It opens /api of Our wiki until 10 March 2026" in words(page.text)
    assert here(app)
    page = admin.follow(admin.submit(END))
    assert notice(page) == "That key opens nothing any more."
    assert here(app) == []
    assert trail(app, alice, "access_key.ended") == [("backup", True)]
    assert admin.get(END).status_code == 404
