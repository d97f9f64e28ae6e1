"""A served process sends by itself, and no fault of a mail server is felt on any page."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.delivery.servers import SAY_NOTHING, ScriptedSmtp
from tests.helpers.mailbox import Mailbox, code_in, free_port, mail_at
from tests.helpers.served import served
from tests.helpers.visitor import HttpVisitor, wait_for
from tests.web.helpers import words

PAGE_SECONDS = 0.2


def put_back(folder: Path) -> bool:
    """Say whether the one message was tried, and waits for its next try."""
    with closing(sqlite3.connect(folder / "served.sqlite3")) as connection:
        row = connection.execute("SELECT attempts, leased_until FROM messages").fetchone()
    return row == (1, None)


def test_the_mail_arrives_at_once_and_its_code_signs_in(tmp_path):
    with Mailbox() as mailbox, served(tmp_path, **mail_at(mailbox.port)) as server:
        visitor = HttpVisitor(server)
        visitor.ask("alice@example.org")
        assert wait_for(lambda: mailbox.mails) < 2
        assert mailbox.receivers == [["alice@example.org"]]
        code = code_in(mailbox.mails[0])
        assert "You are signed in" in visitor.answer(code)
        assert code not in server.log


def test_several_processes_send_each_mail_once(tmp_path):
    with Mailbox() as mailbox, served(tmp_path, workers=3, **mail_at(mailbox.port)) as server:
        people = [f"person{number}@example.org" for number in range(8)]
        for one in people:
            HttpVisitor(server).ask(one)
        wait_for(lambda: len(mailbox.mails) >= len(people))
        assert sorted(mail["To"] for mail in mailbox.mails) == people


def test_a_mute_mail_server_makes_no_page_wait(tmp_path):
    with (
        ScriptedSmtp({"CONNECT": SAY_NOTHING}) as mute,
        served(tmp_path, **mail_at(mute.port)) as server,
    ):
        visitor = HttpVisitor(server)
        visitor.ask("first@example.org")
        wait_for(lambda: mute.conversations)
        assert "first@example.org" in words(visitor.page)
        took = [HttpVisitor(server).ask(f"person{number}@example.org") for number in range(6)]
        assert sorted(took)[-2] < PAGE_SECONDS, took  # one may have met a busy processor
        assert max(took) < 1, took


def test_a_mail_server_that_was_down_gets_the_mail_when_it_is_back(tmp_path):
    """The first try fails, the second follows 5 real seconds later."""
    port = free_port()
    with served(tmp_path, **mail_at(port)) as server:
        visitor = HttpVisitor(server)
        visitor.ask("alice@example.org")
        wait_for(lambda: "Nothing listens at" in server.log)
        with Mailbox(port) as mailbox:
            wait_for(lambda: mailbox.mails)
            assert "You are signed in" in visitor.answer(code_in(mailbox.mails[0]))


def test_a_code_asked_for_before_a_crash_arrives_after_it(tmp_path):
    port = free_port()
    with served(tmp_path, **mail_at(port)) as server:
        visitor = HttpVisitor(server)
        visitor.ask("alice@example.org")
        wait_for(lambda: put_back(tmp_path))
        server.kill()
        with Mailbox(port) as mailbox:
            server.start()
            wait_for(lambda: mailbox.mails)
            assert "You are signed in" in visitor.answer(code_in(mailbox.mails[0]))
            assert len(mailbox.mails) == 1
