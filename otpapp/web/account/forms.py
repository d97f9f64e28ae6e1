"""What the pages about oneself accept."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, ValidationError

from otpapp.rules import identifiers
from otpapp.rules.identifiers import Address, Fault
from otpapp.web import messages
from otpapp.web.current import settings


class AddForm(FlaskForm):
    """An address to be added; `form_id` is new with each page: a form sent twice is one request."""

    identifier = StringField()
    form_id = HiddenField()
    address: Address

    def validate_identifier(self, field: StringField) -> None:
        """Parse what was typed, or say what is wrong with it."""
        found = identifiers.parse(field.data or "", settings())
        if isinstance(found, Fault):
            raise ValidationError(messages.fault(found, settings()))
        self.address = found


class CodeForm(FlaskForm):
    """The code that was sent to it, as typed."""

    code = StringField()
