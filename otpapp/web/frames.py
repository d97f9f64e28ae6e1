"""The HTML part of a mail, for the frame of a page that shows it."""

from flask import Response, make_response

from otpapp.delivery.parcels import Mail

MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


def html_of(mail: Mail) -> Response:
    """Return the HTML of a mail with its own style, and without any power: it runs no script."""
    answer = make_response(mail.html)
    answer.headers["Content-Security-Policy"] = MAIL_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer
