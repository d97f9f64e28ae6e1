"""Half-signed-in opens nothing: every route leads back to the missing step (X52)."""

from tests.helpers.people import RFC_CODES
from tests.web.factors import SECURITY, half_way, with_app
from tests.web.forms import SETUPS
from tests.web.helpers import ALICE, cookie, hold, words
from tests.web.test_routes import PUBLIC, READING, routes

# These say nothing of whoever is here, or end it.
FOR_EVERYBODY = {
    "static",
    "sign_in.delivery",
    "sign_in.sign_out",
    "api.openapi",
    "not_me.show",
    "not_me.stop",
    "not_me.undo",
    "invited.show",
    "invited.accept",
    "changed.show",
    "changed.objected",
    "prove.cancel",
    "gate.keys",
    "health.healthz",
    "health.readyz",
    "health.counted",
    "gate.enter",  # without an address of an app; see tests/web/gate
    *{f"at_app.{name}" for name in ("start", "enter", "refused", "sign_out", "static", "echo")},
}
STEP = "/prove/totp"


def led_to(browser, answer) -> str:
    """Follow redirects; return where they end."""
    for _ in range(4):
        if answer.status_code != 303:
            break
        answer = browser.follow(answer)
    return answer.request.path


def test_every_route_leads_back_to_the_missing_step(client, alice, clock):
    with_app(client, clock)
    half_way(client)
    token = client.page.form(STEP)["csrf_token"]
    tried = 0
    for rule, path in routes(client.application):
        if rule.endpoint in FOR_EVERYBODY:
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            tried += 1
            data = {"csrf_token": token} if method != "GET" else None
            answer = client.open(path, method=method, data=data)
            if rule.endpoint.startswith("api."):
                # A cookie opens nothing there; what is public there knows no session at all.
                assert answer.status_code in (401, 415) or rule.endpoint in PUBLIC, rule
                continue
            if method == "POST" and "Not sent yet" in answer.text:
                assert 'href="/prove"' in answer.text, rule
                continue
            assert answer.status_code == 303 or answer.request.path == STEP, (rule, method)
            assert led_to(client, answer) == STEP, (rule, method)
    assert tried >= 15


def test_where_a_passkey_must_be_added_nothing_else_can_be(make_client, alice):
    client = make_client(proofs="passkey")
    client.ask(ALICE)
    page = client.follow(client.answer(RFC_CODES[1]))
    assert "asks you for a passkey" in words(page.text)
    token = client.page.form("/prove/cancel")["csrf_token"]
    for path in (f"{SECURITY}/app", f"{SECURITY}/token"):
        for answer in (client.get(path), client.post(path, data={"csrf_token": token})):
            assert answer.location == "/prove"
    assert client.get(f"{SECURITY}/passkey").status_code == 200


def test_there_are_forms_that_only_a_session_may_send(client):
    posts = {rule.rule for rule, _ in routes(client.application) if rule.methods - READING}
    assert set(SETUPS) <= posts


def test_the_token_of_a_sign_in_under_way_is_none_of_a_session(client, alice, clock):
    with_app(client, clock)
    half_way(client)
    with client.session_transaction(base_url="https://auth.example.org") as held:
        held["session"] = held["pending"]
        del held["pending"]
    assert client.get("/").location == "/sign-in"


def test_signing_out_half_way_gives_the_sign_in_up(client, alice, clock):
    with_app(client, clock)
    half_way(client)
    held = cookie(client)
    token = client.page.form(STEP)["csrf_token"]
    assert client.post("/sign-out", data={"csrf_token": token}).location == "/sign-in"
    hold(client, held)
    assert led_to(client, client.get(STEP)) == "/sign-in"
