"""Who may open the pages of admins, and what it takes to change something there."""

from functools import wraps
from typing import Any

from flask import abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from otpapp.web.guards import View, with_fresh_proof


def for_admins(view: View) -> View:
    """Open a view to admins.

    How many proofs they have shown is asked on each request, for every page.
    """

    @wraps(view)
    def guarded(**values: Any) -> ResponseReturnValue:
        if current_user.signed_in.role != "admin":
            abort(403, "This page is for the admins of this site.")
        result: ResponseReturnValue = view(**values)
        return result

    return guarded  # type: ignore[return-value]


def changes_site(view: View) -> View:
    """Open a view to admins with a fresh proof."""
    return for_admins(with_fresh_proof(view))
