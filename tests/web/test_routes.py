"""Every page is closed unless it is meant to be open, and every form is guarded."""

from uuid import UUID

import pytest

from tests.web.helpers import sign_in
from tests.web.test_csrf import FORMS

PUBLIC = {
    "static",
    "sign_in.identify",
    "sign_in.ask_for_code",
    "sign_in.enter_code",
    "sign_in.delivery",
    "sign_in.answer",
    "sign_in.resend",
    "sign_in.sign_out",
    "sign_in_by_passkey.answer",
    "sign_in_by_passkey.passkey_options",
    "api.ask_for_counter_code",
    "api.ask_for_time_code",
    "api.prove_counter_code",
    "api.prove_time_code",
    "api.openapi",
    "changed.show",
    "changed.objected",
    "inbox.messages",
    "inbox.html_part",
    "invited.show",
    "invited.accept",
    "not_me.show",
    "not_me.stop",
    "not_me.undo",
    "prove.cancel",
    "gate.enter",
    "health.healthz",
    "health.readyz",
    "health.counted",
    "gate.keys",
    *{f"at_app.{name}" for name in ("start", "enter", "refused", "echo", "sign_out", "static")},
}
FILLED = {
    "filename": "css/base.css",
    "channel": "email",
    "identifier": "alice@example.org",
    "number": 1,
    "name": "wiki",
    "token": "MQ.forged",
    "factor": "totp",
    "deed": "disable",
}
READING = {"GET", "HEAD", "OPTIONS"}


def routes(app):
    """Return every route with an address that fits it."""
    with app.test_request_context():
        matcher = app.create_url_adapter(None) or app.url_map.bind("auth.example.org")
        for rule in app.url_map.iter_rules():
            filled = {**FILLED, **({"number": UUID(int=7)} if "uuid:" in rule.rule else {})}
            values = {name: filled[name] for name in rule.arguments}
            yield rule, matcher.build(rule.endpoint, values, force_external=False)


@pytest.fixture(params=["production", "development"])
def any_client(request, client, make_client):
    if request.param == "production":
        return client
    return make_client(mode="development", public_url="https://auth.example.org")


def test_every_post_outside_the_api_is_tested_for_forgery(any_client):
    posts = {
        rule.rule
        for rule, _ in routes(any_client.application)
        if rule.methods - READING and not rule.endpoint.startswith("api.")
    }
    assert posts == set(FORMS)


def test_no_get_changes_anything(any_client):
    for rule, _ in routes(any_client.application):
        assert not (rule.methods & READING - {"OPTIONS"} and rule.methods - READING), rule


def test_every_route_that_is_not_public_on_purpose_asks_to_sign_in(any_client):
    closed = 0
    for rule, path in routes(any_client.application):
        if rule.endpoint in PUBLIC:
            continue
        closed += 1
        method = next(iter(rule.methods - {"HEAD", "OPTIONS"}))
        answer = any_client.open(path, method=method)
        if rule.endpoint.startswith("api."):
            assert answer.status_code == 401, rule
        elif method == "POST" and "Not sent yet" in answer.text:
            assert 'href="/sign-in"' in answer.text, rule
        else:
            assert answer.status_code == 303, rule
            assert answer.location.partition("?")[0] == "/sign-in", rule
    assert closed >= 3


def test_every_page_answers_somebody_who_is_signed_in(client, alice):
    sign_in(client)
    for rule, path in routes(client.application):
        if "GET" in rule.methods:
            answers = (403,) if rule.rule.startswith("/admin") else (200, 303, 400, 401, 404, 429)
            assert client.get(path).status_code in answers, rule


def test_head_and_options_of_closed_pages_show_nothing(client):
    assert client.head("/").status_code == 303
    assert not client.head("/").data
    assert client.options("/").status_code == 303
