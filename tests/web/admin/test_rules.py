"""The rules of an app on pages, with the sentences that commands have."""

import pytest

from otpapp.rules.gate import apps
from otpapp.rules.gate.rules import Rule
from tests.web.admin.test_apps import plan, trail
from tests.web.helpers import keep_app, notice, problem, title, words

RULE = "/admin/apps/wiki/rule"
OF = "/admin/apps/wiki/rule?of=/office"
REMOVE = "/admin/apps/wiki/rule/remove?of=/office"
TYPED = {"path": "/admin/", "allow": "group:admins\r\n\r\n Bob@Example.org ", "fresh": "15"}


def test_a_rule_is_added_after_the_others(admin, app, wiki, alice):
    page = admin.get(RULE)
    assert title(page.text).startswith("Add a rule to Our wiki")
    page = admin.follow(admin.submit(RULE, **TYPED, proofs="passkey"))
    assert notice(page) == "It is changed, from the next request on."
    assert "/admin the group admins and bob@example.org with a passkey, not longer" in (
        words(page.text)
    )
    rule = plan(app).rules[-1]
    assert (rule.path, rule.allow) == ("/admin", ("group:admins", "bob@example.org"))
    assert trail(app, alice, "app.changed") == [("wiki", True)]


def test_a_rule_is_filled_in_as_it_is_and_changed_in_its_place(admin, app, wiki):
    page = admin.get(OF)
    assert title(page.text).startswith("Rule for /office of Our wiki")
    assert admin.page.form(OF)["path"] == "/office"
    assert admin.page.form(OF)["proofs"] == "two"
    assert ">\ngroup:office</textarea>" in page.text
    changed = {"path": "/bureau", "allow": "everyone", "proofs": "one"}
    assert admin.submit(OF, **changed).status_code == 303
    assert plan(app).rules == (Rule("/", ("everyone",)), Rule("/bureau", ("everyone",)))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"path": "admin"}, "Admin: a path begins with /"),
        ({"path": "/office"}, "Two rules are for the same path"),
        ({"allow": ""}, "/admin: a rule says whom it allows"),
        ({"allow": "nobody"}, "Nobody names nobody: say anyone, everyone, group:name or an"),
        ({"allow": "anyone"}, "/admin: what is open to anyone asks for no proofs"),
        ({"proofs": "three"}, "/admin: proofs are one, two or passkey"),
        ({"fresh": "soon"}, "/admin: fresh is 1 minute to 30 days"),
        ({"fresh": "99999"}, "/admin: fresh is 1 minute to 30 days"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(admin, app, wiki, typed, said):
    admin.get(RULE)
    typed = {**TYPED, "proofs": "one", **typed}
    page = admin.submit(RULE, **typed)
    assert page.status_code == 422
    assert problem(page).startswith(said)
    fields = admin.page.form(RULE)
    assert (fields["path"], fields["fresh"]) == (typed["path"], typed["fresh"])
    assert typed["allow"].splitlines()[-1:] == [] or typed["allow"].splitlines()[-1] in page.text
    assert len(plan(app).rules) == 2


def test_what_somebody_changed_meanwhile_is_shown_beside_what_was_typed(admin, app, wiki):
    """Two admins: the second sees what the first did, and loses nothing of their own."""
    admin.get(OF)
    keep_app(app, Rule("/", ("anyone",)), Rule("/office", ("everyone",)))
    typed = {"path": "/office", "allow": "bob@example.org", "proofs": "one"}
    page = admin.submit(OF, **typed)
    assert page.status_code == 409
    assert "/ for anyone" in words(page.text)
    assert "bob@example.org</textarea>" in page.text
    assert plan(app).rules[1].allow == ("everyone",)
    assert admin.submit(OF, **typed).status_code == 303
    assert plan(app).rules == (Rule("/", ("anyone",)), Rule("/office", ("bob@example.org",)))


def test_a_rule_is_removed_after_one_more_question(admin, app, wiki):
    page = admin.get(REMOVE)
    assert "Our wiki is for the group office there, with two different proofs." in words(page.text)
    assert "the next shorter path that has one decides." in words(page.text)
    assert len(plan(app).rules) == 2
    page = admin.follow(admin.submit(REMOVE))
    assert plan(app).rules == (Rule("/", ("everyone",)),)
    assert "nobody may open any of it" in words(admin.get("/admin/apps/wiki/rule/remove?of=/").text)


def test_no_rule_is_removed_that_was_changed_meanwhile(admin, app, wiki):
    admin.get(REMOVE)
    keep_app(app, Rule("/office", ("everyone",)))
    page = admin.submit(REMOVE)
    assert (page.status_code, len(plan(app).rules)) == (409, 1)
    assert admin.submit(REMOVE).status_code == 303
    assert plan(app).rules == ()


@pytest.mark.parametrize("path", [RULE, "/admin/apps/wiki/rule/remove"])
def test_a_rule_that_is_not_there_is_told(admin, wiki, path):
    assert admin.get(f"{path}?of=/nope").status_code == 404


def test_a_rule_that_went_while_its_form_was_open_is_not_made_anew(admin, app, wiki):
    admin.get(OF)
    keep_app(app, Rule("/", ("everyone",)))
    page = admin.submit(OF, allow="everyone")
    assert page.status_code == 409
    assert [one.path for one in plan(app).rules] == ["/"]


def test_paths_of_every_kind_can_be_changed(admin, app):
    from urllib.parse import quote

    path = "/Über uns & co+1=2"
    keep_app(app, Rule(path, ("everyone",)))
    page = admin.get("/admin/apps/wiki")
    (link,) = [one["href"] for one in admin.page.all("a") if "rule?of=" in (one["href"] or "")]
    assert page.status_code == 200
    admin.get(link)
    assert admin.page.form(admin.page.forms[0]["action"])["path"] == path
    assert quote("Ü") in link
    sent = admin.submit(admin.page.forms[0]["action"], allow="anyone")
    assert sent.status_code == 303
    with app.app_context():
        assert apps.plan_of(apps.find("wiki")).rules == (Rule(path, ("anyone",)),)
