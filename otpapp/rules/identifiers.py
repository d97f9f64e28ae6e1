"""Which text is an email address or a phone number, and its one canonical form."""

import re
from dataclasses import dataclass
from enum import StrEnum

import email_validator
import phonenumbers
from phonenumbers import PhoneNumberType

from otpapp.settings import Settings

LONGEST = 254  # RFC 5321 section 4.5.3.1.3 allows a path of 256 with its angle brackets
# Names that exist only inside a house or a test are still where that house gets its mail.
for _name in ("local", "test", "example", "home.arpa"):
    if _name in email_validator.SPECIAL_USE_DOMAIN_NAMES:
        email_validator.SPECIAL_USE_DOMAIN_NAMES.remove(_name)
# What phones and address books put around numbers without showing it.
_INVISIBLE = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2069"))
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u2007\u202f\u3000"), " ") | {0x2011: "-", 0x2013: "-"}
_PHONE = re.compile(r"\+?[0-9 ()./-]{4,29}")
# Who can be in a classroom, whose keys are shown: nobody real. The name is reserved (RFC 6761
# section 6.5), and the numbers are kept for fiction (NANPA: 555-01XX; PTS in Sweden: 070-1740605).
CLASS_DOMAIN = "class.example"
_MADE_UP = re.compile(rf"[^@]+@{re.escape(CLASS_DOMAIN)}|\+1\d{{3}}55501\d\d|\+467017406\d\d")
_TEXTABLE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


class Fault(StrEnum):
    """Why a text names nobody we could send a code to."""

    EMPTY = "empty"
    NEITHER = "neither"
    EMAIL = "email"
    LETTERS = "letters"
    PHONE = "phone"
    COUNTRY = "country"
    LANDLINE = "landline"
    REGION = "region"
    NO_SMS = "no_sms"
    REAL = "real"


@dataclass(frozen=True)
class Address:
    """A well-formed identifier as typed: not yet known to belong to anybody.

    `key` is the spelling that all spellings of one mailbox or number share; `text` is what we
    show and would write to; `limit_key` also folds `+tag`s, so that tags multiply no limit (X18).
    """

    channel: str
    key: str
    text: str

    @property
    def limit_key(self) -> str:
        """The key that limits count."""
        return fold_tag(self.key)

    @property
    def domain(self) -> str:
        """The part after the @, or nothing for a phone number."""
        return self.key.partition("@")[2]


def fold_tag(key: str) -> str:
    """Return `key` without the `+tag` of its local part; a phone number stays as it is."""
    local, at, domain = key.partition("@")
    return local.partition("+")[0] + at + domain if at else key


def parse(typed: str, settings: Settings) -> Address | Fault:
    """Return the Address that `typed` spells, or the Fault to tell the person."""
    found = _parse(typed, settings)
    if settings.is_classroom and isinstance(found, Address) and not is_made_up(found.key):
        return Fault.REAL
    return found


def is_made_up(key: str) -> bool:
    """Say whether an identifier can be nobody's: such as a classroom has."""
    return _MADE_UP.fullmatch(key) is not None


def _parse(typed: str, settings: Settings) -> Address | Fault:
    text = typed.translate(_INVISIBLE).translate(_BLANKS).strip()
    if not text:
        return Fault.EMPTY
    if len(text) > LONGEST or not text.isprintable():
        return Fault.NEITHER
    if "@" in text:
        return _email(text)
    if any(letter.isalpha() for letter in text):
        return Fault.EMAIL if "." in text else Fault.NEITHER
    return _phone(text, settings)


def _email(text: str) -> Address | Fault:
    try:
        # No look-up of the domain: it would take seconds and tell strangers what we ask for.
        found = email_validator.validate_email(
            text, check_deliverability=False, allow_smtputf8=False, globally_deliverable=False
        )
    except email_validator.EmailNotValidError:
        return Fault.EMAIL if text.partition("@")[0].isascii() else Fault.LETTERS
    domain = (found.ascii_domain or "").lower()
    if "." not in domain or domain.rpartition(".")[2].isdigit():
        return Fault.EMAIL
    # X17: the local part is ASCII, so lower() maps no two different letters onto one.
    return Address("email", f"{found.local_part.lower()}@{domain}", f"{found.local_part}@{domain}")


def _phone(text: str, settings: Settings) -> Address | Fault:
    if not settings.offers_sms:
        return Fault.NO_SMS
    if not _PHONE.fullmatch(text):
        return Fault.PHONE
    if not text.startswith("+") and not settings.phone_region:
        return Fault.COUNTRY
    try:
        number = phonenumbers.parse(text, settings.phone_region or None)
    except phonenumbers.NumberParseException:
        return Fault.PHONE
    if not phonenumbers.is_valid_number(number):
        return Fault.PHONE
    # X20: premium and satellite numbers are "valid" too; regions, not dial codes, tell +1 apart.
    if phonenumbers.number_type(number) not in _TEXTABLE:
        return Fault.LANDLINE
    if not settings.allows_region(phonenumbers.region_code_for_number(number) or ""):
        return Fault.REGION
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return Address("sms", e164, shown)
