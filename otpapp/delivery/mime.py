"""A mail as it travels."""

from datetime import datetime
from email import policy

import flask_mail

from otpapp.delivery.parcels import Mail

ON_THE_WIRE = policy.compat32.clone(linesep="\r\n", max_line_length=None)


class Letter(flask_mail.Message):
    """A mail of Flask-Mail that is quickly written out."""

    def as_bytes(self) -> bytes:
        """Return it as it travels; Flask-Mail's own policy parses each header anew, at its cost."""
        source: bytes = self._message().as_bytes(policy=ON_THE_WIRE)
        return source


def written(parcel: Mail) -> Letter:
    """Return the mail with its headers and both parts; it is dated when it is sent."""
    ascii_only = (parcel.text + parcel.html).isascii()
    letter = Letter(
        subject=parcel.subject,
        recipients=[parcel.to],
        body=parcel.text,
        html=parcel.html,
        # Plain ASCII goes as plain text, so that people and filters can read the source.
        charset="us-ascii" if ascii_only else "utf-8",
        extra_headers=parcel.headers,
    )
    letter.msgId = parcel.message_id
    return letter


def as_bytes(parcel: Mail, at: datetime) -> bytes:
    """Return the mail as it travels, headers and both parts, dated `at`."""
    letter = written(parcel)
    letter.date = at.timestamp()
    return letter.as_bytes()
