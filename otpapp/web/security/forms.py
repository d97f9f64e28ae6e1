"""What the pages of factors accept."""

import unicodedata

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, ValidationError

from otpapp.rules.factors.credentials import NAME_LENGTH


def one_line(_: FlaskForm, field: StringField) -> None:
    """Refuse a name that no list could show in one line (X36, X40)."""
    field.data = " ".join((field.data or "").split())
    if any(unicodedata.category(letter)[0] == "C" for letter in field.data):
        raise ValidationError("Use letters, digits and signs only")
    if len(field.data) > NAME_LENGTH:
        raise ValidationError(f"Use a shorter name, of {NAME_LENGTH} letters at most")


class AppForm(FlaskForm):
    """The code that a new authenticator app shows, and the key that it was offered."""

    name = StringField(validators=[one_line])
    code = StringField()
    key = HiddenField()
    next = HiddenField()


class TokenForm(FlaskForm):
    """Two codes in a row of a token, and its key: typed, or the one that it was offered."""

    name = StringField(validators=[one_line])
    typed = StringField()
    code = StringField()
    after = StringField()
    key = HiddenField()
    next = HiddenField()


class PasskeyForm(FlaskForm):
    """The passkey that a browser made, and how its owner calls it."""

    name = StringField(validators=[one_line])
    passkey = HiddenField()
    next = HiddenField()


class PasswordForm(FlaskForm):
    """A new password, as typed."""

    password = StringField()
    next = HiddenField()


class PlainForm(FlaskForm):
    """A button, and where it leads."""

    next = HiddenField()
