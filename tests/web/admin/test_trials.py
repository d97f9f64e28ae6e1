"""A test message from a page: it really goes out, or one reads why not; few, and each is noted."""

import socket
import time

import pytest

from otpapp.extensions import db
from otpapp.models import Event
from otpapp.web.admin import settings_routes
from tests.delivery.servers import SAY_NOTHING, ScriptedSmtp, SmsGateway
from tests.helpers.mailbox import free_port, text_of
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, notice, part, problem, words

PAGE = "/admin/settings/test"
PHONE = "+12025550143"


def send(browser, who: str = ALICE):
    browser.get(PAGE)
    return browser.submit(PAGE, who=who)


def noted(app) -> list[tuple]:
    """Return what the trail has of test messages, the oldest first."""
    with app.app_context():
        found = db.session.query(Event).filter(Event.kind.like("test.%")).order_by(Event.id)
        return [(one.kind, one.user_id, one.subject, one.detail) for one in found]


def test_the_mail_arrives_and_the_trail_says_who_sent_it(admin, app, alice, smtp_server):
    smtp_server.mails.clear()
    answer = send(admin, "Dora@example.org")
    assert (answer.status_code, answer.location) == (303, PAGE)
    (mail,) = smtp_server.mails
    assert (mail["To"], mail["Subject"]) == ("Dora@example.org", "Test message from Example")
    assert "If you can read it, sign-in codes will arrive here too." in text_of(mail)
    assert notice(admin.follow(answer)) == "Handed over. Look whether it arrives."
    mine = (alice.user_id, "dora@example.org", "")
    assert noted(app) == [("test.asked", *mine), ("test.sent", *mine)]
    page = words(admin.get("/admin/events").text)
    assert f"{ALICE} had a test message sent to dora@example.org" in page
    assert "A test message to dora@example.org was handed over." in page


def test_it_goes_to_the_admin_unless_they_say_otherwise(admin):
    admin.get(PAGE)
    assert admin.page.form(PAGE)["who"] == ALICE


def test_the_text_message_arrives(admin_of):
    with SmsGateway() as gateway:
        assert send(admin_of(sms_url=gateway.url), PHONE).status_code == 303
    assert gateway.bodies == ["Test message from auth.example.org. Text messages work."]


def test_a_closed_port_is_named_and_what_was_typed_stays(admin_of, app, alice):
    port = free_port()
    browser = admin_of(mail_port=port)
    answer = send(browser, "dora@example.org")
    assert answer.status_code == 422
    assert problem(answer) == f"Nothing listens at 127.0.0.1:{port}."
    assert browser.page.form(PAGE)["who"] == "dora@example.org"
    assert noted(app)[1] == (
        *("test.failed", alice.user_id, "dora@example.org"),
        f"Nothing listens at 127.0.0.1:{port}.",
    )


def test_what_the_server_said_is_read_by_the_admin_alone(admin_of, app, caplog):
    with ScriptedSmtp({"RCPT": "550 nobody <i>here</i>"}) as server:
        answer = send(admin_of(mail_port=server.port))
    assert problem(answer) == f"127.0.0.1:{server.port} refused the receiver (550)."
    assert "nobody &lt;i&gt;here" in answer.text
    assert "nobody" in part(answer.text, 'class="said"')
    assert "nobody" not in str(noted(app)) + caplog.text


def test_a_gateway_that_refuses_is_told(admin_of):
    with SmsGateway() as gateway:
        gateway.status = 500
        answer = send(admin_of(sms_url=gateway.url), PHONE)
    assert problem(answer) == "The SMS gateway did not take the message, or did not say so."


def test_a_mute_server_holds_the_page_up_no_longer_than_said(admin_of, monkeypatch):
    monkeypatch.setattr(settings_routes, "PATIENCE", 1.0)
    silence = ScriptedSmtp({"CONNECT": SAY_NOTHING})
    with silence as server, socket.create_server(("127.0.0.1", 0)) as mute:
        gateway = f"json://127.0.0.1:{mute.getsockname()[1]}/{{to}}"
        browser = admin_of(mail_port=server.port, sms_url=gateway)
        for who, said in ((ALICE, "did not answer in time"), (PHONE, "no answer within")):
            begun = time.monotonic()
            assert said in problem(send(browser, who))
            assert time.monotonic() - begun < 4


def test_it_waits_for_ten_seconds():
    assert settings_routes.PATIENCE == 10


def test_ten_an_hour_and_the_eleventh_says_when_it_goes_on(admin, smtp_server):
    smtp_server.mails.clear()
    for number in range(10):
        assert send(admin, f"d{number}@example.org").status_code == 303
    answer = send(admin)
    assert answer.status_code == 429
    assert problem(answer) == (
        "10 test messages in an hour are all. You can send more at 13:00 UTC."
    )
    assert len(smtp_server.mails) == 10


def test_text_messages_end_with_those_of_the_day(admin_of):
    with SmsGateway() as gateway:
        browser = admin_of(sms_url=gateway.url, limit_sms_per_day=1)
        assert send(browser, PHONE).status_code == 303
        answer = send(browser, PHONE)
        assert problem(answer).startswith("No more text messages today. You can send more at")
        assert len(gateway.bodies) == 1


@pytest.mark.parametrize("typed", ["", "alice@", "x" * 400, "\x00"])
def test_what_names_nobody_is_refused_and_sends_nothing(admin, app, smtp_server, typed):
    smtp_server.mails.clear()
    answer = send(admin, typed)
    assert answer.status_code == 422
    assert problem(answer).startswith("Enter an email address")
    assert (smtp_server.mails, noted(app)) == ([], [])


def test_without_a_server_it_leads_to_the_inbox(admin_of, app):
    browser = admin_of(mode="development", mail_server="")
    page = words(browser.get(PAGE).text)
    assert "what no server is set for is not sent: it lands in the inbox." in page
    answer = send(browser)
    assert problem(answer).startswith("OTPAPP_MAIL_SERVER is not set, so messages go to /inbox.")
    assert noted(app)[-1][0] == "test.failed"


def test_no_code_is_in_it(admin, smtp_server):
    smtp_server.mails.clear()
    send(admin)
    assert not [code for code in RFC_CODES if code in text_of(smtp_server.mails[0])]
