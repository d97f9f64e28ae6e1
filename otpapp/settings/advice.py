"""What an operator should know of settings that a server starts with: unsafe or unfinished."""

import ipaddress
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from otpapp.settings.model import PREFIX, Settings

SECRETS = ("secret_key", "secret_key_fallbacks", "mail_password", "sms_url", "database_url")


def advice(settings: Settings, environ: Mapping[str, str]) -> list[str]:
    """Return one sentence for each thing to look at; `environ` is what the settings came from.

    None of them holds the text of a setting that could be a secret.
    """
    checks = (_mode, _proxies, _proofs, _gate, _keys, _messages)
    return [said for check in checks for said in check(settings)] + list(_files(environ))


def _mode(settings: Settings) -> Iterator[str]:
    if not settings.is_production:
        yield f"OTPAPP_MODE={settings.mode} shows codes to whoever asks; never serve people so"
    elif not settings.is_https:
        yield "OTPAPP_PUBLIC_URL is http: for trying it out on this machine, and for nobody else"


def _proxies(settings: Settings) -> Iterator[str]:
    if settings.is_production and settings.is_https and not settings.trusted_proxies:
        yield (
            "OTPAPP_TRUSTED_PROXIES is 0: behind a proxy everybody shares its address and its "
            "limits; set it to 1 where one stands in front"
        )


def _proofs(settings: Settings) -> Iterator[str]:
    if settings.is_production and settings.proofs == settings.proofs_of_admins == "one":
        yield "OTPAPP_PROOFS_OF_ADMINS=one: whoever reads an admin's mail is that admin"


def _gate(settings: Settings) -> Iterator[str]:
    for text in settings.gate_peers:
        if ipaddress.ip_network(text).prefixlen == 0:
            yield f"OTPAPP_GATE_PEERS={text}: anybody who reaches this server may ask the gate"
    if settings.gate_cookie_domain:
        yield "OTPAPP_GATE_COOKIE_DOMAIN: an app that is broken into can act in all others"


def _keys(settings: Settings) -> Iterator[str]:
    if settings.secret_key_fallbacks:
        yield (
            "OTPAPP_SECRET_KEY_FALLBACKS still opens everything: run flask keys rotate, then take "
            "it out"
        )


def _messages(settings: Settings) -> Iterator[str]:
    if settings.sms_url and not settings.sms_regions:
        yield "OTPAPP_SMS_REGIONS is empty, so no text message goes anywhere"
    if settings.sms_url and settings.sign_up == "open":
        yield "OTPAPP_SIGN_UP=open lets anybody have text messages sent at your cost"
    if settings.sender == "none":
        yield "OTPAPP_SENDER=none: nothing is sent unless flask worker runs"


def _files(environ: Mapping[str, str]) -> Iterator[str]:
    for name in (PREFIX + secret.upper() for secret in SECRETS):
        path = environ.get(f"{name}_FILE", "")
        if path and _is_open_to_all(Path(path)):
            yield f"{name}_FILE can be read by everybody on this machine: chmod o= {path}"


def _is_open_to_all(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH))
    except OSError:  # it was there when the server started, and nobody reads it twice
        return False
