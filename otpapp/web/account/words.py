"""What the account pages say of what was just done, and how they call a session."""

from otpapp.models import UserSession
from otpapp.web.visitor import UNKNOWN

NOTES = {
    "leaves": "It is noted. All of it is deleted in seven days, unless you keep it.",
    "stays": "Nothing is deleted.",
    "address_added": "It is yours: from now on you can sign in with it.",
    "address_removed": "It is removed. For 72 hours the link that we sent there brings it back.",
    "address_first": "It stands first. What you open here knows you by it.",
    "address_unproved": "Nobody has shown yet that it is yours. Sign in with it, or add it anew.",
    "session_ended": "That session is over: nobody goes on there without signing in again.",
    "session_over": "That session had ended already.",
    "session_is_this": "That is the session of this browser. Sign out to end it.",
    "ended_elsewhere": "You are signed out everywhere else.",
    "forgotten": "Forgotten. Nobody was signed out by it.",
    "forgotten_before": "That was forgotten already.",
    "distrusted": "The next sign-in there asks for a second proof again.",
}


def name_of(session: UserSession) -> str:
    """Return what a session is called: by its browser, or as that of a program."""
    if session.door != "api":
        return session.browser
    return "a program" if session.browser == UNKNOWN else f"a program, {session.browser}"
