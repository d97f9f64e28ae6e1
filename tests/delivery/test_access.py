"""What mails about access say, to whom, and what a stranger cannot say by them."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from otpapp.extensions import db
from otpapp.models import AccessRequest
from otpapp.otp.keys import sealer
from otpapp.rules.gate import apps
from otpapp.rules.gate.rules import Rule
from otpapp.transaction import transaction
from tests.helpers.mailbox import text_of
from tests.helpers.people import ALICE, Person, add_person
from tests.rules.gate.asking import WIKI, Desk

ZOE = Person("email", "zoe.the.admin@example.org", b"11223344556677889900")
EVIL = "call http://evil.example"
PORTAL = "https://auth.example.org"


@pytest.fixture
def asking(outbox, alice, clock) -> Iterator[Desk]:
    """Alice is refused by the rules of the wiki; Zoe is the admin."""
    with outbox.app.app_context():
        zoe = add_person(ZOE, sealer(outbox.settings.secrets))
        asking = Desk(outbox.settings, clock, alice, zoe)
        asking.keep(Rule("/", ("group:staff",)), Rule("/über uns", ("group:staff",)))
        asking.verify()
        asking.promote()
        yield asking


def html_of(mail) -> str:
    return mail.get_body(("html",)).get_content()


def links(text: str) -> list[str]:
    return re.findall(r"https?://[^\s\"<]+", text)


def test_admins_are_told_who_asks_for_what_and_where_to_answer(asking, mailbox):
    asking.ask(words=EVIL)
    (mail,) = mailbox.deliver()
    assert (mail["To"], mail["Auto-Submitted"]) == (ZOE.address, "auto-generated")
    assert mail["Subject"] == "alice@example.org asks for access to Our wiki"
    assert text_of(mail).splitlines() == [
        "alice@example.org asks for access to Our wiki.",
        "",
        "When: 3 March 2026, 12:00 UTC",
        "",
        f"Read why, and answer: {PORTAL}/admin/requests/1",
    ]


def test_no_word_of_the_asker_stands_in_it(asking, mailbox):
    """X36: in our name they would speak to an admin."""
    asking.ask(words=EVIL)
    (mail,) = mailbox.deliver()
    assert "evil" not in text_of(mail) + html_of(mail) + mail["Subject"]


def test_who_is_let_in_is_told_until_when_and_where_it_is(asking, mailbox):
    asking.ask("/über uns")
    asking.grant(1, asking.clock.now + timedelta(days=30))
    mail = mailbox.newest_for(ALICE.address)
    assert mail["Subject"] == "You may open Our wiki now"
    assert text_of(mail).splitlines() == [
        "You may open Our wiki now.",
        "",
        "When: 3 March 2026, 12:00 UTC",
        "Until: 2 April 2026, 12:00 UTC",
        "",
        f"Open Our wiki: {WIKI}/%C3%BCber%20uns",
    ]
    assert "2 April 2026" in html_of(mail)


def test_who_is_not_let_in_is_told_how_to_ask_once_more(asking, mailbox):
    asking.ask()
    asking.refuse(1)
    mail = mailbox.newest_for(ALICE.address)
    assert mail["Subject"] == "You were not given access to Our wiki"
    assert "Until" not in text_of(mail)
    assert links(text_of(mail)) == [f"{PORTAL}/gate/ask?rd=https%3A%2F%2Fwiki.example.org%2F"]


def test_text_and_html_say_the_same_and_have_one_link(asking, mailbox):
    asking.ask()
    asking.refuse(1)
    for mail in mailbox.deliver():
        (link,) = links(text_of(mail))
        assert links(html_of(mail)) == [link]
        assert text_of(mail).splitlines()[0] in html_of(mail)


def test_a_title_is_escaped_in_html(asking, mailbox):
    asking.ask()
    with transaction():
        apps.find("wiki").title = "R&D <b>"
    (mail,) = mailbox.deliver()
    assert "R&amp;D &lt;b&gt;" in html_of(mail)


def test_the_longest_path_makes_no_line_too_long(asking, mailbox):
    path = "/" + "ü" * 399
    asking.keep(Rule(path, ("group:staff",)))
    asking.ask(path)
    asking.grant(1, asking.clock.now + timedelta(days=30))
    assert f"Open Our wiki: {WIKI}/\n" in text_of(mailbox.newest_for(ALICE.address)) + "\n"


def test_of_what_is_answered_already_no_admin_is_told(asking, outbox, mailbox):
    asking.ask()
    asking.refuse(1)
    assert [mail["To"] for mail in mailbox.deliver()] == [ALICE.address]
    assert [row.outcome for row in outbox.rows()] == ["given_up", "sent"]


def test_of_what_is_gone_nobody_is_told(asking, outbox, mailbox):
    asking.ask()
    with transaction():
        apps.remove("wiki", asking.clock.now)
    assert mailbox.deliver() == []
    assert outbox.row.error == "it was over before it could be sent"


def test_the_inbox_shows_what_is_over_all_the_same(asking, outbox):
    from otpapp.delivery import notices
    from otpapp.models import Event, Identifier

    asking.ask()
    with transaction():
        db.session.query(AccessRequest).delete()
        event = db.session.query(Event).filter_by(kind="access.announced").one()
        to = db.session.query(Identifier).filter_by(key=ZOE.address).one()
        mail = notices.compose(event, to, "<x@y>", outbox.settings)
    assert mail.subject == "A request for access is over"
