"""What the sign-in pages accept; forms parse and never look anything up."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, ValidationError

from otpapp.rules import identifiers
from otpapp.rules.identifiers import Address, Fault
from otpapp.web import messages
from otpapp.web.current import settings

STAY = "keep"
ONCE = "once"


class IdentifierForm(FlaskForm):
    """Who wants to sign in, and for how long.

    `form_id` is new with each page: the same form sent twice is one request for a code. `passkey`
    is what a passkey signed: whoever has one types nothing.
    """

    identifier = StringField()
    stay = StringField(default=ONCE)
    next = HiddenField()
    form_id = HiddenField()
    passkey = HiddenField()
    address: Address

    def validate_identifier(self, field: StringField) -> None:
        """Parse what was typed, or say what is wrong with it."""
        found = identifiers.parse(field.data or "", settings())
        if isinstance(found, Fault):
            raise ValidationError(messages.fault(found, settings()))
        self.address = found


class PasswordForm(FlaskForm):
    """The password as typed, and which of this browser's challenges it goes with."""

    password = StringField()
    ref = HiddenField()


class CodeForm(FlaskForm):
    """The code as typed, and which of this browser's challenges it answers or asks for again."""

    code = StringField()
    ref = HiddenField()
