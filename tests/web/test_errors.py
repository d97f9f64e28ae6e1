"""What goes wrong is told on a page in our look, or as JSON to programs; never more than that."""

import sqlite3
import time

import pytest
from flask import abort
from sqlalchemy import event
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from otpapp.extensions import db
from otpapp.web.guards import public
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, rows, sign_in, title, words

STATUSES = [400, 401, 403, 404, 405, 413, 415, 418, 422, 429, 500, 503]


@pytest.fixture
def failing(app):
    """A site with addresses that fail as they are told."""

    def fail(status: int, factor: str = ""):
        abort(status)

    def break_down():
        raise RuntimeError("a secret of the inside")

    app.add_url_rule("/sent/<int:status>", "sent", public(fail), methods=["POST"])
    app.add_url_rule("/sent/<int:status>/<factor>", "sent", public(fail), methods=["POST"])
    for start in ("/test", "/api/test", "/verify/test"):
        name = start.replace("/", "-")
        app.add_url_rule(f"{start}/<int:status>", f"fail{name}", public(fail))
        app.add_url_rule(f"{start}/broken", f"broken{name}", public(break_down))
    return app


@pytest.mark.parametrize("status", STATUSES)
def test_every_error_is_a_page_in_our_look(failing, client, status):
    answer = client.get(f"/test/{status}")
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert title(answer.text).endswith("– Example")
    assert f"Error {status}" in words(answer.text)
    assert ("Try again" if status == 503 else "Start again") in words(answer.text)
    assert "You are at auth.example.org" in words(answer.text)


@pytest.mark.parametrize("start", ["/api/test", "/verify/test"])
@pytest.mark.parametrize("status", STATUSES)
def test_programs_get_every_error_as_json(failing, client, start, status):
    answer = client.get(f"{start}/{status}")
    assert answer.status_code == status
    assert answer.mimetype == "application/json"
    assert answer.json["status"] == status
    assert answer.json["error"]
    assert answer.json["message"]


@pytest.mark.parametrize("path", ["/test/broken", "/api/test/broken", "/verify/test/broken"])
def test_a_fault_of_ours_shows_nothing_of_the_inside(failing, client, caplog, path):
    answer = client.get(path)
    assert answer.status_code == 500
    for inside in ("secret of the inside", "Traceback", "RuntimeError", ".py"):
        assert inside not in answer.text
    assert "secret of the inside" in caplog.text


def test_what_cannot_be_found_used_or_read_is_told(client):
    assert client.get("/nothing").status_code == 404
    answer = client.delete("/sign-in")
    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
    assert client.post("/sign-in", data="a" * 17_000).status_code == 413
    assert client.get("/api/nothing").json["status"] == 404
    assert client.post("/api/nothing").json["status"] == 404
    assert client.delete("/verify/a@example.org/").json["status"] == 405
    assert client.post("/verify/a@example.org/", data="a" * 17_000).json["status"] == 413


@pytest.fixture
def busy(app, settings):
    """A database that another process writes to, until `busy.end()`; nobody waits for it long."""
    with app.app_context():
        db.engine.dispose()
        event.listen(db.engine, "connect", lambda made, _: made.execute("PRAGMA busy_timeout=20"))
    other = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"), isolation_level=None)

    class Busy:
        def begin(self) -> None:
            other.execute("BEGIN IMMEDIATE")

        def end(self) -> None:
            other.execute("ROLLBACK")

    yield Busy()
    other.close()


def test_a_busy_database_is_told_and_over_when_it_is_over(client, app, alice, busy):
    client.get("/sign-in")
    busy.begin()
    form = {**client.page.form("/sign-in"), "identifier": ALICE}
    answer = client.post("/sign-in", data=form)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Just a moment" in words(answer.text)
    program = client.get("/verify/alice@example.org/")
    assert (program.status_code, program.mimetype) == (503, "application/json")
    assert program.headers["Retry-After"]
    busy.end()
    assert not rows(app)["challenges"]
    assert client.post("/sign-in", data=form).status_code == 303


def test_a_form_that_met_a_busy_database_can_be_sent_again_as_it_was(client, alice, busy):
    client.get("/sign-in?next=/account/")
    busy.begin()
    assert client.submit("/sign-in", identifier=ALICE, stay="keep").status_code == 503
    busy.end()
    client.follow(client.submit("/sign-in"))
    busy.begin()
    assert client.answer(RFC_CODES[1]).status_code == 503
    busy.end()
    answer = client.submit("/sign-in/code")
    assert (answer.status_code, answer.location) == (303, "/account/")


@pytest.mark.parametrize(
    ("path", "name", "label"),
    [
        ("/sent/503", "password", "Your password"),
        ("/sent/503", "typed", "The key of your token"),
        ("/sent/503/password", "code", "Your password"),
        ("/sent/503/recovery", "code", "Your recovery code"),
    ],
)
def test_a_secret_is_not_written_into_the_page_but_typed_once_more(
    failing, client, path, name, label
):
    client.get("/sign-in")
    token = client.page.form("/sign-in")["csrf_token"]
    sent = {"csrf_token": token, name: "seven purple elephants", "ref": "ABCD"}
    page = client.post(path, data=sent)
    assert page.status_code == 503
    assert "elephants" not in page.text
    assert label in words(page.text)
    assert client.page.form(path) == {**sent, name: ""}


def test_a_secret_that_was_left_empty_is_asked_for_by_nobody(failing, client):
    client.get("/sign-in")
    token = client.page.form("/sign-in")["csrf_token"]
    page = client.post("/sent/503", data={"csrf_token": token, "typed": "", "key": "scanned"})
    assert "The key of your token" not in words(page.text)
    assert client.page.form("/sent/503") == {"csrf_token": token, "typed": "", "key": "scanned"}


def test_pages_of_people_who_are_signed_in_do_not_wait_for_a_busy_database(
    client, app, alice, busy, clock
):
    sign_in(client)
    seen_at = clock.advance(minutes=5)
    busy.begin()
    began = time.monotonic()
    assert client.get("/").status_code == 200
    assert time.monotonic() - began < 2
    busy.end()
    assert rows(app)["user_sessions"][0].seen_at < seen_at
    assert client.get("/").status_code == 200
    assert rows(app)["user_sessions"][0].seen_at == seen_at


def test_a_busy_database_has_nobody_send_what_another_site_wrote(client, alice, busy):
    client.ask(ALICE)
    busy.begin()
    answer = client.submit("/sign-in/code", csrf_token="forged")
    assert answer.status_code == 400
    busy.end()


@pytest.mark.parametrize("asked", ["ref=BCD", "_external=1&_scheme=javascript", "x=%22%3E"])
def test_the_way_to_try_again_is_the_address_that_failed(failing, client, asked):
    client.get(f"/test/503?{asked}")
    assert f"/test/503?{asked}" in [link["href"] for link in client.page.all("a")]


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError, InternalError])
def test_whatever_a_database_says_that_cannot_be_used_is_told_alike(failing, client, fault):
    def raise_it():
        raise fault("SELECT inside", {}, Exception("inside"))

    failing.view_functions["broken-test"] = public(raise_it)
    answer = client.get("/test/broken")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "inside" not in answer.text


def test_a_database_without_tables_shows_nothing_of_the_inside(client, app, alice):
    client.ask(ALICE)
    form = {**client.page.form("/sign-in/code"), "code": "123456"}
    with app.app_context():
        db.drop_all()
    for answer in (client.get("/sign-in/code"), client.post("/sign-in/code", data=form)):
        assert answer.status_code == 503
        for inside in ("sqlite", "SELECT", "challenges", "Traceback"):
            assert inside not in answer.text


def test_a_database_that_fails_shows_its_page_to_people_who_are_signed_in_too(client, app, alice):
    sign_in(client)
    with app.app_context():
        db.drop_all()
    answer = client.get("/")
    assert answer.status_code == 503
    assert "Just a moment" in words(answer.text)


@pytest.mark.parametrize(
    "host", ["..", ".", "a..b", "a" * 64 + ".example.org", "exa<mple", "[", "é", "a b", ":", ""]
)
@pytest.mark.parametrize("mode", ["production", "development"])
def test_an_odd_host_gets_the_page_for_it(make_client, host, mode):
    bare = make_client(mode=mode)
    answer = bare.get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "That did not work" in words(answer.text)
