"""What the pages of proofs accept."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField


class AnswerForm(FlaskForm):
    """The answer as typed or as a passkey gave it, and where a step up leads.

    `after` is the code that a token shows after `code`; `trust` says whether this browser shall be
    trusted from now on.
    """

    code = StringField()
    after = StringField()
    passkey = HiddenField()
    trust = StringField()
    next = HiddenField()
