"""One message of each kind: as it would be sent, of made-up people, and of no use to anybody."""

import re
from dataclasses import replace

import pytest

from otpapp.delivery import samples
from otpapp.delivery.parcels import Mail, TextMessage
from otpapp.rules import links
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, rows

NUMBER = re.compile(r"\b\d{6,8}\b")


@pytest.fixture
def every(context, settings, clock, alice):
    """Return the samples of a site, which may differ."""

    def every(**changes) -> dict[str, Mail | TextMessage]:
        found = samples.every(replace(settings, **changes), clock.now)
        return {one.title: one.parcel for one in found}

    return every


def texts(every: dict[str, Mail | TextMessage]) -> list[str]:
    return [one.text + one.html if isinstance(one, Mail) else one.body for one in every.values()]


def test_there_is_one_of_each_kind_that_is_sent(every):
    found = every()
    assert [(type(one), title) for title, one in found.items()] == [
        (Mail, "A code to sign in"),
        (Mail, "The same, were OTPAPP_MAIL_CODE_IN_SUBJECT=false"),
        (TextMessage, "A code to sign in, by text message"),
        (Mail, "A code to add an address"),
        (TextMessage, "A code to add a number"),
        (Mail, "A notice of a change"),
        (TextMessage, "A notice of a change, by text message"),
        (Mail, "An invitation"),
        (TextMessage, "An invitation, by text message"),
        (Mail, "To an admin: somebody asks for access"),
        (Mail, "The answer to them"),
    ]
    assert "Freeze your sign-in" in found["A notice of a change"].text
    assert "Accept it: https://auth.example.org/invited/" in found["An invitation"].text
    answer = found["The answer to them"].text
    assert "You may open Our wiki now." in answer and "Until: 10 March 2026" in answer


def test_the_subject_shows_the_code_as_configured_and_otherwise(every):
    shown, hidden = "123456 is your Example sign-in code", "Your Example sign-in code"
    for setting, subjects in ((True, [shown, hidden]), (False, [hidden, shown])):
        mails = list(every(mail_code_in_subject=setting).values())[:2]
        assert [one.subject for one in mails] == subjects


def test_without_text_messages_there_are_only_mails(every):
    assert {type(one) for one in every(sms_regions=frozenset()).values()} == {Mail}


def test_the_code_is_made_up_and_as_long_as_a_code(every):
    assert set(NUMBER.findall(" ".join(texts(every())))) == {"123456"}
    assert set(NUMBER.findall(" ".join(texts(every(code_digits=8))))) == {"12345678"}


def test_nobody_real_is_in_them_and_nothing_is_stored_or_sent(every, app, mailbox):
    before = rows(app)
    said = " ".join(texts(every()))
    assert ALICE not in said
    assert not [code for code in RFC_CODES if code in said]
    assert rows(app) == before
    assert mailbox.deliver() == []


def test_their_links_open_nothing(every, settings):
    said = " ".join(texts(every(secret_key_fallbacks=("an older one, that signed before",))))
    tokens = dict(
        re.findall(r"https://auth\.example\.org/(not-me|changed|invited)/([\w.-]+)", said)
    )
    assert len(tokens) == 3
    assert links.challenge_to_stop(tokens["not-me"], settings) is None
    assert links.change_to_answer(tokens["changed"], settings) is None
    assert links.invitation_named(tokens["invited"], settings) is None
