"""The whole way through a real nginx: app, sign-in, app, a second app, and out."""

import pytest

from tests.helpers.gated import TO_SIGN_IN


def test_one_comes_back_to_the_page_that_one_wanted(site, stranger, address):
    page = site.sign_in(stranger, address, f"{site.wiki}/page/one?a=1&b=%20c")
    assert (page.status, page.url) == (200, f"{site.wiki}/page/one?a=1&b=%20c")
    assert page.seen["remote-user"] == [address]
    assert page.seen["remote-email"] == [address]
    assert page.seen["remote-method"] == ["email"]


def test_a_second_app_opens_without_another_code(site, alice):
    page = alice.open(f"{site.books}/shelf")
    assert (page.status, page.url) == (200, f"{site.books}/shelf")


def test_signing_out_closes_both_on_the_next_request(site, alice):
    alice.open(f"{site.books}/shelf")
    home = alice.get(f"{site.server.url}/")
    alice.submit(home, "/sign-out")
    for origin in (site.wiki, site.books):
        assert alice.get(f"{origin}/x").status in TO_SIGN_IN
        assert "/.otpapp/start" in alice.get(f"{origin}/x").header("Location")


def test_groups_come_as_a_header_and_decide_at_the_next_request(site, alice, address):
    assert alice.get(f"{site.wiki}/office/x").status == 403
    site.flask("groups", "add", "office", address)
    assert alice.get(f"{site.wiki}/office/x").seen["remote-groups"] == ["office"]
    site.flask("groups", "remove", "office", address)
    refused = alice.get(f"{site.wiki}/office/x")
    assert refused.status == 403
    assert "is for the group office" in refused.body
    assert address.partition("@")[0] in refused.body


def test_a_public_path_is_open_and_nobody_is_anybody_there(site, stranger):
    page = stranger.get(f"{site.wiki}/public/x")
    assert page.status == 200
    assert not [name for name in page.seen if name.startswith("remote-")]
    assert "set-cookie" not in dict(page.headers)


def test_who_is_signed_in_is_somebody_on_a_public_path_too(site, alice, address):
    assert alice.get(f"{site.wiki}/public/x").seen["remote-user"] == [address]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_form_goes_through_with_its_body(site, alice, method):
    heard = alice.get(f"{site.wiki}/form", method=method, body="a=1&b=2")
    assert heard.status == 200
    assert '"body": "a=1&b=2"' in heard.body


def test_a_form_after_the_session_ended_is_said_not_to_have_been_sent(site, stranger):
    before = f"Referer: {site.wiki}/edit?page=1"
    heard = stranger.get(f"{site.wiki}/save", before, method="POST", body="text=long")
    assert heard.status in TO_SIGN_IN
    assert heard.header("Location").endswith("%2Fedit%3Fpage%3D1&lost=1")
    assert "Your form was not sent" in stranger.go_on(heard).body
    assert ("POST", "/save") not in site.backend.seen


def test_a_form_of_who_is_signed_in_elsewhere_is_said_not_to_have_been_sent(site, alice):
    alice.cookies(site.wiki).clear()
    heard = alice.get(f"{site.wiki}/save", method="POST", body="text=long")
    page = alice.go_on(heard)
    assert "Your form was not sent" in page.body
    assert page.url.startswith(site.server.url)


def test_a_script_is_told_in_json(site, stranger):
    for lines in (["X-Requested-With: XMLHttpRequest"], ["Sec-Fetch-Mode: cors"]):
        heard = stranger.get(f"{site.wiki}/api", *lines)
        assert heard.status == 401
        assert heard.header("Content-Type") == "application/json"
        assert '"error": "sign_in"' in heard.body
        assert heard.header("WWW-Authenticate").startswith("Bearer")
        assert heard.header("Cache-Control") == "no-store"
    assert stranger.get(f"{site.wiki}/api", accept="*/*").status == 401


def test_a_refused_script_is_told_in_json(site, alice):
    heard = alice.get(f"{site.wiki}/office/api", accept="application/json")
    assert heard.status == 403
    assert '"error":"refused"' in heard.body


def test_a_refused_form_of_any_kind_is_refused_with_the_reason(site, alice):
    kinds = ("application/json", "multipart/form-data; boundary=x", "text/plain")
    for kind, body in zip(kinds, ("[1]", "--x--", "a" * 40_000), strict=True):
        lines = (f"Content-Type: {kind}",)
        heard = alice.get(f"{site.wiki}/office/x", *lines, method="POST", body=body)
        assert heard.status == 403
        assert "is for the group office" in heard.body


def test_a_websocket_is_checked_when_it_is_opened(site, alice, stranger):
    lines = (
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    assert stranger.get(f"{site.wiki}/socket", *lines).status == 401
    assert alice.get(f"{site.wiki}/socket", *lines).status == 101


def test_an_app_never_sees_what_opens_the_gate(site, alice):
    """X28."""
    alice.cookies(site.wiki)["theirs"] = "1"
    held = dict(alice.cookies(site.wiki))
    assert {"otpapp-gate", "otpapp-browser"} <= set(held)
    for path in ("/x", "/public/x"):
        assert alice.get(site.wiki + path).seen["cookie"] == ["theirs=1"]


def test_a_token_of_one_app_opens_no_other_and_not_the_sign_in(site, alice):
    """X28."""
    token = alice.cookies(site.wiki)["otpapp-gate"]
    thief = type(alice)()
    for origin in (site.books, site.server.url):
        for name in ("otpapp-gate", "__Host-otpapp-gate", "otpapp"):
            thief.cookies(origin)[name] = token
    assert thief.get(f"{site.books}/x").status in TO_SIGN_IN
    assert thief.get(f"{site.server.url}/").status in TO_SIGN_IN
    program = thief.get(f"{site.server.url}/api/me", f"Authorization: Bearer {token}")
    assert program.status == 401


def test_nobody_asks_the_check_from_outside(site, alice):
    for path in ("/.otpapp/check", "/.otpapp/check?x"):
        assert alice.get(site.wiki + path).status == 404
    assert alice.get(f"{site.wiki}/gate/nginx").seen, "an address of the app like any other"
