"""What is wrong with this site itself, before anybody asks for an app."""

from collections.abc import Iterator

from publicsuffixlist import PublicSuffixList
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from otpapp.clock import utc_now
from otpapp.commands.doctor.findings import Wrong
from otpapp.commands.doctor.line import Line, NotReachedError
from otpapp.extensions import db
from otpapp.rules import clocks, readiness
from otpapp.rules.gate import apps
from otpapp.rules.gate.wanted import host_of, is_within
from otpapp.settings import Settings
from otpapp.settings.safety import is_loopback
from otpapp.web.gate.check import HABITS

HIDE = "location ~ ^/(gate/(nginx|forward)|readyz|metrics)$ { return 404; }"
METRICS = "/metrics"


def database(settings: Settings) -> Iterator[Wrong]:
    """Yield what keeps the database from serving."""
    try:
        for fault in readiness.faults(settings):
            yield Wrong(fault, "then start otpapp again")
    except OperationalError as error:
        yield Wrong(f"the database does not answer: {error.orig}", "see OTPAPP_DATABASE_URL")


def warned(settings: Settings) -> Iterator[Wrong]:
    """Yield what will not work though the site serves."""
    for words in readiness.warnings(settings):
        yield Wrong(words, "go back to that name, or have people add passkeys anew")


def clock(_: Settings) -> Iterator[Wrong]:
    """Yield how far the clock of the database is from ours; SQLite has none."""
    if db.engine.dialect.name != "postgresql":
        return
    apart = abs(db.session.execute(select(func.clock_timestamp())).scalar_one() - utc_now())
    db.session.rollback()
    if apart > clocks.APART:
        yield Wrong(
            f"the clock of the database and the one here are {apart.total_seconds():.0f} s apart",
            "set both by NTP: sudo timedatectl set-ntp true",
        )


def cookie_domain(settings: Settings) -> Iterator[Wrong]:
    """Yield why the one cookie for all apps would not reach them, or reach others."""
    domain = settings.gate_cookie_domain
    if not domain:
        return
    if PublicSuffixList().is_public(domain):
        yield Wrong(
            f"strangers can have hosts below {domain}, so browsers take no cookie for all of it",
            "take out OTPAPP_GATE_COOKIE_DOMAIN, or set it to a name below that is yours alone",
        )
    for app in apps.every():
        if not is_within(app.origin, domain):
            yield Wrong(
                f"{app.name} is at {host_of(app.origin)}, which gets no cookie of {domain}",
                "take out OTPAPP_GATE_COOKIE_DOMAIN, or set it to what all apps share",
            )


def hidden(settings: Settings, line: Line) -> Iterator[Wrong]:
    """Yield whether anybody can ask through the public site what is for proxies and Prometheus."""
    if not settings.is_production and is_loopback(settings.public.hostname or ""):
        return  # nothing stands in front
    paths = (*HABITS, *([METRICS] if settings.metrics else []))
    try:
        heard = {path: line.ask(path) for path in paths}
    except NotReachedError as error:
        yield Wrong(f"{settings.public_url}: {error}", error.fix)
        return
    for path in [path for path in paths if heard[path].status != 404][:1]:
        is_nginx = heard[path].proxy == "nginx"
        elsewhere = f"have the proxy in front of this site answer 404 at {' and '.join(paths)}"
        what = "read the numbers" if path == METRICS else "ask the gate"
        yield Wrong(
            f"anybody can {what} at {settings.public_url}{path}",
            f"in the server block of this site write: {HIDE}" if is_nginx else elsewhere,
        )
