"""`flask backup` makes a whole copy while others write; of before, nothing opens it again."""

import json
import re
import shutil
import sqlite3
import subprocess
import threading
from contextlib import closing

import pytest
import requests

from tests.commands.test_post_restore import post_restore
from tests.helpers.mailbox import Mailbox, code_in, mail_at, text_of
from tests.helpers.served import Served, served
from tests.helpers.visitor import HttpVisitor, wait_for
from tests.hold.crowd import Crowd

ALICE = "alice@example.org"
ROOMY = {
    "OTPAPP_LIMIT_SENDS_PER_IP": "100000",
    "OTPAPP_LIMIT_SENDS_PER_SITE": "100000",
    "OTPAPP_LIMIT_FAILURES_PER_IP": "100000",
    "OTPAPP_SIGN_UP": "open",
}


def backup(app, *arguments: str):
    return app.test_cli_runner().invoke(args=["backup", *arguments])


def count(file, table: str) -> int:
    with closing(sqlite3.connect(file)) as opened:
        return opened.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_it_says_what_the_copy_holds(app, alice, bob, tmp_path):
    file = tmp_path / "copy"
    done = backup(app, str(file))
    assert done.exit_code == 0, done.output
    assert f"{file} holds 2 users and 0 lines of the trail, at revision " in done.output
    assert "It was opened and is whole." in done.output
    assert file.stat().st_mode & 0o777 == 0o600
    assert count(file, "users") == 2
    assert list(tmp_path.glob(".copy*")) == []


def test_programs_read_it_as_json_and_the_trail_has_it(app, alice, tmp_path):
    first = json.loads(backup(app, str(tmp_path / "first"), "--json").stdout)
    second = json.loads(backup(app, str(tmp_path / "second"), "--json").stdout)
    assert first["file"] == str(tmp_path / "first")
    assert first["bytes"] == (tmp_path / "first").stat().st_size
    assert (first["users"], first["user_sessions"], first["events"]) == (1, 0, 0)
    assert second["events"] == 1
    with closing(sqlite3.connect(tmp_path / "second")) as opened:
        assert opened.execute("SELECT kind, detail FROM events").fetchall() == [
            ("backup.made", "first")
        ]


def test_what_is_there_is_never_written_over(app, alice, tmp_path):
    file = tmp_path / "copy"
    file.write_text("of yesterday")
    done = backup(app, str(file))
    assert (done.exit_code, file.read_text()) == (1, "of yesterday")
    assert done.output == f"Error: {file} is there already, and nothing was changed in it.\n"


def test_a_folder_that_is_not_there_is_said(app, alice, tmp_path):
    done = backup(app, str(tmp_path / "no" / "copy"))
    assert done.exit_code == 1
    assert done.output.startswith("Error: No backup was made: ")
    assert "Traceback" not in done.output


def test_a_damaged_database_makes_no_backup(app, alice, settings, tmp_path):
    path = settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA foreign_keys = OFF")
        opened.execute("DELETE FROM users")
        opened.commit()
    done = backup(app, str(tmp_path / "copy"))
    assert done.exit_code == 1
    assert "the database is damaged, and so was its copy" in done.output
    assert list(tmp_path.glob("*copy*")) == []


@pytest.mark.postgres
class TestPostgresql:
    """PostgreSQL has programs for it; the command says how they are called."""

    @pytest.fixture
    def database_url(self, postgres) -> str:
        return postgres

    def test_it_says_what_to_do_instead(self, app, tmp_path):
        file = tmp_path / "copy.dump"
        done = backup(app, str(file))
        assert done.exit_code == 1
        found = re.search(r"\(umask 077; pg_dump .*\)", done.output)
        program = shutil.which("pg_dump")
        assert program
        subprocess.run(["bash", "-c", found[0]], check=True, timeout=60)
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.read_bytes().startswith(b"PGDMP")


@pytest.fixture
def busy(tmp_path):
    """A site where many sign in all the time, and Alice once."""
    folder = tmp_path / "before"
    folder.mkdir()
    with Mailbox() as mailbox, served(folder, 2, **ROOMY, **mail_at(mailbox.port)) as server:
        yield server, mailbox


def stop_link(mail) -> str:
    return re.search(r"(/not-me/\S+)", text_of(mail))[1]


def test_a_copy_of_a_busy_site_is_put_back_elsewhere(busy, tmp_path):
    server, mailbox = busy
    hers, his = requests.Session(), requests.Session()
    alice, bob = HttpVisitor(server, hers), HttpVisitor(server, his)
    alice.ask(ALICE)
    wait_for(lambda: mailbox.mails)
    assert "You are signed in" in alice.answer(code_in(mailbox.mails[-1]))
    bob.ask("bob@example.org")
    wait_for(lambda: len(mailbox.mails) == 2)
    link = stop_link(mailbox.mails[-1])
    form = {**bob.form("/sign-in/code"), "code": code_in(mailbox.mails[-1])}
    with Crowd(server, mailbox, 4) as crowd:
        wait_for(lambda: crowd.steps > 8)
        copies = [str(tmp_path / f"copy{number}") for number in range(3)]
        runs = [threading.Thread(target=server.flask, args=("backup", one)) for one in copies]
        for run in runs:
            run.start()
        for run in runs:
            run.join()
    assert crowd.faults == []
    for copy in copies:
        with closing(sqlite3.connect(copy)) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            # Each message was written with what it is about: one state of everything.
            assert opened.execute(
                "SELECT count(*) FROM challenges WHERE id NOT IN "
                "(SELECT challenge_id FROM messages WHERE challenge_id IS NOT NULL)"
            ).fetchone() == (0,)
    server.stop()

    after = tmp_path / "after"
    after.mkdir()
    shutil.copy(copies[-1], after / "served.sqlite3")
    restored = Served({**ROOMY, **mail_at(mailbox.port)}, after)
    done = restored.flask("post-restore", "--yes")
    assert done.returncode == 0, done.stderr
    restored.start()
    try:
        alice, bob = HttpVisitor(restored, hers), HttpVisitor(restored, his)
        assert alice.open("/").status_code == 303, "a session of before is over"
        bob.open("/sign-in/code", "POST", data=form)
        assert bob.open("/").status_code == 303, "a code of before is none"
        assert alice.open(link).status_code == 404, "a link of before opens nothing"
        sent = len(mailbox.mails)
        alice.ask(ALICE)
        wait_for(lambda: len(mailbox.mails) > sent)
        assert "You are signed in" in alice.answer(code_in(mailbox.mails[-1]))
    finally:
        restored.stop()


def test_without_post_restore_that_link_would_work(app, client, alice, mailbox):
    client.ask(ALICE)
    link = stop_link(mailbox.newest_for(ALICE))
    assert client.get(link).status_code == 200
    post_restore(app, "--yes")
    assert client.get(link).status_code == 404
