"""Nothing that is typed can add a receiver or a header to a mail (X15, X16, X17)."""

import pytest

from tests.helpers.mailbox import text_of
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, rows, words

BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x00", "\x85", "\u2028", "\u2029", "\t", "%0d%0a"]
EVIL = "evil@evil.example"
PAYLOADS = [
    *(f"{ALICE}{one}Bcc: {EVIL}" for one in BREAKS),
    *(f"alice{one}Bcc: {EVIL}{one}@example.org" for one in BREAKS),
    *(f"{one}{ALICE}{one}.{EVIL}" for one in ("\r\n", "\x00", "\u2028")),
    *(f"{ALICE}{one}{EVIL}" for one in (",", ", ", ";", " ", "><", "|", "&", "%2c", "\\,")),
    *(f"<{ALICE}>", f"Alice <{ALICE}>", f"{ALICE}>, <{EVIL}", f'"{ALICE}" <{EVIL}>'),
    *(f"{ALICE} SIZE=1", f"{ALICE}> SIZE=1", f"{ALICE} NOTIFY=SUCCESS ORCPT=rfc822;{EVIL}"),
    *(f"@evil.example:{ALICE}", f'"alice\r\nRCPT TO:<{EVIL}>"@example.org', f"({EVIL}){ALICE}"),
    *(f"=?utf-8?q?{ALICE}?=", f"{ALICE}\r\nDATA\r\n.\r\n", f"alice@example.org@{EVIL}"),
]
LOOK_ALIKES = {
    "long s": "alice@example.org".replace("s", "ſ").replace("alice", "alıce"),
    "dotless i": "alıce@example.org",
    "dotted capital I": "ALİCE@example.org",
    "fullwidth a": "ａlice@example.org",
    "Cyrillic a": "аlice@example.org",
    "combining": "alice\u0301@example.org",
    "zero width": "al\u200bice@example.org",
    "fullwidth at": "alice＠example.org",
    "small at": "alice﹫example.org",
    "fullwidth domain": "alice@ｅxample.org",
    "ideographic dot": "alice@example。org",
    "Cyrillic domain": "alice@ехаmple.org",
    "quoted": '"alice"@example.org',
    "trailing dot": "alice@example.org.",
    "dots": "a.lice@example.org",
    "capitals": "ALICE@Example.ORG",
}


@pytest.fixture
def overrides():
    return {"sign_up": "open"}


def test_there_are_forty_payloads():
    assert len(set(PAYLOADS)) >= 40


@pytest.mark.parametrize("typed", [*PAYLOADS, *LOOK_ALIKES.values()])
def test_a_mail_goes_to_the_one_stored_address_or_nowhere(client, app, mailbox, alice, typed):
    client.get("/sign-in")
    answer = client.submit("/sign-in", identifier=typed, next=typed, stay=typed)
    assert answer.status_code in (303, 422)
    stored = {row.address for row in rows(app)["identifiers"]}
    for mail, receivers in zip(mailbox.deliver(), mailbox.receivers, strict=True):
        assert receivers == [mail["To"]]
        assert receivers[0] in stored
        assert EVIL not in receivers
        assert mail["Bcc"] is None
        assert mail["Cc"] is None
        assert len(mail.get_all("To")) == 1
    assert all(one.isascii() and one.isprintable() and " " not in one for one in stored)


@pytest.mark.parametrize("typed", LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_a_look_alike_is_either_refused_or_the_very_same_mailbox_or_another(
    client, app, mailbox, alice, typed
):
    client.get("/sign-in")
    answer = client.submit("/sign-in", identifier=typed)
    mailbox.deliver()
    if answer.status_code == 422:
        assert not mailbox.mails
        return
    (receivers,) = mailbox.receivers
    client.follow(answer)
    client.answer(mailbox.code_for(receivers[0]))
    assert words(client.get("/").text).count("@") == 1
    assert receivers[0] in words(client.get("/").text)


@pytest.mark.parametrize(
    "user_agent",
    ["Firefox\r\nBcc: evil@evil.example", "<script>alert(1)</script> Firefox Linux", "evil" * 500],
)
def test_what_a_browser_calls_itself_never_reaches_a_mail(client, mailbox, alice, user_agent):
    client.environ_base["HTTP_USER_AGENT"] = user_agent
    client.ask(ALICE)
    mail = mailbox.newest_for(ALICE)
    assert mail["Bcc"] is None
    for hidden in ("evil", "alert", "script"):
        assert hidden not in mail.as_string()
    assert client.answer(RFC_CODES[1]).status_code == 303


def test_tags_and_marks_are_shown_as_typed(client):
    typed = '"><svg onload=alert(1)>{{7*7}}'
    client.get("/sign-in")
    page = client.submit("/sign-in", identifier=typed).text
    assert "<svg" not in page
    assert "{{7*7}}" in page
    assert "49" not in words(page)


def test_links_in_a_mail_are_made_from_the_setting(client, mailbox, alice):
    for name in ("HTTP_X_FORWARDED_HOST", "HTTP_X_HOST", "HTTP_FORWARDED"):
        client.environ_base[name] = "host=evil.example"
    client.ask(ALICE)
    text = text_of(mailbox.newest_for(ALICE))
    assert "Enter it only at https://auth.example.org" in text.splitlines()
    assert "evil.example" not in text
