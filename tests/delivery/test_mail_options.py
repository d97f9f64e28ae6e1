"""What operators can change about a mail: the code in the subject, a header, names."""

import pytest

from tests.helpers.mailbox import code_in, text_of
from tests.helpers.people import RFC_CODES

CODE = RFC_CODES[1]
UMLAUTS = "Bücherei Köln-Mülheim, Außenstelle Süd"


def under(**settings):
    """Run a test under these settings."""
    return pytest.mark.parametrize("overrides", [settings], ids=[""])


@pytest.fixture
def mail(outbox, mailbox, alice):
    """The mail that Alice gets."""
    outbox.ask(alice)
    return mailbox.newest_for("alice@example.org")


@under(mail_code_in_subject=False)
def test_the_subject_may_be_free_of_the_code(mail):
    assert mail["Subject"] == "Your Example sign-in code"
    assert CODE not in str(mail["Subject"])
    assert code_in(mail) == CODE


@under(mail_otp_token_header=True)
def test_the_otp_token_header_binds_the_code_to_our_origin(mail):
    assert mail.get_all("OTP-Token") == [f'"{CODE}"; origin="https://auth.example.org"']


@under(site_name=UMLAUTS)
def test_a_site_name_with_umlauts_arrives_as_it_is(mail):
    assert mail["Subject"] == f"{CODE} is your {UMLAUTS} sign-in code"
    assert text_of(mail).startswith(f"{CODE} is your {UMLAUTS} sign-in code")
    assert f"Your {UMLAUTS} sign-in code:" in mail.get_body(("html",)).get_content()


@under(site_name=UMLAUTS)
def test_the_source_of_a_mail_with_umlauts_still_shows_the_code(mail):
    for part in mail.walk():
        assert part.get("Content-Transfer-Encoding") != "base64"


@under(site_name="<b>Q&A</b> {{ 7*7 }}")
def test_a_site_name_is_never_read_as_markup(mail):
    assert "<b>Q&A</b> {{ 7*7 }}" in text_of(mail)
    html = mail.get_body(("html",)).get_content()
    assert "&lt;b&gt;Q&amp;A&lt;/b&gt; {{ 7*7 }}" in html
    assert "<b>" not in html


@under(mail_default_sender="Example <codes@example.org>", site_name="Another")
def test_the_sender_may_have_a_name(mail):
    assert mail["From"] == "Example <codes@example.org>"


@under(site_name='Q & "A", Büro')
def test_a_sender_without_a_name_goes_under_the_name_of_the_site(mail):
    (sender,) = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ('Q & "A", Büro', "codes@example.org")


@under(mail_default_sender="Büro <codes@example.org>")
def test_the_name_of_the_sender_may_have_an_umlaut(mail):
    assert mail["From"] == "Büro <codes@example.org>"


@under(code_digits=8)
def test_a_code_may_have_eight_digits(mail):
    assert len(code_in(mail)) == 8
    assert code_in(mail).endswith(CODE)


@under(mail_reply_to="Help desk <help@example.org>")
def test_answers_go_to_whoever_reads_them(mail):
    assert mail["Reply-To"] == "Help desk <help@example.org>"
