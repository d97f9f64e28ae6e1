"""What supervisors ask: does the process live, and can it serve?"""

import pytest
from sqlalchemy import text

from otpapp.extensions import db
from otpapp.transaction import transaction


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_they_answer_whatever_the_host_and_whoever_asks(client, path):
    for base in ("http://127.0.0.1:8000", "https://auth.example.org", "http://10.0.0.7"):
        answer = client.get(path, base_url=base)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers


def test_a_process_that_lives_says_ok(client):
    assert client.get("/healthz").text == "ok\n"


def test_a_site_that_is_well_is_ready(client):
    assert client.get("/readyz").json == {
        "status": "ready",
        "faults": [],
        "delivery": {"email": "going", "sms": "going"},
    }


def test_where_messages_wait_it_is_degraded_and_serves_on(client, alice, clock):
    client.ask(alice.address)
    clock.advance(seconds=40)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["status"] == "degraded"
    assert answer.json["delivery"] == {"email": "waiting", "sms": "going"}


def test_a_database_of_another_version_is_said_with_what_to_do(client, app):
    with app.app_context(), transaction():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (503, "unready")
    assert answer.json["faults"] == [
        "the database is at revision 0001; run: .venv/bin/flask db upgrade"
    ]
    assert client.get("/healthz").status_code == 200


def test_another_secret_is_said(make_client, alice):
    other = make_client(secret_key="another secret, long enough to pass 0123456789")
    answer = other.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["faults"][0].startswith("OTPAPP_SECRET_KEY is not the one")


def test_nothing_is_counted_unless_a_site_wants_it(client):
    assert client.get("/metrics").status_code == 404
