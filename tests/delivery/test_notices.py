"""What a notice says, to whom, and what it never lets anybody say through us."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpapp.delivery.codes import GSM_7
from otpapp.delivery.notices import is_plain
from otpapp.extensions import db
from otpapp.models import Event
from otpapp.transaction import transaction
from tests.delivery.notices import EVIL
from tests.helpers.mailbox import text_of
from tests.helpers.people import ALICE

LINK = re.compile(r"https://auth\.example\.org/changed/[\w.-]+")
NAMES = [
    EVIL,
    "evil.example",
    "www.evil.example",
    "a@evil.example",
    "+1 202 555 0143",
    "2-0-2-5-5-5",
    "<b>bold</b>",
    "{{ 7*7 }}",
    "%s {thing}",
    "a\r\nBcc: x@y.example",
    "\u202egro.live",
    "x\u0000",
    "",
]


@pytest.fixture
def alices(factors_of, alice):
    """Alice's factors."""
    return factors_of(alice)


def html_of(mail) -> str:
    return mail.get_body(("html",)).get_content()


def test_it_says_what_was_added_when_from_where_and_how_to_freeze(alices, mailbox):
    alices.add()
    (mail,) = mailbox.deliver()
    link = LINK.search(text_of(mail))[0]
    assert mail["To"] == ALICE.address
    assert mail["Subject"] == "Your Example sign-in was changed"
    assert text_of(mail).splitlines() == [
        "An authenticator app, “My phone”, was added to your Example sign-in.",
        "",
        "When: 3 March 2026, 12:00 UTC",
        "From: Firefox on Linux, IP 192.0.2.1",
        "",
        "If that was you, there is nothing to do.",
        f"Not you? Freeze your sign-in, so that nobody can sign in as you: {link}",
        "The link works until 6 March 2026, 12:00 UTC.",
    ]


def test_it_says_what_was_removed_and_how_to_undo_it(alices, mailbox):
    alices.remove(alices.add())
    text = text_of(mailbox.deliver()[-1])
    assert text.startswith("An authenticator app, “My phone”, was removed from your Example")
    assert "Not you? Undo it, which signs everybody out: https://" in text


def test_it_tells_of_new_recovery_codes(alices, mailbox):
    alices.new_codes()
    text = text_of(mailbox.deliver()[-1])
    assert text.startswith("New recovery codes were made for your Example sign-in.")
    assert "Not you? Freeze your sign-in" in text


@pytest.mark.parametrize(
    ("kind", "says"),
    [("passkey", "A passkey"), ("hotp", "A token with a button"), ("novel", "A second proof")],
)
def test_each_kind_of_factor_has_its_words(alices, mailbox, kind, says):
    alices.add("", kind)
    assert text_of(mailbox.deliver()[-1]).startswith(f"{says} was added")


def test_of_a_copied_passkey_it_says_what_to_do(alices, outbox, mailbox):
    """W8."""
    alices.add("Laptop", "passkey")
    with outbox.app.app_context(), transaction():
        db.session.query(Event).update({"kind": "passkey.cloned"})
    mail = mailbox.deliver()[0]
    assert mail["Subject"] == "Your Example sign-in has a passkey that was copied"
    for part in (text_of(mail), html_of(mail)):
        assert (
            "A passkey, “Laptop”, of your Example sign-in seems to have been copied. It opens"
            in part.replace("\n", " ")
        )
        assert "Sign in another way, remove that passkey, and add a new one." in part
        assert "Not you?" in part
        assert "nothing to do" not in part


def test_what_has_no_words_of_its_own_is_told_all_the_same(alices, outbox, mailbox):
    alices.add()
    with outbox.app.app_context(), transaction():
        db.session.query(Event).update({"kind": "something.new"})
    assert text_of(mailbox.deliver()[0]).startswith("Your Example sign-in was changed.")


def test_text_and_html_say_the_same_and_have_one_link(alices, mailbox):
    alices.add()
    (mail,) = mailbox.deliver()
    link = LINK.search(text_of(mail))[0]
    assert re.findall(r"https?://[^\s\"<]+", text_of(mail)) == [link]
    assert re.findall(r"https?://[^\s\"<]+", html_of(mail)) == [link]
    for words in ("“My phone”", "3 March 2026, 12:00 UTC", "Firefox on Linux, IP 192.0.2.1"):
        assert words in html_of(mail)


def test_no_program_answers_it(alices, mailbox):
    alices.add()
    assert mailbox.deliver()[0]["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_could_lead_somewhere_is_left_out(alices, mailbox, name):
    """X36: whoever added the factor chose it, and it may not speak in our name."""
    alices.add(name)
    (mail,) = mailbox.deliver()
    assert text_of(mail).startswith("An authenticator app was added to your Example sign-in.")
    assert mail["Subject"] == "Your Example sign-in was changed"
    for part in (text_of(mail), html_of(mail)):
        assert not re.search(r"evil|bold|49|Bcc|live|\x00", part)


@pytest.mark.parametrize(
    "name",
    [
        "My phone",
        "Zoë’s 2nd phone",
        "J. Doe (work)",
        "日本の電話",
        "मेरा फ़ोन",
        "📱 & co",
        "iPhone 2026",
    ],
)
def test_a_name_as_people_give_them_is_shown(name):
    assert is_plain(name)


def test_a_name_is_escaped_in_html(alices, mailbox):
    alices.add("Tom & 'Jerry'")
    assert "“Tom &amp; &#39;Jerry&#39;”" in html_of(mailbox.deliver()[0])


@given(st.text())
def test_no_name_that_is_shown_can_be_tapped(name):
    if is_plain(name):
        assert not re.search(r"[:/@<>\\\x00-\x1f]|\w\.\w|\d{6}", name)


@pytest.fixture
def overrides(gateway) -> dict:
    """Text messages go to the gateway."""
    return {"sms_url": gateway.url}


def test_a_text_message_says_it_all_in_one(factors_of, bob, outbox, gateway):
    bobs = factors_of(bob)
    bobs.add(EVIL)
    assert outbox.send_next("sms")
    (body,) = gateway.bodies
    link = LINK.search(body)[0]
    assert body == (
        f"An authenticator app was added to your sign-in. 12:00 UTC, 3 Mar. Not you? {link}"
    )
    assert len(body) <= 160
    assert set(body) <= GSM_7


@pytest.mark.parametrize("site", ["Żółw", "[brackets]", "A name of a site as long as they come 12"])
def test_a_site_name_that_does_not_fit_is_left_out(factors_of, bob, outbox, gateway, site):
    bobs = factors_of(bob)
    bobs.remove(bobs.add())
    outbox.use(site_name=site)
    for _ in range(2):
        assert outbox.send_next("sms")
    for body in gateway.bodies:
        assert len(body) <= 160
        assert set(body) <= GSM_7
        assert LINK.search(body)


def test_a_host_that_leaves_no_room_for_the_link_leaves_the_warning(
    factors_of, bob, outbox, gateway
):
    factors_of(bob).add()
    outbox.use(public_url=f"https://{'h' * 100}.example.org")
    assert outbox.send_next("sms")
    assert gateway.bodies == [
        "Your sign-in was changed. If that was not you, tell whoever runs the site."
    ]
