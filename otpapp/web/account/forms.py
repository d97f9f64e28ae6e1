"""What the pages about oneself accept."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

from otpapp.web.identifying import WithIdentifier


class AddForm(WithIdentifier):
    """An address to be added; `form_id` is new with each page: a form sent twice is one request."""

    form_id = HiddenField()


class CodeForm(FlaskForm):
    """The code that was sent to it, as typed."""

    code = StringField()
