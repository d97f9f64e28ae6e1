"""Which settings, each fine by itself, do not make a server that can be trusted."""

import ipaddress
import re
import ssl
from collections.abc import Iterator
from email.utils import parseaddr

import phonenumbers

from otpapp.settings.model import Settings

SECRET_LENGTH = 32  # characters; D12
SITE_NAME_LENGTH = 40  # fits beside the code in a subject and in one text message
HOST_LENGTH = 100  # the bound last line of a text message must fit its 160 characters


def unsafe(settings: Settings) -> list[str]:
    """Return one sentence for each reason not to start with these settings."""
    return [*_secrets(settings), *_address(settings), *_sign_up(settings), *_delivery(settings)]


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


def _sign_up(settings: Settings) -> Iterator[str]:
    if settings.sign_up == "domains" and not settings.sign_up_domains:
        yield "OTPAPP_SIGN_UP_DOMAINS is missing, and OTPAPP_SIGN_UP=domains needs it"
    if settings.sign_up != "domains" and settings.sign_up_domains:
        yield "OTPAPP_SIGN_UP_DOMAINS is set, but OTPAPP_SIGN_UP is not domains"
    for region in sorted(settings.sms_regions | ({settings.phone_region} - {""})):
        if region not in phonenumbers.SUPPORTED_REGIONS:
            yield f"OTPAPP_SMS_REGIONS and OTPAPP_PHONE_REGION take codes like FR; {region} is none"


def _delivery(settings: Settings) -> Iterator[str]:
    if settings.mode == "classroom" and (settings.mail_server or settings.sms_url):
        yield "OTPAPP_MAIL_SERVER and OTPAPP_SMS_URL cannot be set in a classroom"
    if settings.is_production and not settings.mail_server:
        yield "OTPAPP_MAIL_SERVER is missing; without it nobody gets a code"
    if settings.mail_server and not settings.mail_default_sender:
        yield "OTPAPP_MAIL_DEFAULT_SENDER is missing; it is the address codes come from"
    if settings.mail_use_tls and settings.mail_use_ssl:
        yield "OTPAPP_MAIL_USE_TLS and OTPAPP_MAIL_USE_SSL are both set; keep one"
    secured = settings.mail_use_tls or settings.mail_use_ssl
    if (
        settings.is_production
        and settings.mail_server
        and not (secured or is_loopback(settings.mail_server))
    ):
        yield "OTPAPP_MAIL_USE_TLS or _SSL must be true for a mail server that is not on loopback"
    if settings.mail_username and not settings.mail_password:
        yield "OTPAPP_MAIL_PASSWORD is missing, and OTPAPP_MAIL_USERNAME needs it"
    if settings.mail_password and not settings.mail_username:
        yield "OTPAPP_MAIL_USERNAME is missing, and OTPAPP_MAIL_PASSWORD needs it"
    if settings.mail_default_sender and not _is_mailbox(settings.mail_default_sender):
        yield "OTPAPP_MAIL_DEFAULT_SENDER must be an address, as codes@example.org"
    if settings.mail_ca_file and not _holds_certificates(settings.mail_ca_file):
        yield "OTPAPP_MAIL_CA_FILE is not a file of certificates that can be read"
    if settings.sms_url and "{to}" not in settings.sms_url:
        yield "OTPAPP_SMS_URL must hold {to} for the number, as twilio://SID:TOKEN@FROM/{to}"
    elif settings.sms_url and not _is_gateway(settings.sms_url):
        yield "OTPAPP_SMS_URL is not an address that Apprise understands"


def _is_mailbox(text: str) -> bool:
    # Whether it exists is for `flask send-test` to find out.
    return bool(re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", parseaddr(text)[1]))


def _holds_certificates(path: str) -> bool:
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError):
        return False
    return True


def _is_gateway(url: str) -> bool:
    # Imported only where text messages are sent: it costs every start a third of a second.
    import apprise

    return bool(apprise.Apprise().add(url.replace("{to}", "+12025550143")))


def _is_near(host: str) -> bool:
    if is_loopback(host) or host.endswith((".local", ".test", ".lan", ".internal", ".home.arpa")):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
