"""Which settings, each fine by itself, do not make a server that can be trusted."""

import ipaddress
import re
import ssl
from collections.abc import Iterator
from email.utils import getaddresses
from typing import TYPE_CHECKING, cast

import phonenumbers
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from otpapp.settings.model import Settings

if TYPE_CHECKING:
    import apprise

SECRET_LENGTH = 32  # characters; D12
SITE_NAME_LENGTH = 40  # fits beside the code in a subject and in one text message
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_SERVER = re.compile(r"[A-Za-z0-9._-]+")
HOST_LENGTH = 100  # the bound last line of a text message must fit its 160 characters


def unsafe(settings: Settings) -> list[str]:
    """Return one sentence for each reason not to start with these settings."""
    checks = (_secrets, _database, _address, _gate, _proofs, _sign_up, _mail, _text_messages)
    return [fault for check in checks for fault in check(settings)]


def is_loopback(host: str) -> bool:
    """Say whether `host` is this machine itself: `localhost` or a loopback address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _secrets(settings: Settings) -> Iterator[str]:
    if not settings.secret_key:
        yield "OTPAPP_SECRET_KEY is missing; make one with: openssl rand -base64 48"
    for secret in settings.secrets:
        if secret and (len(secret) < SECRET_LENGTH or len(set(secret)) < 10):
            yield f"OTPAPP_SECRET_KEY is too plain; it needs {SECRET_LENGTH} random characters"


def _database(settings: Settings) -> Iterator[str]:
    try:
        url = make_url(settings.database_url)
    except (ArgumentError, ValueError):  # the latter for a port that is none
        yield "OTPAPP_DATABASE_URL must look like sqlite:////folder/file or postgresql://user@host/name"
        return
    if url.drivername not in ("sqlite", "postgresql", "postgresql+psycopg"):
        yield f"OTPAPP_DATABASE_URL must begin with sqlite: or postgresql:, not {url.drivername}:"
    elif url.drivername == "sqlite" and not (url.database or "").startswith("/"):
        yield "OTPAPP_DATABASE_URL must name a file from the root on, as sqlite:////folder/file"


def _address(settings: Settings) -> Iterator[str]:
    host = settings.public.hostname or ""
    if not settings.public_url:
        yield "OTPAPP_PUBLIC_URL is missing; it is this site's address, as https://auth.example.org"
    elif len(host) > HOST_LENGTH:
        yield f"OTPAPP_PUBLIC_URL has a host of over {HOST_LENGTH} characters"
    elif settings.is_production and not (settings.is_https or is_loopback(host)):
        yield "OTPAPP_PUBLIC_URL must be https, or http on a loopback address for trying it out"
    elif not settings.is_production and not _is_near(host):
        # X32: outside production the API shows codes, so the machine must not be a public one.
        yield f"OTPAPP_MODE={settings.mode} shows codes; OTPAPP_PUBLIC_URL must then be local"
    name = settings.site_name
    if not name.isprintable() or len(name) > SITE_NAME_LENGTH:
        yield f"OTPAPP_SITE_NAME must be at most {SITE_NAME_LENGTH} printable characters"


def _gate(settings: Settings) -> Iterator[str]:
    for text in settings.gate_peers:
        try:
            ipaddress.ip_network(text)
        except ValueError:
            yield f"OTPAPP_GATE_PEERS takes addresses and networks like 10.0.0.0/8; {text} is none"
    domain = settings.gate_cookie_domain
    if domain and not _DOMAIN.fullmatch(domain):
        yield f"OTPAPP_GATE_COOKIE_DOMAIN takes a name like example.org; {domain} is none"
    elif domain and not f".{settings.public.hostname}".endswith(f".{domain}"):
        yield f"OTPAPP_GATE_COOKIE_DOMAIN must hold this site too; {domain} does not"


def _proofs(settings: Settings) -> Iterator[str]:
    if settings.public_url and not settings.offers_passkeys:
        for name in ("proofs", "proofs_of_admins"):
            if getattr(settings, name) == "passkey":
                yield f"OTPAPP_{name.upper()}=passkey needs a name in OTPAPP_PUBLIC_URL, and https"


def _sign_up(settings: Settings) -> Iterator[str]:
    if settings.sign_up == "domains" and not settings.sign_up_domains:
        yield "OTPAPP_SIGN_UP_DOMAINS is missing, and OTPAPP_SIGN_UP=domains needs it"
    if settings.sign_up != "domains" and settings.sign_up_domains:
        yield "OTPAPP_SIGN_UP_DOMAINS is set, but OTPAPP_SIGN_UP is not domains"
    for domain in sorted(settings.sign_up_domains):
        if not _DOMAIN.fullmatch(domain):
            yield f"OTPAPP_SIGN_UP_DOMAINS takes names like example.org; {domain} is none"
    for region in sorted(settings.sms_regions | ({settings.phone_region} - {""})):
        if region not in phonenumbers.SUPPORTED_REGIONS:
            yield f"OTPAPP_SMS_REGIONS and OTPAPP_PHONE_REGION take codes like FR; {region} is none"


def _mail(settings: Settings) -> Iterator[str]:
    server, sender = settings.mail_server, settings.mail_default_sender
    if settings.is_classroom and (server or settings.sms_url):
        yield "OTPAPP_MAIL_SERVER and OTPAPP_SMS_URL cannot be set in a classroom"
    if settings.is_production and not server:
        yield "OTPAPP_MAIL_SERVER is missing; without it nobody gets a code"
    if server and not (_SERVER.fullmatch(server) or is_address(server)):
        yield "OTPAPP_MAIL_SERVER must be the name of a server; its port is OTPAPP_MAIL_PORT"
    if server and not sender:
        yield "OTPAPP_MAIL_DEFAULT_SENDER is missing; it is the address codes come from"
    if sender and not _is_mailbox(sender):
        yield "OTPAPP_MAIL_DEFAULT_SENDER must be one address, as codes@example.org"
    if settings.mail_reply_to and not _is_mailbox(settings.mail_reply_to):
        yield "OTPAPP_MAIL_REPLY_TO must be one address, as help@example.org"
    secured = settings.mail_use_tls or settings.mail_use_ssl
    if settings.mail_use_tls and settings.mail_use_ssl:
        yield "OTPAPP_MAIL_USE_TLS and OTPAPP_MAIL_USE_SSL are both set; keep one"
    if settings.is_production and server and not (secured or is_loopback(server)):
        yield "OTPAPP_MAIL_USE_TLS or _SSL must be true for a mail server that is not on loopback"
    if settings.mail_username and not settings.mail_password:
        yield "OTPAPP_MAIL_PASSWORD is missing, and OTPAPP_MAIL_USERNAME needs it"
    if settings.mail_password and not settings.mail_username:
        yield "OTPAPP_MAIL_USERNAME is missing, and OTPAPP_MAIL_PASSWORD needs it"
    if settings.mail_ca_file and not _holds_certificates(settings.mail_ca_file):
        yield "OTPAPP_MAIL_CA_FILE is not a file of certificates that can be read"


def _text_messages(settings: Settings) -> Iterator[str]:
    url = settings.sms_url
    if not url:
        return
    if "{to}" not in url:
        yield "OTPAPP_SMS_URL must hold {to} for the number, as twilio://SID:TOKEN@FROM/{to}"
    elif any(letter in url for letter in ", \t\n"):
        yield "OTPAPP_SMS_URL must be one address; each message goes to one gateway"
    elif (gateway := _gateway(url)) is None:
        yield "OTPAPP_SMS_URL is not an address that Apprise understands"
    elif settings.is_production and not _keeps_codes_to_itself(gateway):
        yield "OTPAPP_SMS_URL must be encrypted and verified, or lead to loopback"


def is_address(host: str) -> bool:
    """Say whether `host` is an IP address."""
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _is_mailbox(text: str) -> bool:
    # Whether it exists is for `flask send-test` to find out.
    addresses = [address for _, address in getaddresses([text])]
    return (
        len(addresses) == 1
        and text.isprintable()
        and bool(re.fullmatch(r"[!-;=?A-~]+@[!-;=?A-~]+", addresses[0]))
    )


def _holds_certificates(path: str) -> bool:
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError):
        return False
    return True


def _gateway(url: str) -> "apprise.NotifyBase | None":
    # Imported only where text messages are sent: it costs every start a third of a second.
    import apprise

    found = apprise.Apprise.instantiate(url.replace("{to}", "+12025550143"))
    return found if isinstance(found, apprise.NotifyBase) else None


def _keeps_codes_to_itself(gateway: "apprise.NotifyBase") -> bool:
    """Say whether a message to `gateway` leaves this machine only encrypted, to whom it is for."""
    if is_loopback(gateway.host or ""):
        return True
    secure = cast("str | tuple[str, ...] | None", gateway.secure_protocol) or ()
    schemes = (secure,) if isinstance(secure, str) else secure
    return gateway.schema in schemes and bool(gateway.verify_certificate)


def _is_near(host: str) -> bool:
    if is_loopback(host) or host.endswith((".local", ".test", ".lan", ".internal", ".home.arpa")):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
