"""Taking away all that is stored about me."""

import json

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm

from otpapp.rules.account import export
from otpapp.transaction import transaction
from otpapp.web.account import pages
from otpapp.web.current import now
from otpapp.web.guards import changes_factors
from otpapp.web.visitor import current_visitor

blueprint = Blueprint("account_export", __name__, url_prefix="/account/export")


@blueprint.get("")
def ask() -> ResponseReturnValue:
    """Say what the file has."""
    return pages.page("account/export.html", form=FlaskForm(formdata=None), most=export.MOST)


@blueprint.post("")
@changes_factors
def save() -> ResponseReturnValue:
    """Answer the file.

    X52: for a fresh proof only, since it is all at once that a stolen session would have to look
    for page by page.
    """
    with transaction():
        found = export.take(current_user.signed_in.user_id, current_visitor(), now())
    text = json.dumps(found, ensure_ascii=False, indent=2)
    answer = Response(f"{text}\n", content_type="application/json; charset=utf-8")
    name = f"all-about-me-{now():%Y-%m-%d}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
