"""What the pages of a class accept."""

from flask_wtf import FlaskForm
from wtforms import StringField


class JoinForm(FlaskForm):
    """The code of the room, as it stands on the wall."""

    code = StringField()
