"""What the sign-in pages accept; forms parse and never look anything up."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

from otpapp.web.identifying import WithIdentifier

STAY = "keep"
ONCE = "once"


class IdentifierForm(WithIdentifier):
    """Who wants to sign in, and for how long.

    `form_id` is new with each page: the same form sent twice is one request for a code. `passkey`
    is what a passkey signed: whoever has one types nothing.
    """

    stay = StringField(default=ONCE)
    next = HiddenField()
    form_id = HiddenField()
    passkey = HiddenField()


class PasswordForm(FlaskForm):
    """The password as typed, and which of this browser's challenges it goes with."""

    password = StringField()
    ref = HiddenField()


class CodeForm(FlaskForm):
    """The code as typed, and which of this browser's challenges it answers or asks for again."""

    code = StringField()
    ref = HiddenField()
