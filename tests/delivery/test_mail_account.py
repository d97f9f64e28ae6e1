"""Signing in to a mail server that asks for it."""

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.helpers.mailbox import Mailbox


def only_ours(server, session, envelope, mechanism, auth_data) -> AuthResult:
    """Let one account in."""
    assert isinstance(auth_data, LoginPassword)
    pair = (auth_data.login, auth_data.password)
    return AuthResult(success=pair == (b"codes", b"pass word"), handled=False)


@pytest.fixture
def server(authority):
    """A mail server that wants TLS first and then its account."""
    context = authority.context("127.0.0.1")
    with Mailbox(tls_context=context, authenticator=only_ours, auth_required=True) as mailbox:
        yield mailbox


def account(server, authority, password: str) -> dict:
    """Return the settings that name an account on `server`."""
    secured = {"mail_use_tls": True, "mail_ca_file": str(authority.file)}
    return {"mail_port": server.port, "mail_username": "codes", "mail_password": password} | secured


def test_the_right_password_gets_the_mail_through(server, authority, outbox, alice):
    outbox.ask(alice)
    outbox.send_next(**account(server, authority, "pass word"))
    assert outbox.row.outcome == "sent"
    assert len(server.mails) == 1


def test_a_wrong_password_is_told_in_words_and_tried_again(server, authority, outbox, alice):
    outbox.ask(alice)
    outbox.send_next(**account(server, authority, "another"))
    where = f"127.0.0.1:{server.port}"
    assert outbox.row.error == f"{where} refused the user name or password (535)."
    assert outbox.row.ended_at is None
    assert server.mails == []


@pytest.mark.parametrize(
    "beyond",
    [{"mail_password": "päss word"}, {"mail_username": "cödes"}, {"mail_server": "mail..example"}],
    ids=["password", "user name", "server"],
)
def test_what_no_mail_server_can_take_is_told_in_words(beyond, server, authority, outbox, alice):
    outbox.ask(alice)
    outbox.send_next(**{**account(server, authority, "pass word"), **beyond})
    assert outbox.row.error
    assert (outbox.row.ended_at, outbox.row.leased_until) == (None, None)


def test_a_wrong_password_shows_up_nowhere(server, authority, outbox, alice, caplog):
    caplog.set_level("DEBUG")
    outbox.ask(alice)
    outbox.send_next(**account(server, authority, "another secret"))
    told = "\n".join(one.getMessage() for one in caplog.records if one.name != "mail.log")
    assert "another secret" not in told + outbox.everything()


def test_an_account_on_a_server_that_knows_none_is_told_in_words(smtp, outbox, alice):
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port, mail_username="codes", mail_password="a password")
    assert outbox.row.error.endswith(
        "offers no sign-in on this connection, so nothing was sent; check OTPAPP_MAIL_USE_TLS."
    )
    assert smtp.mails == []


def test_a_server_that_wants_another_way_to_sign_in_is_told_in_words(smtp, outbox, alice):
    smtp.replies["EHLO"] = "250-mail.example.org\r\n250 AUTH XOAUTH2"
    outbox.ask(alice)
    outbox.send_next(mail_port=smtp.port, mail_username="codes", mail_password="a password")
    assert outbox.row.error.endswith("offers no way to sign in with a user name and a password.")
