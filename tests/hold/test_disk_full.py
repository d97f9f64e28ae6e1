"""The disk fills up under a site, or can only be read: nobody signs in, and then all goes on."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.helpers.disks import Quota, SmallDisk, may_mount, small_disk
from tests.helpers.mailbox import Mailbox, mail_at
from tests.helpers.served import served
from tests.helpers.visitor import wait_for
from tests.hold.clear import is_clear
from tests.hold.site import Site

NAME = "full.sqlite3"
# Root may write anywhere, unless it gives up that right.
ORDINARY = [] if os.getuid() else ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]


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


@contextmanager
def only_readable(*paths: Path) -> Iterator[None]:
    """Take the right to write away from everybody during the block."""
    before = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(0o555)
    try:
        yield
    finally:
        for path, mode in before.items():
            path.chmod(mode)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """The folder of the next fixture."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def small_site(home) -> Iterator[Site]:
    """A site on an ordinary disk, which may write only where its user may."""
    with Mailbox() as mailbox, served(home, 1, ORDINARY, **mail_at(mailbox.port)) as server:
        yield Site(server, mailbox)


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_disk_that_can_only_be_read_lets_nobody_in_until_it_can_be_written(
    what, small_site, home
):
    ann, ben = small_site.signed_in(f"ann.{what}"), small_site.asked(f"ben.{what}")
    code = small_site.code(f"ben.{what}")
    small_site.server.stop()
    files = home.glob("served.sqlite3*")
    with only_readable(*(files if what == "file" else [*files, home])):
        small_site.server.start()
        assert ann.is_in
        assert ben.open("/sign-in/code").status_code == 200
        assert is_clear(ben, ben.submit("/sign-in/code", code=code))
        assert ann.is_in
    wait_for(lambda: ben.submit("/sign-in/code").status_code == 303)
    assert ben.is_in
    assert small_site.broken() == {}
