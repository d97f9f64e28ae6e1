"""Handing text messages over through Apprise, which speaks to some thirty gateways."""

import logging
from urllib.parse import quote

import apprise

from otpapp.delivery.parcels import Mail, NotSent, TextMessage
from otpapp.settings import Settings

# X32: at DEBUG these write the whole message, or the address it went to, into the log.
for _name in ("apprise", "urllib3"):
    logging.getLogger(_name).setLevel(logging.INFO)


class SmsTransport:
    """Hands each text message to the gateway that `OTPAPP_SMS_URL` names."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.sms_url

    def send(self, parcel: Mail | TextMessage) -> None:
        """Hand one text message over, or raise NotSent.

        One receiver a call, so there is no partial success to misread (X51).
        """
        assert isinstance(parcel, TextMessage)  # noqa: S101
        gateway = apprise.Apprise()
        if not gateway.add(self._url.replace("{to}", quote(parcel.to, safe="+"))):
            raise NotSent("OTPAPP_SMS_URL is not an address that Apprise understands.")
        if not gateway.notify(body=parcel.body, body_format=apprise.NotifyFormat.TEXT):
            raise NotSent("The SMS gateway did not take the message.")

    def probe(self) -> None:
        """Do nothing: a gateway cannot be asked without sending something."""

    def close(self) -> None:
        """Nothing is kept open."""
