"""What happened to me, a page at a time."""

from itertools import groupby

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from otpapp.rules.account import activity
from otpapp.web import trail
from otpapp.web.account import pages
from otpapp.web.looks import date

blueprint = Blueprint("account_activity", __name__, url_prefix="/account/activity")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """Show what happened to whoever is here, by day, the newest first."""
    before = request.args.get("before", activity.NEWEST, int)
    before = min(max(before, 0), activity.NEWEST)
    found = activity.page(current_user.signed_in.user_id, before)
    told = [(story.last, trail.tell(story)) for story in found.stories]
    days = groupby(told, lambda one: date(one[0].at))
    return pages.page(
        "account/activity.html",
        days=[(day, list(lines)) for day, lines in days],
        older=found.older,
        is_first=before == activity.NEWEST,
    )
