"""What an operator can set, as one frozen, typed value that is right or refuses to be made."""

from dataclasses import dataclass, fields
from datetime import timedelta
from email.utils import parseaddr, quote
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "OTPAPP_"


class BadSettings(Exception):
    """The environment does not describe a server that can be run; says every reason at once."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("otpapp cannot start:\n" + "\n".join(f"  - {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """The settings of one running otpapp; each field is `OTPAPP_` and its name in capitals."""

    mode: str = "production"
    secret_key: str = ""
    secret_key_fallbacks: tuple[str, ...] = ()
    database_url: str = f"sqlite:///{ROOT / 'instance' / 'otpapp.sqlite3'}"
    public_url: str = ""
    site_name: str = "otpapp"
    trusted_proxies: int = 0
    metrics: str = ""

    sign_up: str = "invited"
    sign_up_domains: frozenset[str] = frozenset()
    phone_region: str = ""

    mail_server: str = ""
    mail_port: int = 0
    mail_use_tls: bool = False
    mail_use_ssl: bool = False
    mail_username: str = ""
    mail_password: str = ""
    mail_default_sender: str = ""
    mail_reply_to: str = ""
    mail_ca_file: str = ""
    mail_code_in_subject: bool = True
    mail_otp_token_header: bool = False
    sms_url: str = ""
    sms_regions: frozenset[str] = frozenset()
    sender: str = "thread"
    notice_new_browsers: bool = True

    passwords: bool = False
    proofs: str = "one"
    proofs_of_admins: str = "two"

    gate_peers: tuple[str, ...] = ("127.0.0.0/8", "::1")
    gate_cookie_domain: str = ""
    gate_cache_seconds: int = 0
    gate_signed_header: bool = False

    code_digits: int = 6
    code_lifetime: timedelta = timedelta(minutes=10)
    code_tries: int = 5

    keep_events_days: int = 400

    limit_sends_per_identifier: int = 5
    limit_sends_per_identifier_per_day: int = 10
    limit_sends_per_ip: int = 20
    limit_sends_per_site: int = 100
    limit_failures_per_ip: int = 30
    limit_failures_per_user: int = 20
    limit_failures_per_known_browser: int = 10
    limit_failures_in_a_row: int = 100
    limit_failures_per_site: int = 300
    limit_ceremonies_per_ip: int = 600
    limit_sms_per_day: int = 50
    limit_sms_unanswered: int = 20

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets that open sealed keys and signed cookies, the newest first."""
        return (self.secret_key, *self.secret_key_fallbacks)

    @property
    def is_production(self) -> bool:
        """Whether real people sign in here: no inbox, no code in any answer."""
        return self.mode == "production"

    @property
    def is_classroom(self) -> bool:
        """Whether made-up people show how signing in works, and nobody real signs in."""
        return self.mode == "classroom"

    @property
    def inbox_channels(self) -> tuple[str, ...]:
        """The channels whose messages land in /inbox, since nothing else would carry them."""
        if self.is_production:
            return ()
        carried = {"email": self.mail_server, "sms": self.sms_url}
        return tuple(channel for channel, server in carried.items() if not server)

    @property
    def public(self) -> SplitResult:
        """The public URL in its parts: `.scheme`, `.netloc`, `.hostname`."""
        return urlsplit(self.public_url)

    @property
    def is_https(self) -> bool:
        """Whether people reach this server over TLS."""
        return self.public.scheme == "https"

    @property
    def offers_passkeys(self) -> bool:
        """Whether a passkey can be used: it belongs to a name, and browsers ask for TLS with it."""
        host = self.public.hostname or ""
        try:
            ip_address(host)
        except ValueError:
            return self.is_https or host == "localhost" or host.endswith(".localhost")
        return False

    @property
    def offers_sms(self) -> bool:
        """Whether a phone number can be used to sign in at all."""
        if self.sms_url:
            return bool(self.sms_regions)
        return not self.is_production

    @property
    def sender_with_name(self) -> str:
        """The address that mails come from, under the site's name unless it has one of its own."""
        name, address = parseaddr(self.mail_default_sender)
        return f'"{quote(name or self.site_name)}" <{address}>' if address else ""

    def allows_region(self, region: str) -> bool:
        """Say whether text messages may go to `region` (ISO 3166 alpha-2); none unless listed."""
        return region in self.sms_regions or not (self.sms_url or self.is_production)

    def flask(self) -> dict[str, object]:
        """Return the keys that Flask and its extensions read."""
        return {
            "SECRET_KEY": self.secret_key,
            "SECRET_KEY_FALLBACKS": list(self.secret_key_fallbacks),
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            # X32: else the trace of a failed statement quotes the addresses in it.
            "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
            "MAX_CONTENT_LENGTH": 16 * 1024,
            "MAX_FORM_MEMORY_SIZE": 16 * 1024,
            "MAX_FORM_PARTS": 50,
            "SESSION_COOKIE_NAME": "__Host-otpapp" if self.is_https else "otpapp",
            "SESSION_COOKIE_SECURE": self.is_https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_REFRESH_EACH_REQUEST": False,
            "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
            "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),
            "TEMPLATES_AUTO_RELOAD": not self.is_production,
            "WTF_CSRF_TIME_LIMIT": None,
            "MAIL_SERVER": self.mail_server,
            "MAIL_PORT": self.mail_port,
            "MAIL_USE_TLS": self.mail_use_tls,
            "MAIL_USE_SSL": self.mail_use_ssl,
            "MAIL_USERNAME": self.mail_username,
            "MAIL_PASSWORD": self.mail_password,
            "MAIL_DEFAULT_SENDER": self.sender_with_name,
            "MAIL_DEBUG": False,
        }


NAMES = {PREFIX + field.name.upper(): field for field in fields(Settings)}
