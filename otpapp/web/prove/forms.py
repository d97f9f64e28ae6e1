"""What the pages of proofs accept."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField


class AnswerForm(FlaskForm):
    """The answer as typed, whether this browser shall be trusted, and where a step up leads.

    `after` is the code that a token shows after `code`.
    """

    code = StringField()
    after = StringField()
    trust = StringField()
    next = HiddenField()
