"""The field that takes an email address or a phone number, wherever a page has one."""

from flask_wtf import FlaskForm
from wtforms import StringField, ValidationError

from otpapp.rules import identifiers
from otpapp.rules.identifiers import Address, Fault
from otpapp.web import messages
from otpapp.web.current import settings


class WithIdentifier(FlaskForm):
    """A form with that field; once it is valid, `address` is what was typed."""

    identifier = StringField()
    address: Address

    def validate_identifier(self, field: StringField) -> None:
        """Parse what was typed, or say what is wrong with it."""
        found = identifiers.parse(field.data or "", settings())
        if isinstance(found, Fault):
            raise ValidationError(messages.fault(found, settings()))
        self.address = found
