"""Who may open the pages of admins, and what it takes to change something there."""

from functools import wraps
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from otpapp.web import unsent
from otpapp.web.guards import View, to_fresh_proof


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
    """Open a view to admins with a fresh proof; any other is led to prove once more, and back.

    What was typed into a form meanwhile comes back too.
    """

    @wraps(view)
    def guarded(**values: Any) -> ResponseReturnValue:
        away = to_fresh_proof(request.full_path.rstrip("?"))
        if away:
            return unsent.page(unsent.NO_PROOF) or away
        result: ResponseReturnValue = view(**values)
        return result

    return unsent.keeps_typed(for_admins(guarded))  # type: ignore[return-value]
