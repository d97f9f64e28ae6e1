"""What is wrong with what this site stands on: its database, its queue, its mail server."""

import shutil
import socket
import ssl
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import DBAPIError

from otpapp.clock import utc_now
from otpapp.commands.doctor.findings import Wrong
from otpapp.delivery import sms
from otpapp.delivery.mail import FAULTS
from otpapp.delivery.post import CHANNELS
from otpapp.delivery.smtp import TOTAL_SECONDS, Connection
from otpapp.delivery.smtp_words import explain
from otpapp.extensions import db
from otpapp.models import Event
from otpapp.rules import clocks, vitals
from otpapp.rules.messages import LATE
from otpapp.settings import Settings
from otpapp.transaction import execute, transaction

LEAST_FREE = 200  # MB; a log of writes can grow by as much before it is folded in
MB = 1_000_000
GATEWAY_SECONDS = 5.0
# A write that changes nothing.
_WRITE = text("UPDATE alembic_version SET version_num = version_num")
_NEWEST = select(func.max(Event.at))


def writable(_: Settings) -> Iterator[Wrong]:
    """Yield why the database takes no writes."""
    try:
        with transaction():
            execute(_WRITE)
    except DBAPIError as error:
        yield Wrong(
            f"the database takes no writes: {error.orig}",
            "see who owns its file and folder, and whether another program holds it locked",
        )


def room(settings: Settings) -> Iterator[Wrong]:
    """Yield whether a database file has room to grow."""
    file = _file(settings)
    free = shutil.disk_usage(file.parent).free // MB if file else LEAST_FREE
    if free < LEAST_FREE:
        yield Wrong(
            f"{free} MB are free where the database is", f"make room: {LEAST_FREE} MB or more"
        )


def journal(settings: Settings) -> Iterator[Wrong]:
    """Yield whether readers and writers of a database file would wait for each other."""
    if _file(settings) is None:
        return
    mode = str(execute(text("PRAGMA journal_mode")).scalar())
    db.session.rollback()
    if mode != "wal":
        yield Wrong(
            f"the journal mode of the database is {mode}, so pages wait for each write",
            "put it on a disk of this machine: WAL works on no network file system",
        )


def private(settings: Settings) -> Iterator[Wrong]:
    """Yield whether everybody on this machine can read a database file."""
    file = _file(settings)
    if file and _can_others(file, stat.S_IROTH):
        ways_in = [_can_others(folder, stat.S_IXOTH) for folder in file.resolve().parents]
        if all(ways_in):
            yield Wrong("everybody on this machine can read the database", f"chmod o= {file}*")


def queue(settings: Settings) -> Iterator[Wrong]:
    """Yield whether messages wait that should have gone out."""
    for channel in CHANNELS:
        found = vitals.queue(channel, utc_now())
        waiting = f"{_counted(found.depth, channel)} waiting, the oldest for {_told(found.oldest)}"
        if found.is_stuck:
            yield Wrong(f"{waiting}: the server that takes them was not reached", "see below")
        elif found.oldest > LATE:
            is_alone = settings.sender == "none"
            yield Wrong(
                f"{waiting}, and nobody sends them",
                "start flask worker" if is_alone else "see that otpapp runs, and what its log says",
            )
    db.session.rollback()


def mail(settings: Settings) -> Iterator[Wrong]:
    """Yield why no mail could be handed over: all is done for one, but for sending it."""
    if not settings.mail_server:
        return
    try:
        Connection(settings, TOTAL_SECONDS).close()
    except FAULTS as error:
        yield Wrong(str(explain(error, settings)), "then see that one arrives: flask send-test")


def gateway(settings: Settings) -> Iterator[Wrong]:
    """Yield why the gateway of text messages is not reached from here; nothing is asked of it."""
    found = sms.place(settings.sms_url) if settings.sms_url else None
    if found is None:
        return
    host, port, is_secure = found
    try:
        with socket.create_connection((host, port), GATEWAY_SECONDS) as line:
            if is_secure:
                ssl.create_default_context().wrap_socket(line, server_hostname=host).close()
    except OSError as error:
        yield Wrong(
            f"the SMS gateway at {host}, port {port}, is not reached: {error}",
            "see OTPAPP_SMS_URL, and whether this machine may open connections to the outside",
        )


def set_back(_: Settings) -> Iterator[Wrong]:
    """Yield whether something happened that has yet to: then the clock was ahead, or is behind."""
    newest = execute(_NEWEST).scalar()
    db.session.rollback()
    now = utc_now()
    if newest and clocks.is_ahead(newest, now):
        yield Wrong(
            f"the newest line of the trail is {_told(newest - now)} from now",
            "set the clock by NTP: sudo timedatectl set-ntp true",
        )


def told(settings: Settings) -> Iterator[str]:
    """Yield what is neither well nor wrong, and good to know."""
    for channel in CHANNELS:
        depth = vitals.queue(channel, utc_now()).depth
        if depth:
            yield f"{_counted(depth, channel)} in the queue"
    db.session.rollback()
    if not settings.mail_server:
        yield "no mail server is set, so mail goes to /inbox"
    if not settings.sms_url:
        yield "text messages are not configured (OTPAPP_SMS_URL)"
    else:
        yield "whether a text message arrives, only one tells: flask send-test +12025550143"


def _file(settings: Settings) -> Path | None:
    url = make_url(settings.database_url)
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def _can_others(path: Path, what: int) -> bool:
    return bool(path.stat().st_mode & what)


def _counted(depth: int, channel: str) -> str:
    return f"{depth} message{'s' * (depth != 1)} by {channel}"


def _told(time: timedelta) -> str:
    return f"{time.total_seconds():.0f} s"
