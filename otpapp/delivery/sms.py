"""Handing text messages over through Apprise, which speaks to some thirty gateways."""

import logging
from urllib.parse import quote, urlsplit

import apprise

from otpapp.delivery.parcels import Mail, NotSent, TextMessage
from otpapp.settings import Settings

# X32: at DEBUG these write the whole message, or the address it went to, into the log.
for _name in ("apprise", "urllib3"):
    logging.getLogger(_name).setLevel(logging.INFO)

EXAMPLE = "+12025550143"  # of the numbers kept for fiction
SELF_HOSTED = ("json", "xml", "form")  # where the URL itself names the host


def patient(url: str) -> str:
    """Return the Apprise URL with 20 seconds for an answer, unless it names its own (rto)."""
    return url if "rto=" in url else f"{url}{'&' if '?' in url else '?'}rto=20"


def place(url: str) -> tuple[str, int, bool] | None:
    """Return host, port and whether TLS is spoken of the gateway that an Apprise URL means.

    None where only Apprise's own code knows it.
    """
    gateway = apprise.Apprise.instantiate(url.replace("{to}", EXAMPLE))
    known = str(getattr(gateway, "notify_url", "") or "")
    if known.startswith("http"):
        split = urlsplit(known)
        return _place(split.hostname or "", split.port, split.scheme == "https")
    if gateway and urlsplit(url).scheme.removesuffix("s") in SELF_HOSTED:
        return _place(gateway.host, gateway.port, bool(gateway.secure))
    return None


def _place(host: str, port: int | None, is_secure: bool) -> tuple[str, int, bool]:
    return host, port or (443 if is_secure else 80), is_secure


class SmsTransport:
    """Hands each text message to the gateway that `OTPAPP_SMS_URL` names."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.sms_url

    def send(self, parcel: Mail | TextMessage, seconds: float) -> None:
        """Hand one text message over, or raise NotSent; Apprise waits 4 and 20 seconds at most.

        One receiver a call, so there is no partial success to misread (X51).
        """
        assert isinstance(parcel, TextMessage)  # noqa: S101
        gateway = apprise.Apprise()
        if not gateway.add(patient(self._url.replace("{to}", quote(parcel.to, safe="+")))):
            raise NotSent("OTPAPP_SMS_URL is not an address that Apprise understands.")
        if not gateway.notify(body=parcel.body, body_format=apprise.NotifyFormat.TEXT):
            reason = NotSent("The SMS gateway did not take the message, or did not say so.")
            # Apprise does not tell which, and a message that is sent twice is paid twice.
            reason.may_have_arrived = True
            raise reason

    def probe(self, parcel: Mail | TextMessage, seconds: float) -> None:
        """Do nothing: a gateway cannot be asked without sending something."""

    def close(self) -> None:
        """Nothing is kept open."""
