"""Who may open the pages of admins: admins, and for changes only with a fresh proof (X52)."""

import pytest

from otpapp.extensions import db
from otpapp.models import User
from otpapp.transaction import transaction
from tests.web.helpers import keep_app, rows, sign_in, words
from tests.web.test_routes import routes

READS = {"admin.front", "admin.why", "admin.ask_why", "admin_apps.every", "admin_apps.show"}
READS |= {"admin_files.export", "admin_requests.every", "admin_invitations.every"}
READS |= {"admin_people.every", "admin_people.show", "admin_trail.every"}
READS |= {"admin_settings.show", "admin_previews.every", "admin_previews.html_part"}


def admin_routes(app):
    found = [(rule, path) for rule, path in routes(app) if rule.endpoint.startswith("admin")]
    assert len(found) >= 20
    return found


def method_of(rule) -> str:
    return next(iter(rule.methods - {"HEAD", "OPTIONS"}))


def test_a_member_sees_none_of_them_and_changes_nothing(client, app, alice):
    keep_app(app)
    sign_in(client)
    client.get("/")
    token = client.page.form("/sign-out")["csrf_token"]
    before = rows(app)
    for rule, path in admin_routes(app):
        method = method_of(rule)
        data = {"csrf_token": token} if method == "POST" else None
        answer = client.open(path, method=method, data=data)
        assert answer.status_code == 403, rule
        assert "This page is for the admins of this site." in words(answer.text)
    assert rows(app) == before
    assert "Look after this site" not in client.get("/").text


def test_without_a_fresh_proof_an_admin_reads_and_changes_nothing(admin, app, clock):
    keep_app(app)
    admin.get("/")
    token = admin.page.form("/sign-out")["csrf_token"]
    clock.advance(minutes=11)
    before = {**rows(app), "user_sessions": []}
    for rule, path in admin_routes(app):
        method = method_of(rule)
        data = {"csrf_token": token} if method == "POST" else None
        answer = admin.open(path, method=method, data=data)
        if rule.endpoint in READS:
            is_nobody = rule.endpoint == "admin_people.show" and answer.status_code == 404
            assert is_nobody or answer.status_code in (200, 303, 422), rule
            continue
        if method == "POST":
            assert "This needs a fresh proof that it is you." in words(answer.text), rule
            continue
        assert answer.status_code == 303, rule
        assert answer.location == f"/prove?next={path}", rule
    assert {**rows(app), "user_sessions": []} == before


def test_one_comes_back_to_the_same_rule(admin, app, clock):
    keep_app(app)
    clock.advance(minutes=11)
    answer = admin.get("/admin/apps/wiki/rule?of=/office")
    assert answer.location == "/prove?next=/admin/apps/wiki/rule?of%3D/office"


def test_an_admin_finds_the_way_from_the_home_page(admin):
    assert '<a href="/admin">Look after this site</a>' in admin.get("/").text


def test_who_is_no_admin_any_more_is_out_on_the_next_request(admin, app, alice):
    assert admin.get("/admin/apps").status_code == 200
    with app.app_context(), transaction():
        db.session.get(User, alice.user_id).role = "member"
    assert admin.get("/admin/apps").status_code == 403


@pytest.mark.parametrize("path", ["/admin/apps", "/admin/apps.toml", "/admin/requests"])
def test_where_admins_need_two_proofs_one_opens_nothing(make_client, app, promoted, path):
    client = make_client(proofs_of_admins="one")
    sign_in(client)
    cookie = client.get_cookie("__Host-otpapp", domain="auth.example.org")
    strict = make_client(proofs_of_admins="two")
    strict.set_cookie("__Host-otpapp", cookie.value, domain="auth.example.org")
    answer = strict.get(path)
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")
