"""What templates can say: times, assets, the site's name."""

import hashlib
import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import phonenumbers
from flask import Flask, request
from markupsafe import Markup, escape

from otpapp.models import Identifier
from otpapp.settings import Settings
from otpapp.web.hosts import AT_APPS

HASH_LENGTH = 10
PROOFS = {
    "email": "a code sent by email",
    "sms": "a code sent by text message",
    "totp": "an authenticator app",
    "hotp": "a token",
    "passkey": "a passkey",
    "password": "a password",
    "recovery": "a recovery code",
    "browser": "a browser that you trust",
}


def init_app(app: Flask, settings: Settings) -> None:
    """Give every template its few words."""
    static = Path(app.static_folder or "")

    def version(name: str) -> str:
        return _digest(static / name)

    if settings.is_production:
        version = lru_cache(maxsize=None)(version)

    def asset(name: str) -> str:
        # Under the hosts of apps only what is of the gate comes to us.
        base = AT_APPS + "static" if request.path.startswith(AT_APPS) else app.static_url_path
        return f"{base}/{name}?v={version(name)}"

    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset=asset, settings=settings)
    app.jinja_env.filters.update(
        address=address,
        breakable=breakable,
        clock=clock,
        day=day,
        marked=marked,
        proof=PROOFS.__getitem__,
        shown=lambda url: url.partition("://")[2].rstrip("/"),
        time=time_element,
        variable=lambda name: name.lower().replace("-", "_"),
    )


def clock(instant: datetime) -> str:
    """Return the time of day, as 14:03 UTC."""
    return f"{instant:%H:%M} UTC"


def date(instant: datetime) -> str:
    """Return the day, as 3 March 2026."""
    return f"{instant.day} {instant:%B %Y}"


def day(instant: datetime) -> str:
    """Return day and time, as 3 March 2026, 14:03 UTC."""
    return f"{date(instant)}, {clock(instant)}"


def seconds(instant: datetime) -> str:
    """Return the time of day to the second, as 14:03:07 UTC."""
    return f"{instant:%H:%M:%S} UTC"


STYLES = {"clock": clock, "day": day, "seconds": seconds}


def moment(instant: datetime, style: str = "clock") -> str:
    """Return an instant in plain words, in one of the styles."""
    return STYLES[style](instant)


def time_element(instant: datetime, style: str = "clock") -> Markup:
    """Return a `<time>` that says it in UTC; a script puts it into the reader's own time."""
    words = moment(instant, style)
    machine = f"{instant:%Y-%m-%dT%H:%M:%SZ}"
    return Markup('<time datetime="{}" data-style="{}">{}</time>').format(machine, style, words)


def said(sentence: str) -> Markup:
    """Return a sentence of our own, whose times are elements, for a template."""
    # Our own words and times only: no sentence of `messages` holds anything a visitor sent.
    return Markup(sentence)  # noqa: S704


def address(identifier: Identifier) -> Markup:
    """Return an identifier as pages write it: a phone number in groups."""
    if identifier.channel != "sms":
        return breakable(identifier.address)
    number = phonenumbers.parse(identifier.address)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return Markup(shown)  # noqa: S704 - digits, blanks and dashes


def breakable(text: str) -> Markup:
    """Return an address that breaks at its @ and dots where the line is too short for it."""
    return Markup(re.sub("([@.])", r"\1<wbr>", str(escape(text))))  # noqa: S704 - just escaped


def marked(text: str) -> Markup:
    """Return words of our own, what stands in `backticks` as code."""
    code = re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text)))
    return Markup(code)  # noqa: S704 - just escaped


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:HASH_LENGTH]
