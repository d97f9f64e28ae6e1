"""A bearer token opens the API for its user, until its session is over; nothing else does."""

import pytest

from tests.helpers.people import RFC_CODES

ALICE = "alice@example.org"
PUBLIC_URL = "https://auth.example.org"
DAMAGED = {
    "nothing": None,
    "an empty header": "",
    "no scheme": "{}",
    "no token": "Bearer",
    "an empty token": "Bearer ",
    "Basic": "Basic {}",
    "Token": "Token {}",
    "Digest": 'Digest username="{}"',
    "no blank": "Bearer{}",
    "twice": "Bearer {0} {0}",
    "cut short": "Bearer {0:.20}",
    "longer": "Bearer {}x",
    "in quotes": 'Bearer "{}"',
    "not ASCII": "Bearer \xff\xfe",
    "very long": "Bearer " + "x" * 8000,
}


def is_shut(program, token: str) -> bool:
    return program.me(f"Bearer {token}").status_code == 401


@pytest.mark.parametrize("header", DAMAGED.values(), ids=DAMAGED)
def test_without_the_token_nothing_opens(program, token, header):
    header = header and header.format(token)
    answer = program.me(header)
    assert answer.status_code == 401
    headers = {} if header is None else {"Authorization": header}
    assert program.delete("/api/session", headers=headers).status_code == 401
    assert not is_shut(program, token)


@pytest.mark.parametrize("header", [None, "Bearer x"])
def test_a_401_names_the_scheme(program, alice, header):
    """RFC 9110 section 15.5.2 and RFC 6750 section 3."""
    assert program.me(header).headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
def test_the_scheme_may_be_spelt_in_any_case(program, token, scheme):
    """RFC 9110 section 11.1."""
    assert program.me(f"{scheme} {token}").status_code == 200


def test_a_token_in_the_address_or_the_body_opens_nothing(program, token):
    for name in ("token", "access_token"):
        assert program.get(f"/api/me?{name}={token}").status_code == 401
        assert program.get("/api/me", json={name: token}).status_code == 401


def test_ending_the_session_ends_the_token(program, token):
    assert not is_shut(program, token)
    ended = program.end(token)
    assert (ended.status_code, ended.data) == (204, b"")
    assert is_shut(program, token)
    assert program.end(token).status_code == 401


def test_two_sessions_end_one_by_one(program, mailbox, clock, alice, token):
    clock.advance(seconds=30)
    program.ask(ALICE)
    other = program.prove(ALICE, mailbox.code_for(ALICE)).json["token"]
    assert other != token
    program.end(token)
    assert is_shut(program, token)
    assert not is_shut(program, other)


def test_an_idle_token_ends_after_an_hour(program, clock, token):
    clock.advance(minutes=59, seconds=59)
    assert not is_shut(program, token)
    clock.advance(hours=1)
    assert is_shut(program, token)


def test_a_token_in_use_ends_after_twelve_hours(program, clock, token):
    for _ in range(23):
        clock.advance(minutes=30)
        assert not is_shut(program, token)
    clock.advance(minutes=30)
    assert is_shut(program, token)
    assert program.end(token).status_code == 401


def test_disabling_a_user_shuts_their_tokens_at_once(program, alice, disable, token):
    disable(alice)
    assert is_shut(program, token)


class TestTwoDoors:
    """What opens pages does not open the API, nor the other way round."""

    @pytest.fixture
    def page_token(self, client, mailbox, alice) -> str:
        client.ask(ALICE)
        assert client.answer(mailbox.code_for(ALICE)).status_code == 303
        with client.session_transaction(base_url=PUBLIC_URL) as cookie:
            return cookie["session"]

    def test_a_pages_cookie_opens_nothing_here(self, client, page_token):
        assert client.get("/").status_code == 200
        assert client.get("/api/me").status_code == 401
        assert client.delete("/api/session").status_code == 401
        assert client.get("/").status_code == 200

    def test_a_pages_token_is_no_bearer_token(self, program, client, page_token):
        assert is_shut(program, page_token)
        assert program.end(page_token).status_code == 401
        assert client.get("/").status_code == 200

    def test_a_bearer_token_in_a_cookie_opens_no_page(self, program, client, token):
        with client.session_transaction(base_url=PUBLIC_URL) as cookie:
            cookie["session"] = token
        assert client.get("/").location == "/sign-in"
        assert client.get("/api/me").status_code == 401
        assert client.get("/", headers={"Authorization": f"Bearer {token}"}).status_code == 303
        assert not is_shut(program, token)

    def test_signing_out_of_a_page_leaves_the_program_signed_in(
        self, program, client, clock, page_token
    ):
        clock.advance(seconds=30)
        program.ask(ALICE)
        token = program.prove(ALICE, RFC_CODES[2]).json["token"]
        client.get("/")
        client.submit("/sign-out")
        assert not is_shut(program, token)


def test_another_sites_page_cannot_end_a_session(program, token):
    headers = {"Authorization": f"Bearer {token}", "Sec-Fetch-Site": "cross-site"}
    assert program.delete("/api/session", headers=headers).status_code == 400
    assert not is_shut(program, token)
