"""The disk fills up under a running site, or can only be read: nobody signs in, and all goes on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.helpers.disks import Quota, SmallDisk, may_mount, small_disk
from tests.helpers.mailbox import Mailbox, mail_at
from tests.helpers.served import served
from tests.hold.clear import is_clear
from tests.hold.site import Site

NAME = "full.sqlite3"


@pytest.fixture(params=["tmpfs", "quota"] if may_mount() else ["quota"])
def disk(request, tmp_path) -> Iterator[SmallDisk | Quota]:
    """A disk that can be filled: a small tmpfs, and where nothing may be mounted only a quota."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if request.param == "quota":
        yield Quota(folder)
        return
    with small_disk(folder) as disk:
        yield disk


@pytest.fixture
def site(disk, tmp_path) -> Iterator[Site]:
    """A site of two server processes whose database is on that disk."""
    url = f"sqlite:///{disk.folder / NAME}"
    with (
        Mailbox() as mailbox,
        served(
            tmp_path, 2, disk.prefix, OTPAPP_DATABASE_URL=url, **mail_at(mailbox.port)
        ) as server,
    ):
        yield Site(server, mailbox)


def integrity(file: Path) -> str:
    """Return what SQLite says of a file: ok, or what is wrong with it."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchone()[0]


def test_a_full_disk_lets_nobody_in_and_is_over_once_there_is_space(site, disk, tmp_path):
    ann, ben, cat = site.signed_in("ann"), site.asked("ben"), site.newcomer()
    disk.fill(site.server)
    for _ in range(3):
        assert ann.is_in
        assert ben.open("/sign-in/code").status_code == 200
        assert is_clear(ben, ben.submit("/sign-in/code", code=site.code("ben")))
        assert not ben.is_in
        assert is_clear(cat, cat.submit("/sign-in", identifier="cat@example.org"))
        assert is_clear(ann, ann.open("/verify/cat@example.org/"))
    disk.free(site.server)
    ben.open("/sign-in/code")
    assert ben.submit("/sign-in/code", code=site.code("ben")).status_code == 303
    cat.open(cat.submit("/sign-in").headers["Location"])
    cat.answer(site.code("cat"))
    assert ben.is_in
    assert cat.is_in
    site.server.stop()
    copy = disk.copy(tmp_path / "copy") / NAME
    assert integrity(copy) == "ok"
    assert site.broken(f"sqlite:///{copy}") == {}
