"""The settings on a page: what is set, from where, what is unsafe; no secret, and no form."""

import re

import pytest
from sqlalchemy import text

from otpapp.settings.model import NAMES
from otpapp.settings.shown import HIDDEN
from otpapp.transaction import execute, transaction
from tests.conftest import SECRET
from tests.web.admin.forms import as_admin
from tests.web.helpers import part, words

PAGE = "/admin/settings"
OLDER = "an_older_secret_of_the_tests_0123456789"
SECRETS = {
    "secret_key": SECRET,
    "secret_key_fallbacks": (OLDER,),
    "mail_username": "apikey-hunter2",
    "mail_password": "hunter3",
    "sms_url": "jsons://sender:hunter4@sms.example/{to}?token=hunter5",
}


@pytest.fixture
def from_environment(client):
    """Return what has the page believe that its settings come from these variables."""

    def come_from(environ: dict[str, str]) -> None:
        client.application.extensions["otpapp.environ"] = environ

    return come_from


def row(page: str, name: str) -> str:
    """Return the words of the row of one setting."""
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    (found,) = [one for one in rows if f"<code>{name}</code>" in one]
    return words(found)


def test_every_setting_has_a_row_and_none_can_be_changed(admin):
    page = admin.get(PAGE).text
    for name in NAMES:
        assert row(page, name)
    assert not admin.page.forms


def test_a_row_says_what_it_means_and_where_it_comes_from(admin, from_environment):
    from_environment(
        {"OTPAPP_MAIL_SERVER": "127.0.0.1", "OTPAPP_SITE_NAME_FILE": "/run/secrets/site-name"}
    )
    page = admin.get(PAGE).text
    assert row(page, "OTPAPP_MAIL_SERVER") == (
        "OTPAPP_MAIL_SERVER where mail is handed over; required in production "
        "127.0.0.1 from the environment"
    )
    assert "Example from the file /run/secrets/site-name; unless set: otpapp" in row(
        page, "OTPAPP_SITE_NAME"
    )
    assert row(page, "OTPAPP_CODE_DIGITS").endswith("how many digits a code has 6")
    assert "<code>flask users create</code>" in page
    assert row(page, "OTPAPP_PUBLIC_URL").endswith(
        "https://auth.example.org from the mode or another setting"
    )


def test_one_that_is_set_as_it_would_be_anyway_says_so(admin, from_environment):
    from_environment({"OTPAPP_CODE_DIGITS": "6"})
    said = row(admin.get(PAGE).text, "OTPAPP_CODE_DIGITS")
    assert said.endswith("6 from the environment, as it would be anyway")


def test_what_is_unsafe_stands_on_top(admin):
    page = admin.get(PAGE).text
    said = part(page, 'aria-labelledby="unsafe-title"')
    assert "OTPAPP_PROOFS_OF_ADMINS=one: whoever reads an admin's mail is that admin" in said
    assert "OTPAPP_SENDER=none: nothing is sent unless flask worker runs" in said
    assert page.index("unsafe-title") < page.index("<table")


def test_where_nothing_is_it_says_so(make_client, alice, clock):
    browser = make_client(proofs_of_admins="two", trusted_proxies=1, sender="thread")
    as_admin(browser, clock)
    assert "This server sends by itself. Messages" in words(browser.get(PAGE).text)
    browser.application.extensions["otpapp.worker"].stop()
    page = words(browser.get(PAGE).text)
    assert "Nothing here is unsafe or unfinished." in page
    assert "This server sends by itself, from its first message on." in page


def test_it_shows_no_secret_whatever_it_is(admin_of):
    page = admin_of(**SECRETS, mail_use_tls=True).get(PAGE).text
    for secret in (SECRET, OLDER, "hunter", "sms.example", "sender:", "apikey"):
        assert secret not in page, secret
    for name in HIDDEN - {"mail_username"}:
        assert "set, and not shown" in row(page, f"OTPAPP_{name.upper()}")


def test_it_shows_nothing_of_the_url_of_the_database(admin, settings):
    page = admin.get(PAGE).text
    assert settings.database_url not in page
    assert settings.database_url.removeprefix("sqlite:///") not in page
    assert "SQLite, at the newest revision" in words(page)


def test_it_says_how_messages_go_out(admin, clock):
    page = words(admin.get(PAGE).text)
    assert "Only flask worker sends. Where none runs, messages wait." in page
    assert "Mail goes out without delay. 1 waits. Text messages go out without delay." in page
    clock.advance(minutes=1)
    assert "They go out as soon as they can. 1 waits." in words(admin.get(PAGE).text)


def test_an_old_database_is_unfinished(admin, app):
    with app.app_context(), transaction():
        execute(text("UPDATE alembic_version SET version_num = '0001'"))
    page = words(admin.get(PAGE).text)
    assert "the database is at revision 0001; run: .venv/bin/flask db upgrade" in page
    assert "SQLite Sender" in page


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"mail_server": "", "sms_url": ""}, "Mail and text messages"),
        ({"mail_server": ""}, "Mail"),
        ({"sms_url": ""}, "Text messages"),
    ],
)
def test_where_there_is_an_inbox_it_leads_there(admin_of, changes, what):
    browser = admin_of(mode="development", **changes)
    page = words(browser.get(PAGE).text)
    assert f"{what} land in the inbox: nothing else would carry them." in page
    assert {"href": "/inbox"} in browser.page.all("a")
