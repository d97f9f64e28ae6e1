"""How the environment becomes Settings: every name parsed, every fault collected, then judged."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import urlsplit

from otpapp.settings.model import NAMES, PREFIX, ROOT, BadSettings, Settings
from otpapp.settings.safety import unsafe

WORDS = {"true": True, "yes": True, "on": True, "1": True}
WORDS |= {"false": False, "no": False, "off": False, "0": False}
DEVELOPMENT = {
    "public_url": "http://127.0.0.1:5000",
    "sign_up": "open",
    "site_name": "Example",
    "mail_default_sender": "otpapp@example.org",
}
NUMBERS = {
    "trusted_proxies": (0, 10),
    "mail_port": (1, 65535),
    "code_digits": (6, 8),  # D1: nine or more digits would be visibly biased
    "code_lifetime": (120, 600),  # D1: NIST SP 800-63B-4 section 3.1.3.2 ends codes at 10 minutes
    "code_tries": (1, 10),
    "gate_cache_seconds": (0, 60),
    "keep_events_days": (30, 36_500),  # links in notices rest on what happened days before
}
NUMBERS_UNLESS_SAID = (1, 1_000_000)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
PROOFS = ("one", "two", "passkey")  # the names of rules.proofs.Demand
CHOICES = {
    "mode": ("production", "development", "classroom"),
    "sign_up": ("open", "domains", "invited"),
    "sender": ("thread", "none"),
    "proofs": PROOFS,
    "proofs_of_admins": PROOFS,
}


def from_env(environ: Mapping[str, str]) -> Settings:
    """Return the Settings that the `OTPAPP_` names of `environ` describe.

    Raises BadSettings with every fault there is, not only the first.
    """
    faults: list[str] = []
    texts = _texts(environ, faults)
    values = {name: _value(name, text, faults) for name, text in texts.items()}
    values = {name: value for name, value in values.items() if value is not None}
    if values.get("mode", "production") != "production":
        # Never the file of production: it was sealed under another secret.
        database = ROOT / "instance" / f"{values['mode']}.sqlite3"
        values = {**DEVELOPMENT, "database_url": f"sqlite:///{database}", **values}
        values["secret_key"] = values.get("secret_key") or _development_secret()
    settings = _with_mail_port(Settings(**values))
    faults += [fault for fault in unsafe(settings) if _is_news(fault, faults)]
    if faults:
        raise BadSettings(faults)
    return settings


def _texts(environ: Mapping[str, str], faults: list[str]) -> dict[str, str]:
    """Return the raw text of each field that is set, from its file where `…_FILE` names one."""
    found: dict[str, str] = {}
    for name, text in environ.items():
        if not name.startswith(PREFIX):
            continue
        plain = name.removesuffix("_FILE") if name not in NAMES else name
        if plain not in NAMES:
            faults.append(f"{name} is not a setting of otpapp; is it misspelt?")
        elif plain != name and plain in environ:
            faults.append(f"{plain} and {name} are both set; keep one")
        elif plain != name:
            found[NAMES[plain].name] = _file(name, text, faults)
        else:
            found[NAMES[plain].name] = text.strip()
    return {name: text for name, text in found.items() if text}


def _file(name: str, path: str, faults: list[str]) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{name}: cannot read {path} ({type(error).__name__})")
        return ""


def _value(name: str, text: str, faults: list[str]) -> Any:
    """Return `text` as the type of the field `name`, or None after noting why it cannot be."""
    try:
        return _parser(name)(name, text)
    except ValueError as error:
        faults.append(f"{PREFIX}{name.upper()}: {error}")
        return None


def _parser(name: str) -> Callable[[str, str], Any]:
    default = NAMES[PREFIX + name.upper()].default
    if name in CHOICES:
        return _choice
    if name == "public_url":
        return _origin
    if name == "metrics":
        return _folder
    if name == "phone_region":
        return lambda _, text: text.upper()
    parsers: dict[type, Callable[[str, str], Any]] = {
        bool: _boolean,
        int: _number,
        timedelta: lambda name, text: timedelta(seconds=_number(name, text)),
        frozenset: _words,
        tuple: lambda _, text: tuple(text.split()),
    }
    return parsers.get(type(default), lambda _, text: text)


def _choice(name: str, text: str) -> str:
    if text not in CHOICES[name]:
        raise ValueError(f"must be one of {', '.join(CHOICES[name])}, not {text!r}")
    return text


def _boolean(_: str, text: str) -> bool:
    if text.lower() not in WORDS:
        raise ValueError(f"must be true or false, not {text!r}")
    return WORDS[text.lower()]


def _number(name: str, text: str) -> int:
    low, high = NUMBERS.get(name, NUMBERS_UNLESS_SAID)
    if not (text.isascii() and text.isdigit()) or not low <= int(text) <= high:
        raise ValueError(f"must be a whole number from {low} to {high}, not {text!r}")
    return int(text)


def _words(name: str, text: str) -> frozenset[str]:
    words = text.replace(",", " ").split()
    return frozenset(word.upper() if name == "sms_regions" else word.lower() for word in words)


def _origin(_: str, text: str) -> str:
    parts = urlsplit(text)
    try:
        port = parts.port
    except ValueError:
        raise ValueError(f"must have a port from 1 to 65535, not {text!r}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise ValueError(f"must look like https://auth.example.org, not {text!r}")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError(f"must be an origin without path or user, not {text!r}")
    host = parts.hostname if ":" not in parts.hostname else f"[{parts.hostname}]"
    usual = port in (None, 443 if parts.scheme == "https" else 80)
    # Browsers, mails and text messages all name the host in ASCII (RFC 5891).
    ascii_host = host.encode("idna").decode()
    if not (_HOST.fullmatch(ascii_host) or host.startswith("[")):
        raise ValueError(f"must name a host, not {text!r}")
    return f"{parts.scheme}://{ascii_host}" + ("" if usual else f":{port}")


def _folder(_: str, text: str) -> str:
    if not text.startswith("/"):
        raise ValueError(f"must name a folder from the root on, as /run/otpapp, not {text!r}")
    return text


def _with_mail_port(settings: Settings) -> Settings:
    usual = 465 if settings.mail_use_ssl else 587 if settings.mail_use_tls else 25
    return replace(settings, mail_port=settings.mail_port or usual)


def _development_secret() -> str:
    """Return the secret of this checkout, made at its first start; only its owner can read it."""
    path = ROOT / "instance" / "secret_key"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        # Written whole before it gets its name: another start may be reading it already.
        with NamedTemporaryFile("w", dir=path.parent) as file, suppress(FileExistsError):
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.link(file.name, path)
    return path.read_text(encoding="utf-8").strip()


def _is_news(fault: str, faults: list[str]) -> bool:
    """Say whether no fault yet speaks of the setting that `fault` begins with."""
    names = {known.split(" ")[0].rstrip(":,") for known in faults}
    return not names & {fault.split(" ")[0], fault.split(" ")[0] + "_FILE"}
