"""Mail leaves only over a connection whose other end has proved who it is."""

from datetime import timedelta

import pytest

from tests.helpers.mailbox import Mailbox

HERE = "127.0.0.1"
DAY = timedelta(days=1)


@pytest.fixture
def server(request, authority):
    """Return a function that serves mail under a certificate for `host`."""
    open_servers = []

    def server(host: str = HERE, lasts: timedelta = DAY, implicit: bool = False) -> Mailbox:
        context = authority.context(host, lasts)
        options = {"ssl_context": context} if implicit else {"tls_context": context}
        mailbox = Mailbox(**options, require_starttls=not implicit).__enter__()
        open_servers.append(mailbox)
        return mailbox

    yield server
    for mailbox in open_servers:
        mailbox.__exit__()


def ways(server: Mailbox, authority=None, implicit: bool = False) -> dict:
    """Return the settings for mail to `server` over TLS, trusting `authority`."""
    secured = {"mail_use_ssl": True} if implicit else {"mail_use_tls": True}
    trusted = {"mail_ca_file": str(authority.file)} if authority else {}
    return {"mail_port": server.port, **secured, **trusted}


either_way = pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "implicit"])


@either_way
def test_a_server_with_a_good_certificate_gets_the_mail(implicit, server, authority, outbox, alice):
    mailbox = server(implicit=implicit)
    outbox.ask(alice)
    outbox.send_next(**ways(mailbox, authority, implicit))
    assert outbox.row.outcome == "sent"
    assert [mail["To"] for mail in mailbox.mails] == ["alice@example.org"]


@either_way
def test_a_certificate_that_nobody_trusts_gets_nothing(implicit, server, outbox, alice):
    mailbox = server(implicit=implicit)
    outbox.ask(alice)
    outbox.send_next(**ways(mailbox, None, implicit))
    refused(outbox, mailbox, "unable to get local issuer certificate")


@either_way
def test_a_certificate_for_another_host_gets_nothing(implicit, server, authority, outbox, alice):
    mailbox = server("mail.example.org", implicit=implicit)
    outbox.ask(alice)
    outbox.send_next(**ways(mailbox, authority, implicit))
    refused(outbox, mailbox, "IP address mismatch, certificate is not valid for '127.0.0.1'")


@either_way
def test_a_certificate_that_ran_out_gets_nothing(implicit, server, authority, outbox, alice):
    mailbox = server(lasts=-DAY, implicit=implicit)
    outbox.ask(alice)
    outbox.send_next(**ways(mailbox, authority, implicit))
    refused(outbox, mailbox, "certificate has expired")


def refused(outbox, mailbox: Mailbox, why: str) -> None:
    """Say that nothing was handed over, and that the row tells the operator why."""
    assert mailbox.mails == []
    where = f"127.0.0.1:{mailbox.port}"
    assert outbox.row.error == f"The certificate of {where} is not valid: {why}."
    assert outbox.row.ended_at is None
